// Bombs against a running server with healthy neighbours, seen by a client outside. `npm run bombs`, `-- --quick` for a few
// of them once, `--only NAME`, `--runs 5`, `--sessions 100`, `--rate 20` (events a second and session). Results: results/bombs.json.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bombs } from './src/bombs/bombs.mjs'
import { runBombs } from './src/bombs/run-bombs.mjs'
import { bombRow, bombVerdict } from './src/bombs/table.mjs'
import { LoadWatch, machineFacts } from './src/machine.mjs'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
    only: { type: 'string' },
    runs: { type: 'string' },
    sessions: { type: 'string', default: '100' },
    rate: { type: 'string', default: '20' },
    keep: { type: 'boolean', default: false },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
if (!values['no-build']) execFileSync(process.execPath, [here('../scripts/build.mjs')], { stdio: 'inherit' })

const quick = [
  'loop in a script',
  'backtracking regular expression',
  'arrays for ever',
  'two seconds of computing, legal',
]
const chosen = bombs.filter(({ name }) =>
  values.only === undefined ? !values.quick || quick.includes(name) : name.includes(values.only),
)
if (chosen.length === 0) throw new Error(`no bomb has "${values.only}" in its name`)
const isShort = values.quick || values.only !== undefined
const runs = Number(values.runs ?? (values.quick ? 1 : 5))
const folder = mkdtempSync(join(tmpdir(), 'segue-bombs-'))
const startedAt = Date.now()
const load = new LoadWatch()
load.note()
let measured
try {
  measured = await runBombs({
    folder,
    bombs: chosen,
    runs,
    sessions: Number(values.sessions),
    perSecond: Number(values.rate),
    onRow(row) {
      load.note()
      console.log(bombRow(row))
    },
  })
} finally {
  if (!values.keep) rmSync(folder, { recursive: true, force: true })
}
const results = {
  measuredAt: new Date(startedAt).toISOString(),
  durationS: Math.round((Date.now() - startedAt) / 1000),
  isShort,
  machine: machineFacts(),
  load: load.facts(),
  ...measured,
}
const file = isShort || runs < 5 ? 'results/bombs.quick.tmp.json' : 'results/bombs.json'
writeFileSync(here(file), `${JSON.stringify(results, undefined, 2)}\n`)
const { lines, isMet } = bombVerdict(results)
console.log(`\n${lines.join('\n')}\n\nresults in benchmarks/${file}, ${results.durationS} s`)
process.exitCode = isMet ? 0 : 1
