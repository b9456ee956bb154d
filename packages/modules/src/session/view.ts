import type { ModuleContext } from '@segue/runtime'
import type { SessionSlice } from './slice.ts'

/** What scripts read behind `_genesys.session`; `url` is absent when the node has no HTTP port. Spec: session-and-web §3.1, §3.2. */
export function sessionView(slice: SessionSlice, { server }: ModuleContext): unknown {
  const { name, cluster, url } = server
  return {
    tenant: slice.tenant,
    tenantid: slice.tenantId,
    server: { name, cluster, ...(url === undefined ? {} : { url }) },
  }
}
