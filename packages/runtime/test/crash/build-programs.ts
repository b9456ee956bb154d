import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'

/** The programs of the suite as files that Node can run, built from the sources of the moment. */
export interface Programs extends AsyncDisposable {
  readonly worker: string
  readonly ledger: string
  readonly shard: string
  readonly storePoints: string
}

const here = fileURLToPath(new URL('.', import.meta.url))
/** Below the repository, so that `libsql` and `pg` are found from there. */
const buildFolder = (root: string): string => join(root, `node_modules/.cache/segue-crash/${process.pid}-${Date.now()}`)

/** Builds them; the folder goes with the object. */
export async function buildPrograms(options: { readonly root: string; readonly sources?: string }): Promise<Programs> {
  const folder = buildFolder(options.root)
  const sources = options.sources ?? here
  await mkdir(folder, { recursive: true })
  const common: BuildOptions = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    conditions: ['source'],
    external: ['libsql', 'pg'],
    logLevel: 'error',
  }
  const source = (name: string): string => join(sources, 'programs', name)
  await Promise.all([
    build({
      ...common,
      entryPoints: [source('worker.ts'), source('ledger.ts'), source('shard.ts')],
      outdir: folder,
      format: 'esm',
      outExtension: { '.js': '.mjs' },
      // Packages from the registry that are CommonJS and stand inside.
      banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url)" },
    }),
    build({
      ...common,
      entryPoints: [source('store-points.ts')],
      outdir: folder,
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
    }),
  ])
  return {
    worker: join(folder, 'worker.mjs'),
    ledger: join(folder, 'ledger.mjs'),
    shard: join(folder, 'shard.mjs'),
    storePoints: join(folder, 'store-points.cjs'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
