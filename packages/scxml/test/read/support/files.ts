import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Resolve } from '../../../src/source/resolve.ts'

/** Reads `file:` addresses, with a fall-back to another letter case of the file name. */
export const resolveFile: Resolve = async (href, base) => {
  const url = new URL(href, base).href
  const path = fileURLToPath(url)
  try {
    const name = await nameOnDisk(path)
    const found = join(dirname(path), name)
    return { found: true, source: { url: pathToFileURL(found).href, text: await readFile(found, 'utf8') } }
  } catch {
    return { found: false, url, reason: 'no such file' }
  }
}

async function nameOnDisk(path: string): Promise<string> {
  const names = await readdir(dirname(path))
  const asked = basename(path)
  const found = names.includes(asked) ? asked : names.find((name) => name.toLowerCase() === asked.toLowerCase())
  if (found === undefined) throw new Error('absent')
  return found
}

/** A resolver over texts by address; everything else is absent. */
export function resolveFrom(texts: Readonly<Record<string, string>>): Resolve {
  return (href, base) => {
    const url = new URL(href, base).href
    const text = Object.hasOwn(texts, url) ? texts[url] : undefined
    return Promise.resolve(
      text === undefined ? { found: false, url, reason: 'no such file' } : { found: true, source: { url, text } },
    )
  }
}
