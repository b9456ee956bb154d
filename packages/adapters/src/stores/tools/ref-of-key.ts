import type { EntityRef } from '@segue/runtime'

/** Reads `<kind>/<id>`; `undefined` when the kind is none. */
export function refOfKey(key: string): EntityRef | undefined {
  const [, kind, id] = /^(session|interaction|domain)\/(.*)$/s.exec(key) ?? []
  if (id === undefined || (kind !== 'session' && kind !== 'interaction' && kind !== 'domain')) return undefined
  return { kind, id }
}
