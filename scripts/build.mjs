// Builds dist/ of every package and the bundled `segue` program. Runs from `npm ci` (prepare) and `npm run build`, which
// also emit the declarations of @segue/scxml (`--declarations`); tests and `npm start` need none.
import { readdirSync, existsSync, chmodSync, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { emitDeclarations } from './declarations.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'linked',
  logLevel: 'warning',
  absWorkingDir: root,
}

const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'src/index.ts')),
)

// In a process of its own, beside the rest.
const declarations = process.argv.includes('--declarations') ? emitDeclarations() : Promise.resolve()

await Promise.all(
  packages.map((name) =>
    build({
      ...common,
      entryPoints: [`packages/${name}/src/index.ts`],
      outfile: `packages/${name}/dist/index.js`,
      packages: 'external',
    }),
  ),
)

// The program holds all workspaces in one file, so that it starts fast; packages from the registry stay outside.
const workspaces = new RegExp(`^@segue/(${packages.join('|')})$`)
await build({
  ...common,
  entryPoints: ['packages/cli/src/main.ts'],
  outfile: 'packages/cli/dist/segue.js',
  conditions: ['source'],
  banner: { js: '#!/usr/bin/env node' },
  plugins: [
    {
      name: 'registry packages stay outside',
      setup(plugin) {
        plugin.onResolve({ filter: /^[^./]/ }, (args) =>
          args.kind === 'entry-point' || workspaces.test(args.path) ? undefined : { external: true },
        )
      },
    },
  ],
})
chmodSync(join(root, 'packages/cli/dist/segue.js'), 0o755)

// The program of shard processes holds everything it needs: it starts fast, and reads no other file.
await build({
  ...common,
  entryPoints: ['packages/server/src/shard-main.ts'],
  outfile: 'packages/server/dist/shard.js',
  conditions: ['source'],
  plugins: [
    {
      name: 'only what is used',
      setup(plugin) {
        // No file does anything when it is imported: what nothing of the shard uses stays outside.
        plugin.onResolve({ filter: /./ }, async ({ path, pluginData, ...args }) => {
          if (pluginData === 'asked' || args.kind === 'entry-point') return undefined
          return { ...(await plugin.resolve(path, { ...args, pluginData: 'asked' })), sideEffects: false }
        })
      },
    },
  ],
})
for (const name of ['shard.js', 'shard.js.map'])
  copyFileSync(join(root, 'packages/server/dist', name), join(root, 'packages/cli/dist', name))
await declarations
