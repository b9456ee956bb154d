import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PostgresServer, PostgresStart } from '@segue/testing'
import { buildPrograms, type Programs } from './build-programs.ts'
import { readOptions, USAGE } from './crash-options.ts'
import { FAULTS } from './faults/all-faults.ts'
import { killRun, type KillReport } from './kill-run.ts'
import { pointsOf } from './kill-points.ts'
import { faultLine, reportTable } from './report-table.ts'
import { postgresTestStore, sqliteTestStore } from './test-store.ts'

const KILLS_PER_RUN = 50
const FINDINGS_SHOWN = 20
const AWAKE_MS = 60_000
type Options = Exclude<ReturnType<typeof readOptions>, string>

/** What all parts of a call use. */
interface Shared {
  readonly programs: Programs
  readonly options: Options
  readonly server: PostgresServer | undefined
}

/** The command line of the crash suite; the exit code is 1 when anything was lost, doubled or reordered. */
export async function main(root: string, words: readonly string[]): Promise<number> {
  const options = readOptions(words)
  if (typeof options === 'string') {
    console.error(`${options}\n${USAGE}`)
    return 2
  }
  // Processes that are waited for at the end do not keep this one alive.
  const awake = setInterval(() => undefined, AWAKE_MS)
  try {
    return await run(root, options)
  } finally {
    clearInterval(awake)
  }
}

async function run(root: string, options: Options): Promise<number> {
  await using programs = await buildPrograms({ root, sources: join(root, 'packages/runtime/test/crash') })
  const started = options.store === 'postgres' ? await postgresServer() : undefined
  if (started?.reason !== undefined) {
    console.error(started.reason)
    return 2
  }
  await using server = started?.server
  const shared = { programs, options, server }
  const areFaultsWell = await runFaults(shared)
  const areKillsWell = await runKills(shared)
  return areFaultsWell && areKillsWell ? 0 : 1
}

/** Loaded only when it is asked for: it stands in a package that holds much else. */
async function postgresServer(): Promise<PostgresStart> {
  const { startPostgres } = await import('@segue/testing')
  return startPostgres({ fsync: true })
}

async function runKills({ options, programs, server }: Shared): Promise<boolean> {
  const { kills, named, points, seed, shards, store } = options
  const reports: KillReport[] = []
  let isWell = true
  for (let run = 0; run * KILLS_PER_RUN < kills; run++) {
    const runSeed = seed + run
    const count = Math.min(KILLS_PER_RUN, kills - run * KILLS_PER_RUN)
    const again = [`--kills ${count} --seed ${runSeed} --store ${store}`, ...(shards ? ['--shards'] : [])]
    if (named) again.push(...points.map((point) => `--point ${point}`))
    const wentWell = await inFolder(again.join(' '), async (folder) => {
      const report = await killRun({
        programs,
        folder,
        store: server === undefined ? sqliteTestStore(folder) : await postgresTestStore(server),
        seed: runSeed,
        points: pointsOf(runSeed, count, points),
        hasShardProcesses: shards,
      })
      reports.push(report)
      const seconds = (report.durationMs / 1000).toFixed(1)
      console.error(`seed ${runSeed}: ${report.kills.length} kills, ${report.events} events, ${seconds} s`)
      for (const incident of report.incidents) console.error(`  ${incident}`)
      return report.findings
    })
    isWell &&= wentWell
  }
  if (reports.length > 0) console.log(reportTable(reports))
  return isWell
}

async function runFaults({ options, programs, server }: Shared): Promise<boolean> {
  const { faults, seed, store } = options
  let isWell = true
  for (const name of faults) {
    const wentWell = await inFolder(`--kills 0 --fault ${name} --seed ${seed} --store ${store}`, async (folder) => {
      const shared = { programs, folder, seed, ...(server !== undefined && { postgres: server }) }
      const outcome = await FAULTS[name]?.run(shared)
      if (outcome === undefined) return []
      console.log(faultLine(name, outcome))
      return outcome.skipped === undefined ? outcome.findings : []
    })
    isWell &&= wentWell
  }
  return isWell
}

/** Whether a run found nothing; says what it found and how that is made again, and keeps the data then. */
async function inFolder(again: string, run: (folder: string) => Promise<KillReport['findings']>): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'segue-crash-'))
  try {
    const findings = await run(folder)
    for (const { kind, text } of findings.slice(0, FINDINGS_SHOWN)) console.error(`  ${kind}: ${text}`)
    if (findings.length === 0) {
      await rm(folder, { recursive: true, force: true })
      return true
    }
    console.error(`  ${findings.length} findings`)
  } catch (error) {
    console.error(error)
  }
  console.error(`  again: npm run crash -- ${again}; data in ${folder}`)
  return false
}
