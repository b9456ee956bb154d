// Measures scripts: evaluation, saving, libraries. `npm run bench:scripts`, `-- --quick` for a short run.
// Every measurement is a process of its own. Results: results/scripts.json.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LoadWatch, machineFacts } from './src/machine.mjs'
import { runChild } from './src/run-child.mjs'
import { judgeScripts } from './src/script-targets.mjs'
import { scriptTables } from './src/script-tables.mjs'

const isQuick = process.argv.includes('--quick')
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
if (!process.argv.includes('--no-build'))
  execFileSync(process.execPath, [here('../scripts/build.mjs')], { stdio: 'inherit' })

const startedAt = Date.now()
const load = new LoadWatch()
const tasks = {
  evaluations: { kind: 'evaluations', repetitions: isQuick ? 3 : 7 },
  steps: { kind: 'steps', repetitions: isQuick ? 3 : 7, stepsEach: isQuick ? 500 : 2000 },
  library: { kind: 'library', sizeBytes: 200_000, functions: 700, sessions: 10_000 },
  firstSession: { kind: 'firstSession', sizeBytes: 100_000, functions: 350, applications: 50 },
}
const measured = {}
for (const [name, task] of Object.entries(tasks)) {
  load.note()
  measured[name] = await runChild(task)
}
load.note()

const results = {
  measuredAt: new Date(startedAt).toISOString(),
  durationS: Math.round((Date.now() - startedAt) / 1000),
  isQuick,
  machine: machineFacts(),
  load: load.facts(),
  ...measured,
  targets: judgeScripts(measured),
}
const file = isQuick ? 'results/scripts.quick.tmp.json' : 'results/scripts.json'
writeFileSync(here(file), `${JSON.stringify(results, undefined, 2)}\n`)
process.stdout.write(`${scriptTables(results)}\n\nresults in benchmarks/${file}\n`)
process.exitCode = results.targets.some(({ isMet, isOfMachine }) => !isMet && !isOfMachine) ? 1 : 0
