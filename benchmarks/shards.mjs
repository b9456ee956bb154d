// What the process border around customers' scripts costs. `npm run bench:shards`, `-- --quick` for a short run.
// Results: results/shards.json.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LoadWatch, machineFacts } from './src/machine.mjs'
import { measureShards } from './src/shard-measures.mjs'

const isQuick = process.argv.includes('--quick')
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
if (!process.argv.includes('--no-build'))
  execFileSync(process.execPath, [here('../scripts/build.mjs')], { stdio: 'inherit' })

const startedAt = Date.now()
const load = new LoadWatch()
load.note()
const measured = await measureShards({ repetitions: isQuick ? 3 : 7, events: isQuick ? 10_000 : 50_000 })
load.note()

const results = {
  measuredAt: new Date(startedAt).toISOString(),
  isQuick,
  machine: machineFacts(),
  load: load.facts(),
  ...measured,
}
const file = isQuick ? 'results/shards.quick.tmp.json' : 'results/shards.json'
writeFileSync(here(file), `${JSON.stringify(results, undefined, 2)}\n`)
for (const { what, unit, value } of measured.rows) {
  const { median, min, max } = value
  console.log(`${what.padEnd(58)} ${show(median).padStart(9)} ${unit.padEnd(8)} ${show(min)} .. ${show(max)}`)
}
console.log(`\nresults in benchmarks/${file}`)
const medianOf = (id) => measured.rows.find((row) => row.id === id)?.value.median ?? Number.POSITIVE_INFINITY
const { gapMs, startMs, usPerEventAt256 } = measured.targets
const isMet = medianOf('border256') <= usPerEventAt256 && medianOf('start') <= startMs && medianOf('gap') <= gapMs
process.exitCode = isMet ? 0 : 1

function show(value) {
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 100) / 100)
}
