type Line = Readonly<Record<string, unknown>>

const TEXTS: Readonly<Record<string, (line: Line) => string>> = {
  event: (line) => `event      ${text(line, 'name')}`,
  eventDropped: (line) => `dropped    ${text(line, 'name')} (${text(line, 'reason')})`,
  exit: (line) => `exit       ${text(line, 'state')}`,
  enter: (line) => `enter      ${text(line, 'state')}`,
  transition: (line) => `transition ${text(line, 'source')} -> ${list(line, 'targets') || '(none)'}${lineNumber(line)}`,
  log: (line) => `log        ${text(line, 'label') === '' ? '' : `${text(line, 'label')}: `}${text(line, 'text')}`,
  action: (line) =>
    `action     ${text(line, 'module')}:${text(line, 'element')} ${JSON.stringify(line['attributes'] ?? {})}${lineNumber(line)}`,
  send: (line) =>
    `send       ${text(line, 'event')}${text(line, 'target') === '' ? '' : ` to ${text(line, 'target')}`}${Number(line['delayMs']) > 0 ? ` in ${text(line, 'delayMs')} ms` : ''}`,
  error: (line) =>
    `error      ${text(line, 'event')}: ${text(line, 'message')} (${text(line, 'element')}${lineNumber(line)})`,
  done: (line) => `done       ${text(line, 'reason')}`,
}

/** One trace record as a line for people: local time of day, kind, what happened. */
export function traceText(line: Line): string {
  const at = Number(line['atEpochMs'])
  const time = Number.isFinite(at) ? `${new Date(at).toISOString().slice(11, 23)}  ` : ''
  const kind = String(line['kind'])
  const known = TEXTS[kind]
  if (known !== undefined) return time + known(line)
  const { kind: _kind, atEpochMs: _at, sequence: _sequence, atVersion: _version, ...rest } = line
  return `${time}${kind.padEnd(10)} ${JSON.stringify(rest)}`
}

function text(line: Line, name: string): string {
  const value = line[name]
  return value === undefined || value === null ? '' : String(value)
}

function list(line: Line, name: string): string {
  const value = line[name]
  return Array.isArray(value) ? value.join(' ') : ''
}

function lineNumber(line: Line): string {
  return line['line'] === undefined ? '' : `  [line ${text(line, 'line')}]`
}
