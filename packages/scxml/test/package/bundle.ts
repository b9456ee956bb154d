import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** A bundle for browsers, and what went into it. */
export interface Bundle {
  readonly code: string
  /** Names of the registry packages in it, in order of their names. */
  readonly packages: readonly string[]
}

const packageFolder = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Bundles an entry as an embedding page would. Nothing of Node is available: esbuild refuses an import of `node:…` for
 * this platform.
 *
 * Errors: rejects with esbuild's messages.
 */
export async function bundleForBrowser(entry: string, options: { readonly minify?: boolean } = {}): Promise<Bundle> {
  const { metafile, outputFiles } = await build({
    stdin: { contents: entry, resolveDir: packageFolder, loader: 'ts' },
    absWorkingDir: packageFolder,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: options.minify ?? false,
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const names = Object.keys(metafile.inputs).flatMap(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  )
  return { code: outputFiles[0]?.text ?? '', packages: [...new Set(names)].toSorted() }
}
