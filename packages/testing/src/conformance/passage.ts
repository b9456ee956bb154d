import { systemClock } from '@segue/adapters'
import { virtualClock } from '../virtual-clock.ts'
import type { SessionWorld } from './session-world.ts'

/** Kind of time that a test runs on. */
export type ClockKind = 'virtual' | 'real'

/** How time passes for a test. */
export interface Passage {
  readonly kind: ClockKind
  nowMs(): number
  sleepUntil(epochMs: number): Promise<void>
}

/** Time of the machine, or time that jumps to whatever comes next. */
export function passageOf(kind: ClockKind): Passage {
  if (kind === 'virtual') {
    const clock = virtualClock(1_000_000)
    return { kind, nowMs: () => clock.nowMs(), sleepUntil: (epochMs) => clock.advanceTo(epochMs) }
  }
  const clock = systemClock()
  return {
    kind,
    nowMs: () => clock.nowMs(),
    sleepUntil: (epochMs) =>
      new Promise((resolve) => {
        clock.schedule(epochMs, resolve)
      }),
  }
}

/** Bounds of `letPass`. */
export interface PassLimits {
  /** On the clock of the test. */
  readonly untilEpochMs: number
  /** On the clock of the machine (`performance.now()`): what a virtual clock cannot bound. */
  readonly deadlineMs: number
}

/**
 * Lets time pass until `isOver`, or until the time is up.
 *
 * Errors: `false` when the machine took too long; rejects with a bug of the engine.
 */
export async function letPass(
  world: SessionWorld,
  passage: Passage,
  limits: PassLimits,
  isOver: () => boolean = () => false,
): Promise<boolean> {
  for (;;) {
    await world.idle()
    if (isOver()) return true
    if (performance.now() > limits.deadlineMs) return false
    const nextMs = world.nextDueEpochMs
    if (nextMs === undefined || nextMs > limits.untilEpochMs) break
    await passage.sleepUntil(nextMs)
    world.fireDue()
  }
  return true
}
