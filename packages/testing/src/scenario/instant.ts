/** Whether a text is a point in time, with or without an offset from UTC. */
export function isInstant(written: string): boolean {
  const text = written.trim()
  return (
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/.test(text) &&
    utcOf(text) !== undefined
  )
}

/** Milliseconds since 1970 of a point in time; without an offset it is a time on the wall in `zone`. */
export function epochMsOf(written: string, zone: string): number {
  const text = written.trim()
  const asUtc = utcOf(text) ?? 0
  if (hasOffset(text)) return asUtc
  // Twice, as the first guess may lie on the other side of a change of the clocks.
  const first = asUtc - offsetMs(asUtc, zone)
  return asUtc - offsetMs(first, zone)
}

function hasOffset(text: string): boolean {
  return /(Z|[+-]\d{2}:?\d{2})$/.test(text) && text.length > 10
}

function utcOf(text: string): number | undefined {
  const normal = text.replace(' ', 'T').replace(/\s+/g, '')
  const full = normal.length === 10 ? `${normal}T00:00Z` : hasOffset(text) ? normal : `${normal}Z`
  const ms = Date.parse(full)
  return Number.isNaN(ms) ? undefined : ms
}

/** How far the wall clock of a zone is ahead of UTC. */
function offsetMs(atEpochMs: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(atEpochMs)
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
  return wall - Math.floor(atEpochMs / 1000) * 1000
}
