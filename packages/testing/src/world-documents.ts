import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import type { Resolve } from '@segue/scxml'

/** Reads documents of a test from memory, and everything else where it was read before. */
export function withDocuments(resolve: Resolve, folder: string, documents: Readonly<Record<string, string>>): Resolve {
  const texts = new Map(
    Object.entries(documents).map(([path, text]) => [pathToFileURL(join(folder, path)).href, text] as const),
  )
  return (href, base, kind) => {
    const url = URL.canParse(href, base) ? new URL(href, base).href : href
    // As of files: the query is for the session, not for the file system.
    const text = texts.get(url) ?? texts.get(url.split('?')[0] ?? url)
    return text === undefined ? resolve(href, base, kind) : Promise.resolve({ found: true, source: { url, text } })
  }
}
