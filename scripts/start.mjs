// `npm start`: the example call centre with the embedded store and the simulated switch. Builds when dist/ is missing.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))
const program = path('../packages/cli/dist/segue.js')

if (!existsSync(program)) {
  const built = spawnSync(process.execPath, [path('build.mjs')], { stdio: 'inherit' })
  if (built.status !== 0) process.exit(built.status ?? 70)
}
const child = spawn(process.execPath, [program, 'sim', path('../examples/business-hours'), ...process.argv.slice(2)], {
  stdio: 'inherit',
})
// Ctrl-C reaches the whole foreground group; a signal sent to npm alone is passed on.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
