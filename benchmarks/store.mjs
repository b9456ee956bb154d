// Measures durable sessions: `npm run bench:store`, `-- --quick` for less than a minute, `--store sqlite|postgres|memory`,
// `--only .100` for the measurements with that in their key. Every measurement is a process of its own; repetitions are
// interleaved. Results: results/store.json. `--long`: a million sessions, and nothing else; results/store-long.json.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LoadWatch, machineFacts } from './src/machine.mjs'
import { packageVersion } from './src/package-version.mjs'
import { runChild } from './src/run-child.mjs'
import { combineStore } from './src/store/combine.mjs'
import { storePlan } from './src/store/plan.mjs'
import { storeTables } from './src/store/tables.mjs'
import { judgeStore } from './src/store/targets.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const words = process.argv.slice(2)
const isQuick = words.includes('--quick')
const isLong = words.includes('--long')
const wanted = after('--store')
/** Part of the keys that are to be measured; the results file stays as it is then. */
const only = after('--only')
if (wanted !== undefined && !['sqlite', 'postgres', 'memory'].includes(wanted)) {
  process.stderr.write(`"${wanted}" is no store: sqlite, postgres and memory are\n`)
  process.exit(2)
}
if (!existsSync(here('node_modules/@dbos-inc/dbos-sdk'))) {
  process.stderr.write('the peers are not installed: run "npm --prefix benchmarks ci" first\n')
  process.exit(2)
}
if (!words.includes('--no-build')) execFileSync(process.execPath, [here('../scripts/build.mjs')], { stdio: 'inherit' })

const startedAt = Date.now()
const folder = mkdtempSync(join(tmpdir(), 'segue-bench-'))
const postgres = !isLong && (wanted === undefined || wanted === 'postgres') ? await startServer() : undefined
if (wanted === 'postgres' && postgres === undefined) process.exit(2)
const stores = wanted === undefined || isLong ? ['sqlite', ...(postgres === undefined ? [] : ['postgres'])] : [wanted]
const file =
  isQuick || only !== undefined ? 'results/store.quick.tmp.json' : `results/store${isLong ? '-long' : ''}.json`
const load = new LoadWatch()
const failures = []
let results
// The server's own handles keep no program running.
const alive = setInterval(() => undefined, 1000)
try {
  results = await run(storePlan(stores, { isQuick, isLong }).filter(({ key }) => key.includes(only ?? '')))
} finally {
  await postgres?.[Symbol.asyncDispose]()
  clearInterval(alive)
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`${storeTables(results)}\n\nresults in benchmarks/${file}\n`)
// Absolute speeds depend on the machine and on who else uses it; ratios and bytes do not.
const missed = results.targets.filter(({ isMet, isOfMachine }) => !isMet && !isOfMachine)
process.exitCode = missed.length + failures.length > 0 ? 1 : 0

function after(option) {
  return words.includes(option) ? words[words.indexOf(option) + 1] : undefined
}

async function run(plan) {
  const answers = new Map(plan.map(({ key }) => [key, []]))
  const rounds = Math.max(...plan.map(({ repetitions }) => repetitions))
  let latest
  for (let round = 0; round < rounds; round += 1) {
    for (const measurement of plan) {
      if (round >= measurement.repetitions) continue
      const { key } = measurement
      process.stderr.write(`\r\u001b[K${round + 1}/${rounds} ${key}`)
      try {
        answers.get(key).push(await runOne(measurement))
      } catch (error) {
        // The others are measured all the same.
        process.stderr.write(`\r\u001b[K${key}: ${error.message}\n`)
        failures.push({ key, reason: /Error: .*/.exec(error.message)?.[0] ?? 'it ended' })
      }
      load.note()
    }
    // Written after every round: a run that is stopped leaves what it has, with the number of repetitions.
    latest = resultsSoFar(plan, answers)
    writeFileSync(here(file), `${JSON.stringify(latest, undefined, 2)}\n`)
  }
  process.stderr.write('\r\u001b[K')
  return latest
}

async function runOne({ reads, store, task, writes }) {
  const data = mkdtempSync(join(folder, 'data-'))
  const url = store === 'postgres' ? await postgres.createDatabase() : undefined
  const capture = writes ?? reads
  try {
    return await runChild({
      ...task,
      place: { store, folder: data, ...(url && { url }) },
      ...(capture && { capture: join(folder, `${capture}.commits`) }),
    })
  } finally {
    rmSync(data, { recursive: true, force: true })
    if (url !== undefined) await postgres.sql(`drop database ${new URL(url).pathname.slice(1)} with (force)`)
  }
}

function resultsSoFar(plan, answers) {
  const measured = combineStore(plan, answers)
  return {
    measuredAt: new Date(startedAt).toISOString(),
    durationS: Math.round((Date.now() - startedAt) / 1000),
    isQuick,
    machine: machineFacts(),
    load: load.facts(),
    stores: Object.fromEntries(stores.map((store) => [store, storeFacts(store)])),
    peers: { xstate: packageVersion('xstate'), dbos: packageVersion('@dbos-inc/dbos-sdk') },
    measured,
    targets: judgeStore(measured, { isQuick }),
    failures,
  }
}

function storeFacts(store) {
  switch (store) {
    case 'sqlite':
      return {
        version: `libsql ${packageVersion('libsql')}`,
        durability: 'power failure: write-ahead log, synchronous = full',
      }
    case 'postgres':
      return { version: `PostgreSQL ${postgres.version}`, durability: 'power failure: fsync and synchronous_commit on' }
    case 'memory':
      return { version: 'in process', durability: 'nothing' }
  }
}

/** A server of its own with everything synchronised; `undefined`, and why, where there is none. */
async function startServer() {
  const { startPostgres } = await import('@segue/testing')
  const { reason, server } = await startPostgres({ fsync: true })
  if (server === undefined) process.stderr.write(`without PostgreSQL: ${reason}\n`)
  return server
}
