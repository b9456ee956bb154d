import type { Configuration } from './configuration.ts'

/** One line of a difference between two configurations. */
export interface ConfigurationDifference {
  readonly change: 'added' | 'removed' | 'changed'
  /** Section of the configuration, for example `agents`. */
  readonly section: string
  readonly name: string
  /** For people: `agent "A1": dn "7001" → "7002"`. */
  readonly text: string
}

const naming: Readonly<Record<string, readonly string[]>> = {
  dns: ['number', 'switch'],
  agents: ['id'],
  options: ['level', 'object'],
}

/**
 * What changes from configuration `a` to `b`, readable. The version does not count.
 *
 * Order: by section, then removed, then added and changed in the order of `b`.
 */
export function diffConfigurations(a: Configuration, b: Configuration): readonly ConfigurationDifference[] {
  const differences: ConfigurationDifference[] = []
  for (const section of Object.keys(b)) {
    if (section === 'version') continue
    const before = byName(section, Reflect.get(a, section))
    const after = byName(section, Reflect.get(b, section))
    for (const name of before.keys()) {
      if (!after.has(name)) {
        differences.push({ change: 'removed', section, name, text: `${section}: "${name}" removed` })
      }
    }
    for (const [name, item] of after) {
      const earlier = before.get(name)
      if (earlier === undefined) {
        differences.push({ change: 'added', section, name, text: `${section}: "${name}" added` })
        continue
      }
      const members = changedMembers(earlier, item)
      if (members.length > 0) {
        const text = `${section}: "${name}" changed: ${members.join(', ')}`
        differences.push({ change: 'changed', section, name, text })
      }
    }
  }
  return differences
}

function byName(section: string, items: unknown): Map<string, unknown> {
  const named = new Map<string, unknown>()
  if (!Array.isArray(items)) return named
  for (const item of items) {
    const parts = (naming[section] ?? ['name']).map((member) => String(memberOf(item, member)))
    named.set(typeof item === 'string' ? item : parts.join('@'), item)
  }
  return named
}

function changedMembers(before: unknown, after: unknown): string[] {
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) return []
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => {
    const from = JSON.stringify(memberOf(before, name))
    const to = JSON.stringify(memberOf(after, name))
    return from === to ? [] : [`${name} ${shown(from)} → ${shown(to)}`]
  })
}

function memberOf(item: unknown, name: string): unknown {
  return typeof item === 'object' && item !== null ? Reflect.get(item, name) : undefined
}

function shown(value: string | undefined): string {
  if (value === undefined) return '(none)'
  return value.length > 80 ? `${value.slice(0, 77)}…` : value
}
