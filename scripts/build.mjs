// Builds dist/ of every package and the bundled `segue` program. Runs from `npm ci` (prepare) and `npm run build`.
import { readdirSync, existsSync, chmodSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

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
