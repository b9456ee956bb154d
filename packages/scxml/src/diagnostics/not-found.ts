import type { Resolved } from '../source/resolve.ts'
import type { Diagnostic } from './diagnostic.ts'

/** The finding with the resource that cannot be had; a resolver that gives no cause has not found it. */
export function notFound(finding: Diagnostic, { url, cause }: Extract<Resolved, { found: false }>): Diagnostic {
  return { ...finding, missing: { url, cause: cause ?? 'notfound' } }
}
