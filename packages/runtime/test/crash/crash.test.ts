import { startPostgres } from '@segue/testing'
import { expect, it } from 'vitest'
import { KILL_POINTS } from './contract.ts'
import { CrashWorld, until } from './crash-world.ts'
import { pointsOf } from './kill-points.ts'
import { killRun, MIN_IN_FLIGHT, type KillReport } from './kill-run.ts'
import { reportTable } from './report-table.ts'
import { crashSuite, SEED, TIMEOUT_MS } from './suite.ts'
import { postgresTestStore, sqliteTestStore } from './test-store.ts'

const KILLS = 50
/** Each takes a log of some megabytes. */
const CHECKPOINTS = 2
const POSTGRES_KILLS = 8

const suite = crashSuite()

function expectNothingWrong(report: KillReport, kills: number): void {
  console.log(reportTable([report]))
  expect(report.findings).toEqual([])
  expect(report.kills).toHaveLength(kills)
  expect(report.kills.filter(({ inFlight }) => inFlight < MIN_IN_FLIGHT)).toEqual([])
  expect(report.ledgerKills).toBeGreaterThan(0)
  // Something was sent twice: otherwise the kills came at times that prove nothing.
  expect(report.wireDuplicates.length).toBeGreaterThan(0)
}

it(`${KILLS} deaths at every named point lose, double and reorder nothing`, { timeout: TIMEOUT_MS }, async () => {
  const { folder, programs } = suite()
  const others = KILL_POINTS.filter((point) => point !== 'in-checkpoint')
  const points = pointsOf(SEED, KILLS - CHECKPOINTS, others)
  for (let n = 1; n <= CHECKPOINTS; n++) points.splice((KILLS / (CHECKPOINTS + 1)) * n, 0, 'in-checkpoint')

  const report = await killRun({ programs, folder, store: sqliteTestStore(folder), seed: SEED, points })

  expectNothingWrong(report, KILLS)
  expect(new Set(report.kills.map(({ point }) => point))).toEqual(new Set(KILL_POINTS))
})

it(
  `${POSTGRES_KILLS} deaths on PostgreSQL lose, double and reorder nothing`,
  { timeout: TIMEOUT_MS },
  async ({ skip }) => {
    const { reason, server } = await startPostgres({ fsync: true })
    if (server === undefined) return skip(reason)
    await using postgres = server
    const { folder, programs } = suite()
    const possible = KILL_POINTS.filter((point) => point !== 'in-checkpoint')
    const points = pointsOf(SEED, POSTGRES_KILLS, possible)

    const report = await killRun({ programs, folder, store: await postgresTestStore(postgres), seed: SEED, points })

    expectNothingWrong(report, POSTGRES_KILLS)
  },
)

it('a disk that confirms what it has not written is found out', { timeout: TIMEOUT_MS }, async () => {
  const { folder, programs } = suite()
  await using world = new CrashWorld({ programs, folder, store: sqliteTestStore(folder), seed: SEED })
  await world.start()
  const { worker } = await world.begin({ trouble: { earlyAnswersMs: 200 } })
  await until('events are acknowledged', TIMEOUT_MS, () => world.clients.acknowledged >= 100)
  await world.end(worker)

  const { findings } = await world.finish()

  expect(findings.filter(({ kind }) => kind === 'lost').length).toBeGreaterThan(0)
})
