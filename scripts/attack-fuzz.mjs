// Composes attacks on the script evaluator for a given time: node scripts/attack-fuzz.mjs --seconds 60 --seed 7
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = join(fileURLToPath(import.meta.url), '..', '..')
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } } })
const { seconds } = values
const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31))
for (const [name, text] of [
  ['seconds', seconds],
  ['seed', seed],
]) {
  if (!/^\d+$/.test(text)) {
    console.error(`"--${name}" takes a whole number, not "${text}"`)
    process.exit(2)
  }
}
console.log(`seed ${seed}, ${seconds} s`)
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'packages/runtime/test/attacks/fuzz.test.ts'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, SEGUE_ATTACK_SECONDS: seconds, SEGUE_ATTACK_SEED: seed } },
)
process.exit(status ?? 1)
