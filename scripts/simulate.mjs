// Runs seeds of the deterministic simulator: node scripts/simulate.mjs [--seeds 10000] [--from 1] [--seed N] [--verbose] [--routing]
import { rmSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { bundleSimulation } from './simulation-bundle.mjs'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    routing: { type: 'boolean', default: false },
  },
})
const from = Number(values.seed ?? values.from)
const seeds = values.seed === undefined ? Number(values.seeds) : 1
const file = await bundleSimulation(
  values.routing
    ? "export { simulateRouting as runSeed } from './packages/testing/test/routing-simulation/simulate-routing.ts'"
    : "export { runSeed } from './packages/runtime/test/simulation/run-seed.ts'",
  values.routing ? 'routing' : 'simulate',
)
process.on('exit', () => rmSync(file, { force: true }))
const { runSeed } = await import(pathToFileURL(file).href)

const started = performance.now()
const total = {}
const subjects = {}
const failed = []
for (let seed = from; seed < from + seeds; seed++) {
  const outcome = await runSeed(seed, values.verbose ? (line) => console.log(`  ${line}`) : undefined)
  for (const [name, count] of Object.entries(outcome)) {
    if (typeof count === 'number' && name !== 'seed') total[name] = (total[name] ?? 0) + count
  }
  const { subject = 'centres' } = outcome
  subjects[subject] = (subjects[subject] ?? 0) + 1
  if (outcome.findings.length > 0) {
    failed.push(seed)
    console.log(`FAIL ${lineOf(outcome)}`)
    for (const finding of outcome.findings.slice(0, 10)) console.log(`     ${finding}`)
    if (failed.length <= 3 && !values.verbose) for (const line of outcome.story) console.log(`       ${line}`)
  } else if (values.verbose || seeds <= 50) console.log(`ok   ${lineOf(outcome)}`)
  else if ((seed - from + 1) % 500 === 0)
    console.log(`${seed - from + 1} seeds in ${seconds()} s, ${failed.length} failed`)
  if (failed.length >= 20) break
}
console.log(`${seeds} seeds from ${from} in ${seconds()} s: ${JSON.stringify({ ...total, subjects })}`)
for (const seed of failed.slice(0, 20)) console.log(`again: node scripts/simulate.mjs --seed ${seed} --verbose`)
console.log(failed.length === 0 ? 'nothing was lost, doubled or reordered' : `${failed.length} seeds failed`)
process.exitCode = failed.length === 0 ? 0 : 1

function lineOf({ seed, subject = 'centre', digest, findings: _findings, story: _story, ...counts }) {
  const shown = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
  return `seed ${seed} (${subject}): ${shown.join(', ')}, ${digest.slice(0, 8)}`
}

function seconds() {
  return ((performance.now() - started) / 1000).toFixed(1)
}
