// Long comparison of the engine with the naive oracle: node scripts/oracle/run.mjs [--sequences 100000] [--seed N]
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { bundle, temporaryFolder } from './bundle.mjs'

const { values } = parseArgs({
  options: { sequences: { type: 'string', default: '100000' }, seed: { type: 'string', default: String(Date.now()) } },
})
const seed = Number(values.seed)
const sequences = Number(values.sequences)
const file = join(temporaryFolder(), 'campaign.mjs')
await bundle("export { runCampaign } from './packages/scxml/test/oracle/campaign.ts'", file)
const { runCampaign } = await import(pathToFileURL(file).href)

// A tenth of all time goes into stack traces of errors that charts make on purpose.
Error.stackTraceLimit = 0
console.log(`seed ${seed}, ${sequences} sequences`)
const started = performance.now()
let reported = 0
const result = await runCampaign({
  seed,
  sequences,
  sequencesPerChart: 10,
  onProgress(done) {
    if (done - reported < 10_000) return
    reported = done
    console.log(`${done} sequences after ${seconds()} s`)
  },
})
console.log(result.coverage.table)
console.log(`${result.sequences} sequences of ${result.charts} charts in ${seconds()} s`)
console.log(`${result.reloaded} of them through a snapshot after every step`)
if (result.failure !== undefined) console.error(result.failure)
const { rare } = result.coverage
if (result.failure === undefined && rare.length > 0) console.error(`in less than 1 % of the charts: ${rare.join(', ')}`)
console.log(result.failure === undefined ? 'all agree' : 'they differ')
process.exitCode = result.failure === undefined && rare.length === 0 ? 0 : 1

function seconds() {
  return ((performance.now() - started) / 1000).toFixed(1)
}
