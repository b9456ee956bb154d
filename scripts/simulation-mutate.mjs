// Puts one mistake after the other into a copy of the runtime and says whether the simulator finds it:
// node scripts/simulation-mutate.mjs [--seeds 600] [--only words of a title]
import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundleSimulation, root } from './simulation-bundle.mjs'
import { mutations } from './simulation-mutations.mjs'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '600' }, only: { type: 'string', default: '' } },
})
// A mistake can make a run endless: that counts as found.
const patienceMs = 120_000
const entry = `
  import { runSeed } from './packages/runtime/test/simulation/run-seed.ts'
  let verdict = 'nothing'
  for (let seed = 1; seed <= ${Number(values.seeds)} && verdict === 'nothing'; seed++) {
    const { findings } = await runSeed(seed)
    if (findings.length > 0) verdict = 'seed ' + seed + ': ' + findings[0]
  }
  console.log(verdict)`

let wrong = 0
const untouched = await judge([])
console.log(`${untouched === 'nothing' ? 'ok   ' : 'FAIL '} the runtime as it is: ${untouched}`)
if (untouched !== 'nothing') wrong += 1
const wanted = mutations.filter(({ title }) => title.includes(values.only))
for (const mutation of wanted) {
  const verdict = await judge([mutation, ...(mutation.and === undefined ? [] : [mutation.and])])
  const isFound = verdict !== 'nothing' && verdict !== 'does not apply'
  if (!isFound) wrong += 1
  console.log(`${isFound ? 'found' : 'MISSED'} ${mutation.title}: ${verdict.slice(0, 140)}`)
}
console.log(wrong === 0 ? `all ${wanted.length} mistakes are found` : `${wrong} not as they should be`)
process.exitCode = wrong === 0 ? 0 : 1

async function judge(changes) {
  let file
  try {
    file = await bundleSimulation(entry, 'mutation', changes.length === 0 ? [] : [mutated(changes)])
  } catch (error) {
    if (String(error).includes('does not stand exactly once')) return 'does not apply'
    throw error
  }
  const verdict = await run(file)
  rmSync(file, { force: true })
  return verdict
}

/** Reads files of the runtime with the mistake in them; nothing in the work tree changes. */
function mutated(changes) {
  return {
    name: 'mutation',
    setup(plugin) {
      plugin.onLoad({ filter: /\.ts$/ }, (args) => {
        const change = changes.find(({ file }) => args.path === join(root, 'packages/runtime/src', file))
        if (change === undefined) return undefined
        const text = readFileSync(args.path, 'utf8')
        if (text.split(change.from).length !== 2) throw new Error(`"${change.from}" does not stand exactly once`)
        return { contents: text.replace(change.from, () => change.to), loader: 'ts' }
      })
    },
  }
}

function run(file) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      output = 'does not come to an end'
    }, patienceMs)
    child.on('close', () => {
      clearTimeout(timer)
      resolve(output.trim().split('\n').at(-1) ?? '')
    })
  })
}
