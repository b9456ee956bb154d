import type { Incident } from '@segue/runtime'
import type { SeenRequest } from './http-stub.ts'
import type { StoryEntry, Unexpected } from './world-contract.ts'

/** What happened in a world that nobody foresaw. Order: by kind, then as it happened. */
export function unexpectedIn(
  story: readonly StoryEntry[],
  incidents: readonly Incident[],
  requests: readonly SeenRequest[],
): readonly Unexpected[] {
  const errors: Unexpected[] = []
  const refused: Unexpected[] = []
  for (const { sessionId, entry } of story) {
    if (entry.kind === 'error') {
      const { element, event, line, message } = entry
      const text = `${String(event)}: ${String(message)} (in <${String(element)}>, line ${String(line)})`
      errors.push({ kind: 'error', text, sessionId })
    }
    if (entry.kind === 'refused') {
      const { data, element, event, line, module } = entry
      const text = `${String(module)}:${String(element)} was refused: ${String(event)} ${descriptionOf(data)} (line ${String(line)})`
      refused.push({ kind: 'refused', text, sessionId })
    }
  }
  return [
    ...errors,
    ...unhandled(story),
    ...refused,
    ...incidents.map(({ kind, message, ref }): Unexpected => {
      return { kind: 'incident', text: `${kind}: ${message}`, sessionId: ref?.kind === 'session' ? ref.id : '' }
    }),
    ...requests
      .filter(({ isStubbed }) => !isStubbed)
      .map(({ method, url }): Unexpected => {
        return { kind: 'request', text: `${method} ${url}: no stub is for it, and it was refused`, sessionId: '' }
      }),
  ]
}

/** `error.*` events behind which no transition was taken. */
function unhandled(story: readonly StoryEntry[]): readonly Unexpected[] {
  const found: Unexpected[] = []
  const waiting = new Map<string, string>()
  const judge = (sessionId: string): void => {
    const name = waiting.get(sessionId)
    waiting.delete(sessionId)
    if (name !== undefined) found.push({ kind: 'unhandled', text: `no transition took "${name}"`, sessionId })
  }
  for (const { sessionId, entry } of story) {
    if (entry.kind === 'transition' && entry['event'] === waiting.get(sessionId)) waiting.delete(sessionId)
    if (entry.kind !== 'event' && entry.kind !== 'done') continue
    judge(sessionId)
    const name = String(entry['name'])
    if (entry.kind === 'event' && (name === 'error' || name.startsWith('error.'))) waiting.set(sessionId, name)
  }
  for (const sessionId of waiting.keys()) judge(sessionId)
  return found
}

function descriptionOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return ''
  const description: unknown = Reflect.get(data, 'description') ?? Reflect.get(data, 'error')
  return typeof description === 'string' ? description : ''
}
