import { rm, stat, writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Imports a script by path; TypeScript is translated first, with the files that it imports. A changed file is another
 * module, so that a run after a change does not see the old one. Rejects with what the script throws or lacks.
 */
export async function importScript(path: string): Promise<unknown> {
  if (/\.m?js$/.test(path)) {
    const { mtimeMs } = await stat(path)
    return import(`${pathToFileURL(path).href}?v=${Math.trunc(mtimeMs)}`)
  }
  // Loaded for TypeScript only: it brings a program of its own.
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    write: false,
    logLevel: 'silent',
  })
  // Beside the script, where its packages are found.
  const translated = join(dirname(path), `.${basename(path)}.${randomUUID()}.mjs`)
  try {
    await writeFile(translated, outputFiles[0]?.contents ?? '')
    return await import(pathToFileURL(translated).href)
  } finally {
    await rm(translated, { force: true })
  }
}
