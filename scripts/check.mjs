// `npm run check`: everything that can be known without running the product. Prints one line per check.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const checks = [
  ['types', ['tsc', '-p', '.']],
  ['lint', ['oxlint', '--deny-warnings']],
  ['format', ['oxfmt', '--check', '.']],
  ['dependency rules', ['depcruise', '--config', '.dependency-cruiser.cjs', 'packages', 'examples']],
  ['dead code', ['knip']],
  ['generated docs', ['node', 'scripts/generate-docs.mjs', '--check']],
]

let failed = 0
for (const [title, command] of checks) {
  const started = performance.now()
  const { code, output } = await run(command)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${title} (${seconds} s)`)
  if (code !== 0) {
    failed += 1
    console.log(output.replace(/^/gm, '     '))
  }
}
process.exit(failed === 0 ? 0 : 1)

function run([command, ...args]) {
  return new Promise((resolve) => {
    const program =
      command === 'node' ? process.execPath : fileURLToPath(new URL(`../node_modules/.bin/${command}`, import.meta.url))
    const child = spawn(program, args, { cwd: root, env: { ...process.env, NO_COLOR: '1' } })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => resolve({ code: 1, output: String(error) }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
