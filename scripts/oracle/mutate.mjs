// Puts one mistake after the other into a copy of the engine and says whether the comparison with the oracle finds it:
// node scripts/oracle/mutate.mjs [--sequences 2400] [--seed N] [--only words of a title]
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundle, root, temporaryFolder } from './bundle.mjs'
import { mutations } from './mutations.mjs'

const { values } = parseArgs({
  options: {
    sequences: { type: 'string', default: '2400' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
})
// A mistake can make the engine run without end: that counts as found.
const patienceMs = 180_000
const folder = temporaryFolder()
const entry = `
  import { runCampaign } from './packages/scxml/test/oracle/campaign.ts'
  const { failure, sequences } = await runCampaign({ seed: ${Number(values.seed)}, sequences: ${Number(values.sequences)}, isBrief: true })
  console.log(failure === undefined ? 'agree' : 'differ after ' + sequences + ' sequences')`

let missed = 0
const untouched = await judge('unchanged', [])
console.log(`${untouched.padEnd(32)} the engine as it is`)
if (untouched !== 'agree') missed += 1
for (const mutation of mutations.filter(({ title }) => title.includes(values.only))) {
  const verdict = await judge(mutation.title, [mutated(mutation)])
  const isFound = verdict !== 'agree' && verdict !== 'does not apply'
  if (!isFound) missed += 1
  console.log(`${(isFound ? `found: ${verdict}` : `MISSED: ${verdict}`).padEnd(40)} ${mutation.title}`)
}
console.log(missed === 0 ? 'all mutations are found' : `${missed} not as they should be`)
process.exitCode = missed === 0 ? 0 : 1

async function judge(title, plugins) {
  const file = join(folder, `${title.replace(/\W+/g, '-')}.mjs`)
  try {
    await bundle(entry, file, plugins)
  } catch (error) {
    if (String(error).includes('does not stand exactly once')) return 'does not apply'
    throw error
  }
  return run(file)
}

/** Reads one file of the engine with the mistake in it; nothing in the work tree changes. */
function mutated({ file, from, to }) {
  const path = join(root, 'packages/scxml/src', file)
  return {
    name: 'mutation',
    setup(plugin) {
      plugin.onLoad({ filter: /\.ts$/ }, (args) => {
        if (args.path !== path) return undefined
        const text = readFileSync(path, 'utf8')
        if (text.split(from).length !== 2) throw new Error(`"${from}" does not stand exactly once in ${file}`)
        return { contents: text.replace(from, () => to), loader: 'ts' }
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
