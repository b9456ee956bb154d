type Line = Readonly<Record<string, unknown>>

/** How much of a trace is shown. */
export interface TraceTextOptions {
  /** Everything that was recorded; otherwise what an author has written and what came of it. */
  readonly verbose: boolean
}

const TEXTS: Readonly<Record<string, (line: Line) => string>> = {
  event: (line) => text(line, 'name'),
  eventDropped: (line) => `${text(line, 'name')} (${text(line, 'reason')})`,
  exit: (line) => text(line, 'state'),
  enter: (line) => text(line, 'state'),
  transition: (line) => `${text(line, 'source')} -> ${list(line, 'targets') || '(stays)'}${lineNumber(line)}`,
  log: (line) => (text(line, 'label') === '' ? text(line, 'text') : `${text(line, 'label')}: ${text(line, 'text')}`),
  action: (line) =>
    [`${text(line, 'module')}:${text(line, 'element')}`, ...attributes(line['attributes']), ...params(line['params'])]
      .join(' ')
      .concat(lineNumber(line)),
  refused: (line) =>
    `${text(line, 'module')}:${text(line, 'element')} was refused: ${text(line, 'event')} ${description(line['data'])}${lineNumber(line)}`,
  send: (line) => {
    const target = text(line, 'target')
    const delayMs = Number(line['delayMs'])
    return `${text(line, 'event')}${target === '' ? '' : ` to ${target}`}${delayMs > 0 ? ` in ${delayMs / 1000} s` : ''}`
  },
  error: (line) =>
    `${text(line, 'event')}: ${text(line, 'message')} (in <${text(line, 'element')}>${file(line)}${lineNumber(line)})`,
  done: (line) => text(line, 'reason'),
  startRefused: (line) => text(line, 'message'),
}

/** Kinds that only say how the engine got there. */
const INTERNAL = new Set(['exit', 'notice', 'commands', 'unsaved', 'input', 'ignored'])

const KIND_NAMES: Readonly<Record<string, string>> = { enter: 'state', eventDropped: 'dropped', done: 'end' }

/**
 * Trace records as a story: time where it has changed, kind, what happened. Times are UTC.
 *
 * Order: as recorded.
 */
export function traceStory(lines: readonly Line[], options: TraceTextOptions): readonly string[] {
  const story: string[] = []
  let shownTime = ''
  for (const line of lines) {
    if (!options.verbose && isInternal(line)) continue
    const time = timeOf(line)
    story.push(`${(time === shownTime ? '' : time).padEnd(TIME_WIDTH)}  ${traceText(line)}`.trimEnd())
    shownTime = time
  }
  return story
}

const TIME_WIDTH = 12

/** One trace record: kind, what happened. */
function traceText(line: Line): string {
  const kind = String(line['kind'])
  const name = (KIND_NAMES[kind] ?? kind).padEnd(10)
  const known = TEXTS[kind]
  if (known !== undefined) return `${name} ${visible(known(line))}`
  const { kind: _kind, atEpochMs: _at, sequence: _sequence, atVersion: _version, ...rest } = line
  return `${name} ${visible(JSON.stringify(rest))}`
}

/** A transition that stays where it is only matters when it is looked for: generated pages have one for each event. */
function isInternal(line: Line): boolean {
  if (INTERNAL.has(String(line['kind']))) return true
  return line['kind'] === 'transition' && list(line, 'targets') === ''
}

function timeOf(line: Line): string {
  const at = Number(line['atEpochMs'])
  return Number.isFinite(at) ? new Date(at).toISOString().slice(11, 23) : ''
}

/** Attributes with their evaluated values; those without a value are left out. */
function attributes(value: unknown): readonly string[] {
  return Object.entries(recordOf(value)).flatMap(([name, encoded]) => {
    const shown = valueText(encoded)
    return shown === '' ? [] : [`${name}=${shown}`]
  })
}

function params(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return []
  return (value as readonly unknown[]).map((one) => {
    const { name, value: encoded } = recordOf(one)
    return `<${String(name)}=${valueText(encoded)}>`
  })
}

/** Values are recorded encoded: JSON, or the codec's own form, which is shown as it is. */
function valueText(encoded: unknown): string {
  if (typeof encoded !== 'string') return encoded === undefined ? '' : JSON.stringify(encoded)
  return encoded.length > MAX_VALUE ? `${encoded.slice(0, MAX_VALUE)}…` : encoded
}

const MAX_VALUE = 200

function description(data: unknown): string {
  const { description, error } = recordOf(data)
  return [error, description].filter((one) => typeof one === 'string' && one !== '').join(': ')
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function text(line: Line, name: string): string {
  const value = line[name]
  return value === undefined || value === null ? '' : String(value)
}

function list(line: Line, name: string): string {
  const value = line[name]
  return Array.isArray(value) ? value.join(' ') : ''
}

function file(line: Line): string {
  const url = text(line, 'url')
  return url === '' ? '' : ` of ${url.slice(url.lastIndexOf('/') + 1)}`
}

function lineNumber(line: Line): string {
  return line['line'] === undefined ? '' : `  [line ${text(line, 'line')}]`
}

/** Nothing of a document or caller may steer the terminal that shows it. */
function visible(shown: string): string {
  return shown.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ')
}
