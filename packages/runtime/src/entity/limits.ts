import type { RuntimeLimits } from './runtime.ts'

/** Limits that hold where the options name none. */
export const defaultLimits: RuntimeLimits = {
  maxMailbox: 1000,
  maxPending: 20_000,
  maxCommitSteps: 100,
  commitWindowMs: 0,
  relaxedWindowMs: 50,
  maxResident: 100_000,
  maxEffectsPerType: 256,
  maxSources: 64,
  maxIncidents: 1000,
  keepEndedMs: 7 * 24 * 3_600_000,
  maxTraceLines: 5_000_000,
  purgeEveryMs: 600_000,
}
