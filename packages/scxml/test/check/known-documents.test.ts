import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { elementNamespaces } from '@segue/modules'
import { sharedFolder } from '@segue/testing'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/index.ts'
import type { Diagnostic } from '../../src/index.ts'
import { resolveFile } from '../read/support/files.ts'

const repository = fileURLToPath(new URL('../../../..', import.meta.url))
const shared = sharedFolder()
const suites = join(repository, 'conformance', 'suites')

/** The warnings about what a document can never do: each says that something in it is of no use. */
const codes = ['SEG-DOC-034', 'SEG-DOC-035', 'SEG-DOC-036', 'SEG-DOC-037']

function documentsIn(folder: string): readonly string[] {
  const files = listing(folder).filter((file) => file.endsWith('.scxml'))
  return files.map((file) => pathToFileURL(join(folder, file)).href).toSorted()
}

function listing(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch {
    return []
  }
}

async function warningsOf(url: string): Promise<readonly Diagnostic[]> {
  const { diagnostics } = await load(url, { resolve: resolveFile, modules: elementNamespaces })
  return diagnostics.filter(({ code }) => codes.includes(code))
}

/** How many findings of each code the documents of a folder have. */
async function countsIn(folder: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {}
  for (const url of documentsIn(folder)) {
    for (const { code } of await warningsOf(url)) counts[code] = (counts[code] ?? 0) + 1
  }
  return counts
}

const pages = [
  ...(shared === undefined ? [] : documentsIn(join(shared, 'fixtures', 'apps'))),
  ...documentsIn(join(repository, 'examples', 'business-hours')),
]

describe('pages as authors and generators write them have none of these warnings', () => {
  it.each(pages)('%s', async (url) => {
    expect((await warningsOf(url)).map(({ message }) => message)).toEqual([])
  })

  it('and there are some', () => {
    expect(pages.length).toBeGreaterThan(0)
  })
})

// Both suites hold states and transitions on purpose that a right engine never comes to.
describe('test suites have exactly these', () => {
  it('W3C', async () => {
    expect(await countsIn(join(suites, 'w3c-irp'))).toEqual({ 'SEG-DOC-034': 20, 'SEG-DOC-035': 2 })
  })

  it('SCION', async () => {
    expect(await countsIn(join(suites, 'scion'))).toEqual({ 'SEG-DOC-034': 33, 'SEG-DOC-035': 9 })
  })
})
