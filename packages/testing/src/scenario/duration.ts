const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
}

/** Virtual time of one scenario is bounded: a wait of more than this is a mistake. */
const MAX_MS = 10 * 366 * 86_400_000

/**
 * Milliseconds of a time as people write it: `3s`, `1 minute 30 seconds`, `1h30m`, `500 ms`, `0`. `undefined` when it is
 * none.
 */
export function parseDuration(written: string): number | undefined {
  const text = written.trim().toLowerCase()
  if (text === '0') return 0
  let rest = text
  let ms = 0
  while (rest !== '') {
    const part = /^(\d{1,12}(?:\.\d{1,6})?)\s*([a-z]+)(?:\s*(?:,|and)?\s*)/.exec(rest)
    const unit = part === null ? undefined : UNITS[part[2] ?? '']
    if (part === null || unit === undefined) return undefined
    ms += Number(part[1]) * unit
    rest = rest.slice(part[0].length)
  }
  return text === '' || ms > MAX_MS ? undefined : Math.round(ms)
}

/** A time for people: `3 s`, `1 min 30 s`, `0 s`. */
export function durationForPeople(ms: number): string {
  if (ms === 0) return '0 s'
  const parts = [
    [Math.floor(ms / 3_600_000), 'h'],
    [Math.floor((ms % 3_600_000) / 60_000), 'min'],
    [(ms % 60_000) / 1000, 's'],
  ] as const
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}`])).join(' ')
}
