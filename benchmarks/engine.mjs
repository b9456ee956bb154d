// Measures the engine against its peers: `npm run bench:engine`, `-- --quick` for a run of less than a minute.
// Every measurement is a process of its own; repetitions are interleaved. Results: results/engine.json.
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { engineNames, engineOf } from './src/engines/index.mjs'
import { LoadWatch, machineFacts } from './src/machine.mjs'
import { enginePlan } from './src/plan.mjs'
import { runChild } from './src/run-child.mjs'
import { combine } from './src/combine.mjs'
import { engineTables } from './src/tables.mjs'
import { judge } from './src/targets.mjs'

process.env.NODE_ENV = 'production'
const isQuick = process.argv.includes('--quick')
const here = (path) => fileURLToPath(new URL(path, import.meta.url))

if (!existsSync(here('node_modules/xstate'))) {
  process.stderr.write('the peers are not installed: run "npm --prefix benchmarks ci" first\n')
  process.exit(2)
}
if (!process.argv.includes('--no-build'))
  execFileSync(process.execPath, [here('../scripts/build.mjs')], { stdio: 'inherit' })

const startedAt = Date.now()
const plan = enginePlan(isQuick)
const load = new LoadWatch()
const answers = new Map(plan.map(({ key }) => [key, []]))
const rounds = Math.max(...plan.map(({ repetitions }) => repetitions))
const used = new Set(plan.map(({ task }) => task.engine))
const file = isQuick ? 'results/engine.quick.tmp.json' : 'results/engine.json'
let results
for (let round = 0; round < rounds; round += 1) {
  for (const { key, task, repetitions } of plan) {
    if (round >= repetitions) continue
    process.stderr.write(`\r\u001b[K${round + 1}/${rounds} ${key}`)
    answers.get(key).push(await runChild(task))
    load.note()
  }
  // Written after every round: a run that is stopped leaves what it has, with the number of repetitions.
  results = resultsSoFar()
  writeFileSync(here(file), `${JSON.stringify(results, undefined, 2)}\n`)
}
process.stderr.write('\r\u001b[K')
process.stdout.write(`${engineTables(results)}\n\nresults in benchmarks/${file}\n`)

function resultsSoFar() {
  const measured = combine(plan, answers)
  return {
    measuredAt: new Date(startedAt).toISOString(),
    durationS: Math.round((Date.now() - startedAt) / 1000),
    isQuick,
    machine: machineFacts(),
    load: load.facts(),
    engines: Object.fromEntries(
      engineNames
        .filter((name) => used.has(name))
        .map(engineOf)
        .map(({ label, name, options, version }) => [name, { label, version, options }]),
    ),
    ...measured,
    targets: judge(measured),
  }
}

// Absolute speeds depend on the machine and on who else uses it; ratios and bytes do not.
const missed = results.targets.filter(({ isMet, isOfMachine }) => !isMet && !isOfMachine)
process.exitCode = missed.length > 0 ? 1 : 0
