import { types } from 'node:util'

/** Limits of what is shown of a session's data. */
const maxDepth = 24
const maxMembers = 20_000

/**
 * JSON text of data for people. What JSON cannot hold is shown as text in square brackets: cycles as `[circular]`,
 * `undefined`, functions, accessors. Runs nothing of the application: accessors and `toJSON` are not called.
 */
export function textForPeople(value: unknown): string {
  const room = { members: maxMembers }
  return JSON.stringify(shown(value, [], room)) ?? 'null'
}

function shown(value: unknown, above: readonly unknown[], room: { members: number }): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : `[${Object.is(value, -0) ? '-0' : String(value)}]`
    case 'undefined':
      return '[undefined]'
    case 'bigint':
      return `[bigint ${String(value)}]`
    case 'symbol':
      return `[${String(value)}]`
    case 'function':
      return '[function]'
    case 'object':
      return value === null ? null : shownObject(value, above, room)
  }
}

function shownObject(value: object, above: readonly unknown[], room: { members: number }): unknown {
  if (above.includes(value)) return '[circular]'
  if (above.length >= maxDepth) return '[deeper]'
  if (types.isDate(value)) return `[date ${dateText(value)}]`
  if (types.isRegExp(value)) return '[regexp]'
  if (types.isMap(value) || types.isSet(value)) return types.isMap(value) ? '[map]' : '[set]'
  const inner = [...above, value]
  const isArray = Array.isArray(value)
  const list: unknown[] = []
  // A null prototype: members may be called "__proto__".
  const members: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const key of Object.keys(value)) {
    room.members -= 1
    if (room.members < 0) {
      if (isArray) list.push('[more]')
      else members['[more]'] = true
      break
    }
    const descriptor = Object.getOwnPropertyDescriptor(value, key)
    const text = descriptor !== undefined && 'value' in descriptor ? shown(descriptor.value, inner, room) : '[accessor]'
    if (isArray && /^\d+$/.test(key)) list.push(text)
    else members[key] = text
  }
  return isArray ? list : members
}

function dateText(value: object): string {
  const time: unknown = Reflect.apply(Date.prototype.getTime, value, [])
  return typeof time === 'number' && Number.isFinite(time) ? new Date(time).toISOString() : 'invalid'
}
