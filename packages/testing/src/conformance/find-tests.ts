import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { manualChecks } from './manual-checks.ts'

/** An entry of the index beside the W3C documents. */
export interface W3cIndexEntry {
  readonly id: string
  /** Section of the recommendation. */
  readonly spec: string
  readonly conformance: 'mandatory' | 'optional'
  readonly manual: boolean
  /** `null`: the suite has no document for it. */
  readonly file: string | null
  readonly http: boolean
}

/** A document of a suite. */
export interface FoundTest {
  /** Path below the folder, without the ending, always with `/`. */
  readonly name: string
  readonly path: string
}

/**
 * Documents of the W3C suite below a folder; documents that others invoke (`test216sub1`) are no tests. A test that
 * the index names without a document is one when it can be made.
 */
export function findW3cTests(folder: string): readonly FoundTest[] {
  const paths = documentsIn(folder)
  const names = new Set(paths)
  const tests = paths.filter((name) => !names.has(name.replace(/sub\d*$/, '')) || !/sub\d*$/.test(name))
  const made = readW3cIndex(folder)
    .filter(({ file, id }) => file === null && manualChecks[id]?.document !== undefined)
    .map(({ id }) => `test${id}`)
  return [...new Set([...tests, ...made])].toSorted().map((name) => ({ name, path: join(folder, `${name}.scxml`) }))
}

/** Documents of the SCION framework below a folder: those with a script beside them. */
export function findScionTests(folder: string): readonly FoundTest[] {
  return documentsIn(folder)
    .filter((name) => existsSync(join(folder, `${name}.json`)))
    .map((name) => ({ name, path: join(folder, `${name}.scxml`) }))
}

/** The index of the W3C suite; empty when the folder has none that can be read. */
export function readW3cIndex(folder: string): readonly W3cIndexEntry[] {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
    return Array.isArray(parsed) ? parsed.filter(isEntry) : []
  } catch {
    return []
  }
}

/** Links to folders are not followed: they can lead in circles. */
function documentsIn(folder: string, above = ''): readonly string[] {
  return readdirSync(join(folder, above), { withFileTypes: true })
    .flatMap((entry) => {
      const path = above === '' ? entry.name : `${above}/${entry.name}`
      if (entry.isDirectory()) return documentsIn(folder, path)
      return entry.name.endsWith('.scxml') ? [path.replace(/\.scxml$/, '')] : []
    })
    .toSorted()
}

function isEntry(value: unknown): value is W3cIndexEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'conformance' in value &&
    'manual' in value &&
    'file' in value &&
    'http' in value
  )
}
