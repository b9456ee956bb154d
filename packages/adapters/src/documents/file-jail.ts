import { readdir, realpath, stat, open } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'

/** A file that was found, or why not. `outside`: it may not be read, whether it exists or not. */
export type FileResult =
  | { readonly kind: 'found'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'outside' }
  | { readonly kind: 'missing'; readonly reason: string }
  | { readonly kind: 'too large' }
  | { readonly kind: 'unreadable'; readonly reason: string }

/**
 * Reads a file below one of the roots. Every path segment that is not there as written is looked up in another letter
 * case: documents were written on file systems that do not distinguish. Links may not lead out of the roots.
 *
 * Cost: one folder listing for each segment in the wrong case.
 * Spec: scxml-dialect §2 (`href`).
 */
export async function readJailedFile(
  path: string,
  options: { readonly roots: readonly string[]; readonly maxBytes: number },
): Promise<FileResult> {
  const realRoots = await Promise.all(options.roots.map(realOrSame))
  const root = [...options.roots, ...realRoots].find((each) => isBelow(path, each))
  if (root === undefined) return { kind: 'outside' }
  try {
    const spelled = await actualSpelling(root, relative(root, path))
    if (spelled === undefined) return { kind: 'missing', reason: 'no such file' }
    const real = await realpath(spelled)
    if (!realRoots.some((each) => isBelow(real, each))) return { kind: 'outside' }
    return await readBounded(spelled, real, options.maxBytes)
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return { kind: 'missing', reason: 'no such file' }
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) }
  }
}

async function readBounded(path: string, real: string, maxBytes: number): Promise<FileResult> {
  const facts = await stat(real)
  if (facts.isDirectory()) return { kind: 'missing', reason: 'it is a folder' }
  // Pipes and devices could hold the reader for ever.
  if (!facts.isFile()) return { kind: 'unreadable', reason: 'it is no ordinary file' }
  if (facts.size > maxBytes) return { kind: 'too large' }
  const file = await open(real, 'r')
  try {
    const buffer = Buffer.alloc(facts.size + 1)
    let length = 0
    for (let count = -1; count !== 0 && length < buffer.length; length += count) {
      count = (await file.read(buffer, length, buffer.length - length)).bytesRead
    }
    if (length === buffer.length) return { kind: 'unreadable', reason: 'it grew while it was read' }
    return { kind: 'found', path, bytes: buffer.subarray(0, length) }
  } finally {
    await file.close()
  }
}

async function actualSpelling(root: string, below: string): Promise<string | undefined> {
  let current = root
  for (const segment of below.split(sep)) {
    if (segment === '') continue
    const asWritten = join(current, segment)
    const found = (await exists(asWritten)) ? segment : await otherCase(current, segment)
    if (found === undefined) return undefined
    current = join(current, found)
  }
  return current
}

/** Order: the first in code-unit order when several differ only in case. */
async function otherCase(folder: string, segment: string): Promise<string | undefined> {
  const wanted = segment.toLowerCase()
  const names = await readdir(folder)
  return names.filter((name) => name.toLowerCase() === wanted).sort()[0]
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}

async function realOrSame(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    return path
  }
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}
