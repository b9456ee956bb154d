import type { KillPoint, PortTrouble } from '../contract.ts'
import { killRun } from '../kill-run.ts'
import { postgresTestStore, sqliteTestStore } from '../test-store.ts'
import type { Fault, FaultContext, FaultOutcome } from './fault.ts'

const POINTS: readonly KillPoint[] = ['before-commit', 'random', 'after-effect']
const DELAY_MS = 15
const LOST_ANSWERS = 0.1

/** Operations of the store take long, some of them very long; workers are killed meanwhile. */
export const slowDisk: Fault = (context) => troubledKills(context, { delayMs: DELAY_MS })

/** The answers of commits that have happened do not arrive; workers are killed meanwhile. */
export const lostAnswers: Fault = (context) => troubledKills(context, { lostAnswers: LOST_ANSWERS })

async function troubledKills(context: FaultContext, trouble: PortTrouble): Promise<FaultOutcome> {
  const { folder, postgres, programs, seed } = context
  const store = postgres === undefined ? sqliteTestStore(folder) : await postgresTestStore(postgres)
  const report = await killRun({ programs, folder, store, seed, trouble, points: POINTS })
  return { ...report, seen: { kills: report.kills.length } }
}
