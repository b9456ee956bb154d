import { encodeValue } from '@segue/scxml'
import { describeMember } from './describe-member.ts'
import { failure } from './result.ts'
import type { Verdict } from './result.ts'
import type { TestRun } from './run-test.ts'
import { atomicStates, DocumentRefused } from './session-world.ts'
import type { Member } from './session-world.ts'

/** Script of a test of the SCION framework. */
export interface ScionScript {
  readonly initialConfiguration: readonly string[]
  readonly events: readonly ScionEvent[]
}

interface ScionEvent {
  /** Units: milliseconds. */
  readonly after?: number
  readonly event: { readonly name: string; readonly data?: unknown }
  readonly nextConfiguration: readonly string[]
}

/** Reads a script. Errors: throws when the text is none. */
export function parseScionScript(text: string): ScionScript {
  const parsed: unknown = JSON.parse(text)
  if (!isScript(parsed)) throw new Error('the script needs "initialConfiguration" and "events"')
  return parsed
}

/**
 * Runs a document with the events of its script, and compares the active atomic states after each.
 *
 * Errors: rejects with a bug of the engine.
 */
export async function runScionTest(run: TestRun, url: string, script: ScionScript): Promise<Verdict> {
  try {
    const session = await run.world.start(url)
    await run.pass(0)
    const first = difference(session, script.initialConfiguration, 'at the start')
    if (first !== undefined) return first
    for (const [position, { after = 0, event, nextConfiguration }] of script.events.entries()) {
      const when = `after event ${position + 1} ("${event.name}")`
      const isInTime = await run.pass(after)
      const data = event.data === undefined ? {} : { data: encodeValue(event.data) }
      run.world.deliver(session, { kind: 'event', name: event.name, ...data })
      if (!isInTime || !(await run.pass(0))) return failure(`${when}: no result in time`)
      const found = difference(session, nextConfiguration, when)
      if (found !== undefined) return found
    }
    return undefined
  } catch (error) {
    if (error instanceof DocumentRefused) return failure(`refused: ${error.message}`)
    throw error
  }
}

function difference(session: Member, expected: readonly string[], when: string): Verdict {
  const found = atomicStates(session)
  if (found.toSorted().join(' ') === expected.toSorted().join(' ')) return undefined
  return failure(`${when} "${expected.join(' ')}" was expected: ${describeMember(session)}`)
}

function isScript(value: unknown): value is ScionScript {
  return (
    isObject(value) &&
    isListOfStrings(value['initialConfiguration']) &&
    Array.isArray(value['events']) &&
    value['events'].every(isEvent)
  )
}

function isEvent(value: unknown): value is ScionEvent {
  return (
    isObject(value) &&
    isObject(value['event']) &&
    typeof value['event']['name'] === 'string' &&
    isListOfStrings(value['nextConfiguration']) &&
    (value['after'] === undefined || typeof value['after'] === 'number')
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isListOfStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
}
