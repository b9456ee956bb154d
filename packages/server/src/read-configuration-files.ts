import { readFile, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ReadConfigurationResult } from '@segue/contact'
import { readConfiguration } from '@segue/contact'

/** Files with configuration objects in a folder: `segue.yaml` and everything in `config/`. */
export async function configurationFilesOf(folder: string): Promise<readonly string[]> {
  const files: string[] = []
  for (const name of ['segue.yaml', 'segue.yml', 'segue.json']) {
    if (await isFile(join(folder, name))) files.push(join(folder, name))
  }
  const more = await readdir(join(folder, 'config')).catch(() => [])
  for (const name of more.toSorted()) {
    if (/\.(ya?ml|json)$/.test(name)) files.push(join(folder, 'config', name))
  }
  return files
}

/** Reads and checks configuration files; a file that cannot be read rejects with the reason of the system. */
export async function readConfigurationFiles(
  files: readonly string[],
  version: number,
  cluster?: string,
): Promise<ReadConfigurationResult> {
  const texts = await Promise.all(
    files.map(async (file) => ({ file: resolve(file), text: await readFile(file, 'utf8') })),
  )
  return readConfiguration(texts, { version, ...(cluster === undefined ? {} : { cluster }) })
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
