import { buildSync } from 'esbuild'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `child.ts` as one file that Node can run. */
export interface ChildProgram extends Disposable {
  readonly path: string
}

/** Builds the program of the shards of these tests from sources. */
export function childProgram(): ChildProgram {
  const folder = mkdtempSync(join(tmpdir(), 'segue-shard-test-'))
  const path = join(folder, 'child.mjs')
  buildSync({
    entryPoints: [fileURLToPath(new URL('child.ts', import.meta.url))],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  })
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
