// Bundles the simulator with the sources it runs, so that plain Node runs them without a loader.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export const root = fileURLToPath(new URL('..', import.meta.url))
/** Inside of the repository, so that packages that are not bundled are found. */
const folder = join(root, 'node_modules/.cache/segue-simulation')

/** Bundles `code`; gives the path of the program. */
export async function bundleSimulation(code, name, plugins = []) {
  mkdirSync(folder, { recursive: true })
  const outfile = join(folder, `${name}-${process.pid}.mjs`)
  await build({
    stdin: { contents: code, resolveDir: root, sourcefile: 'entry.ts', loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    logLevel: 'warning',
    outfile,
    plugins: [...plugins, packagesOutside],
  })
  return outfile
}

const packagesOutside = {
  name: 'packages outside',
  setup(plugin) {
    plugin.onResolve({ filter: /^[^./]/ }, ({ kind, path }) =>
      kind === 'entry-point' || path.startsWith('@segue/') ? undefined : { path, external: true },
    )
  },
}
