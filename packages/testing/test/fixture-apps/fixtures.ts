import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sharedFolder } from '@segue/testing'

const shared = sharedFolder()

/** Folder of the fixture applications; tests are skipped where it is not there (see CONTRIBUTING.md). */
export const fixtureApps = shared === undefined ? undefined : join(shared, 'fixtures', 'apps')

/** Address under which a page is started, and which its own logs name. */
export function addressOf(...path: readonly string[]): string {
  return pathToFileURL(join(fixtureApps ?? '', ...path)).href
}

/** The configuration that every fixture needs: one switch, the standard routing point, given applications. */
export function centreWith(
  applications: readonly Readonly<Record<string, unknown>>[],
  more: Readonly<Record<string, unknown>> = {},
): { readonly folder: string; readonly objects: Readonly<Record<string, unknown>> } {
  const { dns = [], ...rest } = more
  return {
    folder: fixtureApps ?? '.',
    objects: {
      switches: [{ name: 'SIP_East', kind: 'simulated' }],
      applications,
      dns: [
        { number: '4201', switch: 'SIP_East', type: 'routepoint', application: applications[0]?.['name'] },
        ...(dns as readonly Readonly<Record<string, unknown>>[]),
      ],
      ...rest,
    },
  }
}

/** The standard voice call of the fixtures. */
export const STANDARD_CALL = {
  from: '0811112222',
  to: '4201',
  callId: 'IXN1IXN1IXN1IXN1IXN1IXN1IXN1IXN1',
  connId: '00710299A0001',
} as const
