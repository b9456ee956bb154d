import { standaloneHost, start, step } from '../../src/index.ts'
import type { IncomingEvent, Session, StepInput, StepOutcome } from '../../src/index.ts'

/** What came of a session that was driven to rest. */
export interface Driven {
  readonly outcomes: readonly StepOutcome[]
  readonly nowMs: number
}

/** Far more than a document of the suites takes. */
const maxSteps = 10_000

/** Starts a session and goes on until nothing waits: its own events at once, delayed sends on a clock of their own. */
export function runToRest(session: Session): Driven {
  const outcomes: StepOutcome[] = []
  const timers = new Map<string, number>()
  let nowMs = 0
  const input = (): StepInput => ({ nowMs, seed: 1 })
  const host = standaloneHost()
  const keep = (outcome: StepOutcome): StepOutcome => {
    outcomes.push(outcome)
    for (const effect of outcome.effects) {
      if (effect.kind === 'timer') timers.set(effect.sendId, effect.dueEpochMs)
      if (effect.kind === 'cancelTimer') timers.delete(effect.sendId)
    }
    return outcome
  }
  const nextDue = (): IncomingEvent | undefined => {
    const [next] = [...timers].toSorted(([, one], [, other]) => one - other)
    if (next === undefined) return undefined
    const [sendId, dueEpochMs] = next
    timers.delete(sendId)
    nowMs = Math.max(nowMs, dueEpochMs)
    return { kind: 'timer', sendId }
  }
  let last = keep(start(session, input(), host))
  while (session.isRunning && outcomes.length < maxSteps) {
    const event = last.hasMore ? undefined : nextDue()
    if (event === undefined && !last.hasMore) break
    last = keep(step(session, event, input(), host))
  }
  return { outcomes, nowMs }
}
