// `npm run crash -- --kills N --seed S [--store sqlite|postgres] [--point NAME]`: kills real processes at named points and
// compares what they hold with what was acknowledged. Builds what it runs from the sources; see packages/runtime/test/crash.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
// Below the repository, so that packages are found from there.
const folder = join(root, `node_modules/.cache/segue-crash/main-${process.pid}`)
mkdirSync(folder, { recursive: true })
try {
  const outfile = join(folder, 'main.mjs')
  await build({
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    external: ['libsql', 'pg', 'esbuild', '@segue/testing'],
    banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url)" },
    logLevel: 'error',
    entryPoints: [join(root, 'packages/runtime/test/crash/main.ts')],
    outfile,
  })
  const { main } = await import(pathToFileURL(outfile).href)
  process.exitCode = await main(root, process.argv.slice(2))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
