import type { TraceEntry } from '../session-view.ts'
import type { Stage } from './stage.ts'
import { textOf } from './matching.ts'

/** One line of a story. */
export interface StoryLine {
  /** Since the scenario began. */
  readonly atMs: number
  readonly kind: string
  readonly text: string
  /** Number of the session, 1 is the first; `undefined` for what the scenario did. */
  readonly session?: number
}

/** Lines at most; the first ones go. */
const MAX_LINES = 60
const MAX_TEXT = 240

/** What has happened so far in a scenario: its steps, and what came of each. Order: as it happened. */
export function storySoFar({ marks, names, startedAtEpochMs, world }: Stage): {
  readonly lines: readonly StoryLine[]
  readonly left: number
} {
  const lines: StoryLine[] = []
  const sessions: string[] = []
  const called = new Map([...names].map(([name, { id }]) => [id, `<${name}>`]))
  const withNames = (text: string): string => {
    let shown = text
    for (const [id, name] of called) shown = shown.replaceAll(id, name)
    return shown
  }
  let mark = 0
  const takeMarks = (storyLength: number): void => {
    for (let next = marks[mark]; next !== undefined && next.storyLength <= storyLength; next = marks[mark]) {
      lines.push({ atMs: next.atEpochMs - startedAtEpochMs, kind: '', text: next.text })
      mark += 1
    }
  }
  world.story.forEach(({ entry, sessionId }, index) => {
    takeMarks(index)
    if (!sessions.includes(sessionId)) {
      sessions.push(sessionId)
      if (!called.has(sessionId)) called.set(sessionId, `<session ${sessions.length}>`)
    }
    const told = textOfEntry(entry)
    if (told === undefined) return
    const atMs = Number(entry['atEpochMs']) - startedAtEpochMs
    lines.push({ atMs, kind: told.kind, text: withNames(told.text), session: sessions.indexOf(sessionId) + 1 })
  })
  takeMarks(Infinity)
  const left = Math.max(0, lines.length - MAX_LINES)
  return { lines: lines.slice(left), left }
}

/** The story as text, one line each: time where it has changed, kind, what happened. */
export function storyText(lines: readonly StoryLine[]): readonly string[] {
  const isMany = new Set(lines.flatMap(({ session }) => session ?? [])).size > 1
  let shown = ''
  return lines.map(({ atMs, kind, session, text }) => {
    const time = `+${(atMs / 1000).toFixed(3)} s`
    const when = time === shown ? '' : time
    shown = time
    if (kind === '') return `${when.padStart(12)}  > ${text}`
    const who = isMany ? `${session ?? ''} ` : ''
    return `${when.padStart(12)}    ${who}${kind.padEnd(7)} ${text}`
  })
}

function textOfEntry(entry: TraceEntry): Pick<StoryLine, 'kind' | 'text'> | undefined {
  const of = (name: string): string => visible(String(entry[name] ?? ''))
  switch (entry.kind) {
    case 'event':
      return { kind: 'event', text: of('name') }
    case 'eventDropped':
      return entry['reason'] === 'cancelled' ? undefined : { kind: 'dropped', text: `${of('name')} (${of('reason')})` }
    case 'enter':
      return { kind: 'state', text: of('state') }
    case 'log':
      return { kind: 'log', text: of('text') }
    case 'action':
      return {
        kind: 'action',
        text: visible(`${of('module')}:${of('element')} ${attributesText(entry['attributes'])}`.trimEnd()),
      }
    case 'refused':
      return { kind: 'refused', text: `${of('module')}:${of('element')}: ${of('event')}` }
    case 'error':
      return {
        kind: 'error',
        text: visible(`${of('event')}: ${of('message')} (in <${of('element')}>, line ${of('line')})`),
      }
    case 'send':
      return Number(entry['delayMs']) > 0
        ? { kind: 'timer', text: `${of('event')} in ${Number(entry['delayMs']) / 1000} s` }
        : undefined
    case 'done':
      return { kind: 'end', text: of('reason') }
    case 'startRefused':
    case 'limit':
      return { kind: entry.kind, text: visible(textOf(entry)) }
    default:
      return undefined
  }
}

function attributesText(attributes: unknown): string {
  if (typeof attributes !== 'object' || attributes === null) return ''
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ')
}

/** Nothing of a document may steer the terminal that shows it. */
function visible(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ')
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line
}
