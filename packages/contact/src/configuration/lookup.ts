import { ConfigurationLookupError } from '../errors.ts'
import type { Configuration, Dn, OptionSet } from './configuration.ts'

/**
 * Value of a key of a list item, or the whole item as a fresh object when `key` is absent or `''`. A missing key is `''`.
 *
 * Errors: `SEG-CONFIG-010`, `SEG-CONFIG-011` as `ConfigurationLookupError`.
 * Spec: session-and-web, Decisions.
 */
export function listItemValue(
  configuration: Configuration,
  list: string,
  item: string,
  key?: string,
): string | Record<string, string> {
  const object = configuration.lists.find((candidate) => candidate.name === list)
  if (object === undefined) throw new ConfigurationLookupError('SEG-CONFIG-010', { list })
  const values = Object.hasOwn(object.items, item) ? object.items[item] : undefined
  if (values === undefined) throw new ConfigurationLookupError('SEG-CONFIG-011', { list, item })
  if (key === undefined || key === '') return { ...values }
  return Object.hasOwn(values, key) ? (values[key] ?? '') : ''
}

/** Whose options are asked, from the most special object to the most general. */
export interface OptionSubject {
  /** Application (strategy) of the session. */
  readonly application?: string
  readonly routingPoint?: string
  readonly switchName?: string
  readonly tenant?: string
}

const levels = ['strategy', 'routepoint', 'switch', 'tenant', 'router'] as const satisfies readonly OptionSet['level'][]

/**
 * Option `name` found by walking up from the level that `lookupSequence` names (-1 strategy … 3 router); `''` when no
 * level has it.
 *
 * Spec: session-and-web §3.3.
 */
export function configOption(
  configuration: Configuration,
  subject: OptionSubject,
  name: string,
  lookupSequence = -1,
): string {
  const owner: Record<OptionSet['level'], string | undefined> = {
    strategy: subject.application,
    routepoint: subject.routingPoint,
    switch: subject.switchName,
    tenant: subject.tenant ?? configuration.tenants[0]?.name,
    router: '',
  }
  const start = Number.isInteger(lookupSequence) ? Math.min(Math.max(lookupSequence + 1, 0), levels.length - 1) : 0
  for (const level of levels.slice(start)) {
    const set = configuration.options.find(
      (candidate) => candidate.level === level && (level === 'router' || candidate.object === owner[level]),
    )
    if (set !== undefined && Object.hasOwn(set.values, name)) return set.values[name] ?? ''
  }
  return ''
}

/** The DN with this number, on `switchName` when that is given. Cost: O(1) after the first call for a version. */
export function findDn(configuration: Configuration, number: string, switchName?: string): Dn | undefined {
  let index = dnIndexes.get(configuration)
  if (index === undefined) {
    index = new Map()
    for (const dn of configuration.dns) {
      const same = index.get(dn.number)
      if (same === undefined) index.set(dn.number, [dn])
      else same.push(dn)
    }
    dnIndexes.set(configuration, index)
  }
  const same = index.get(number)
  return switchName === undefined || switchName === '' ? same?.[0] : same?.find((dn) => dn.switch === switchName)
}

/** Versions are immutable: an index lives as long as its version. */
const dnIndexes = new WeakMap<Configuration, Map<string, Dn[]>>()

/** Name and id of the tenant that objects belong to: the first one. */
export function defaultTenant(configuration: Configuration): { readonly name: string; readonly id: number } {
  return configuration.tenants[0] ?? { name: 'Environment', id: 1 }
}
