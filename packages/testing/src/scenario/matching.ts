/** What is not as it should be, with the way to it. */
export interface Mismatch {
  /** `''` for the value itself. */
  readonly path: string
  readonly expected: unknown
  readonly seen: unknown
}

/**
 * Compares a value with what a scenario expects of it; `undefined`: it is so.
 *
 * Objects need not be complete, lists do. A text `/…/` is a pattern. An object with one of these keys alone says more:
 * `any`, `none`, `not`, `contains`, `matches`, `exactly`, `at least`, `at most`, `one of`, `includes`.
 */
export function mismatch(expected: unknown, seen: unknown, path = ''): Mismatch | undefined {
  const special = specialOf(expected)
  if (special !== undefined) return special(seen) ? undefined : { path, expected, seen }
  if (typeof expected === 'string') return fitsText(expected, seen) ? undefined : { path, expected, seen }
  if (Array.isArray(expected)) return listMismatch(expected as readonly unknown[], seen, path)
  if (isRecord(expected)) {
    if (!isRecord(seen)) return { path, expected, seen }
    for (const [key, value] of Object.entries(expected)) {
      const found = mismatch(value, memberOf(seen, key), path === '' ? key : `${path}.${key}`)
      if (found !== undefined) return found
    }
    return undefined
  }
  return Object.is(expected, seen) || (expected === null && seen === undefined) ? undefined : { path, expected, seen }
}

/** Whether a text is as expected: the same, or fits a `/pattern/`. */
export function fitsText(expected: string, seen: unknown): boolean {
  const pattern = patternOf(expected)
  if (pattern === undefined) return expected === seen
  return pattern.test(typeof seen === 'string' ? seen : textOf(seen))
}

/** Whether a text contains what is expected, or fits a `/pattern/`. */
export function hasText(expected: string, seen: string): boolean {
  return patternOf(expected)?.test(seen) ?? seen.includes(expected)
}

/** Whether a name fits, with `*` for any text. */
export function fitsName(expected: string, seen: string): boolean {
  const parts = expected.split('*')
  if (parts.length === 1) return expected === seen
  let at = 0
  return parts.every((part, index) => {
    if (index === 0) {
      at = part.length
      return seen.startsWith(part)
    }
    if (index === parts.length - 1) return seen.length - part.length >= at && seen.endsWith(part)
    const found = seen.indexOf(part, at)
    at = found + part.length
    return found >= 0
  })
}

/** A value for people, on one line. */
export function textOf(value: unknown): string {
  if (value === undefined) return '(nothing)'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}

const MAX_SHOWN = 600

/** The member of that name, or at the end of a path such as `order.total`. */
function memberOf(value: object, key: string): unknown {
  if (Object.hasOwn(value, key)) return Reflect.get(value, key)
  if (!key.includes('.')) return undefined
  return key.split('.').reduce<unknown>((at, part) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? Reflect.get(at, part) : undefined
  }, value)
}

function listMismatch(expected: readonly unknown[], seen: unknown, path: string): Mismatch | undefined {
  if (!Array.isArray(seen) || seen.length !== expected.length) return { path, expected, seen }
  const list: readonly unknown[] = seen
  for (const [index, value] of expected.entries()) {
    const found = mismatch(value, list[index], `${path}[${index + 1}]`)
    if (found !== undefined) return found
  }
  return undefined
}

type Test = (seen: unknown) => boolean

function specialOf(expected: unknown): Test | undefined {
  if (!isRecord(expected)) return undefined
  const [entry, ...others] = Object.entries(expected)
  if (entry === undefined || others.length > 0) return undefined
  const [key, value] = entry
  const make = Object.hasOwn(SPECIALS, key) ? SPECIALS[key] : undefined
  return make?.(value)
}

const SPECIALS: Readonly<Record<string, (value: unknown) => Test | undefined>> = {
  any: (value) => (value === true ? (seen) => seen !== undefined : undefined),
  none: (value) => (value === true ? (seen) => seen === undefined || seen === null : undefined),
  not: (value) => (seen) => mismatch(value, seen) !== undefined,
  contains: (value) =>
    typeof value === 'string' ? (seen) => typeof seen === 'string' && seen.includes(value) : undefined,
  matches: (value) =>
    typeof value === 'string' ? (seen) => (patternOf(`/${value}/`) ?? NEVER).test(textForPattern(seen)) : undefined,
  exactly: (value) => (seen) => isSame(value, seen),
  'at least': (value) => (typeof value === 'number' ? (seen) => Number(seen) >= value : undefined),
  'at most': (value) => (typeof value === 'number' ? (seen) => Number(seen) <= value : undefined),
  'one of': (value) =>
    Array.isArray(value)
      ? (seen) => (value as readonly unknown[]).some((one) => mismatch(one, seen) === undefined)
      : undefined,
  includes: (value) => (seen) =>
    Array.isArray(seen) && (seen as readonly unknown[]).some((one) => mismatch(value, one) === undefined),
}

const NEVER = /(?!)/

function textForPattern(seen: unknown): string {
  return typeof seen === 'string' ? seen : textOf(seen)
}

function patternOf(text: string): RegExp | undefined {
  const parts = /^\/(.+)\/([imsu]*)$/s.exec(text)
  if (parts === null) return undefined
  try {
    return new RegExp(parts[1] ?? '', parts[2])
  } catch {
    return undefined
  }
}

/** Equal through and through; the order of keys does not count. */
function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) {
    const list: readonly unknown[] = one
    return (
      Array.isArray(other) && other.length === list.length && list.every((value, index) => isSame(value, other[index]))
    )
  }
  if (!isRecord(one)) return Object.is(one, other)
  if (!isRecord(other) || Array.isArray(other)) return false
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every((key) => isSame(one[key], other[key]))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
