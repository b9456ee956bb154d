// `npm run conformance [-- --clock virtual|real]`: runs the suites in conformance/suites and writes the reference page.
// Reads dist/, so build first. Without a clock: real time for tests over HTTP, virtual time for all others.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import {
  conformancePage,
  judge,
  parseDeviations,
  readW3cIndex,
  runSuite,
  w3cCounts,
} from '../packages/testing/dist/index.js'

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url))
const folders = { w3c: path('conformance/suites/w3c-irp'), scion: path('conformance/suites/scion') }
const deviations = parseDeviations(readFileSync(path('conformance/deviations.json'), 'utf8'))
const { clock } = parseArgs({ options: { clock: { type: 'string' } } }).values
if (clock !== undefined && clock !== 'virtual' && clock !== 'real') {
  console.error('--clock is "virtual" or "real"')
  process.exit(2)
}

let wrong = 0
const results = {}
for (const [kind, folder] of Object.entries(folders)) {
  const startedMs = performance.now()
  results[kind] = await runSuite({ kind, folder, ...(clock && { clock }) })
  const { failed, known, passed, stale } = judge(results[kind], deviations[kind], folder)
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(
    `${kind}: ${passed.length} passed, ${failed.length} failed, ${known.length} known deviations (${seconds} s)`,
  )
  for (const { name, reason } of failed) console.log(`  FAIL ${name}: ${reason}`)
  for (const { name } of stale) console.log(`  ${name} passes: take it off conformance/deviations.json`)
  wrong += failed.length + stale.length
}

const index = readW3cIndex(folders.w3c)
for (const { group, passed, tests } of w3cCounts(index, results.w3c)) console.log(`W3C ${group}: ${passed}/${tests}`)
if (wrong > 0) {
  console.log('docs/reference/conformance.md is left as it was')
  process.exit(1)
}
writeFileSync(path('docs/reference/conformance.md'), conformancePage({ index, deviations, ...results }))
