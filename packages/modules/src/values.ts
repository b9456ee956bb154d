import type { UserData, UserDataValue } from '@segue/contact'

/** Nesting up to which objects of a document become user data; deeper parts are left out. */
export const maxDepth = 16

/** Whether a value is an object with members: no array, no `null`. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A number, also written as text (`'60'`); `undefined` for everything else, not-a-number and infinity included. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const parsed = Number(value)
  return Number.isFinite(parsed) ? parsed : undefined
}

/** A boolean, also written as text in any letter case or as 1 and 0; `undefined` for everything else. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = String(typeof value === 'string' || typeof value === 'number' ? value : '')
    .trim()
    .toLowerCase()
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  return undefined
}

/**
 * An object of a document as user data: strings and numbers stay, booleans become text, arrays become lists keyed by
 * position, what has no value is left out.
 */
export function userDataOf(value: unknown, depth = 0): UserData {
  if (typeof value !== 'object' || value === null || depth >= maxDepth) return {}
  const pairs: [string, UserDataValue][] = []
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === 'string') pairs.push([key, member])
    else if (typeof member === 'number' && Number.isFinite(member)) pairs.push([key, member])
    else if (typeof member === 'boolean') pairs.push([key, String(member)])
    else if (typeof member === 'object' && member !== null) pairs.push([key, userDataOf(member, depth + 1)])
  }
  // A member named "__proto__" stays an ordinary member here.
  return Object.fromEntries(pairs)
}

/** JSON text of a value; `undefined` when it has none (functions, nesting beyond what can be written). */
export function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/** A value for people: text in quotes, objects as JSON, cut at 80 characters. */
export function shown(value: unknown): string {
  if (value === undefined) return 'undefined'
  const text = jsonOf(value) ?? typeof value
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

/** An address, relative to `base` where it is; `undefined` when it is none. */
export function parseUrl(text: string, base: string): URL | undefined {
  if (text !== '' && URL.canParse(text, base)) return new URL(text, base)
  return URL.canParse(text) ? new URL(text) : undefined
}
