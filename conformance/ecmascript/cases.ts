import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One case of the suite: a script that throws when it fails, or one that must be refused as a syntax error. */
export interface Case {
  /** File without number and extension, for example `statements`. */
  readonly group: string
  /** Clause and claim as written after `//#`; unique. */
  readonly title: string
  readonly text: string
  readonly isSyntaxError: boolean
}

const folder = join(import.meta.dirname, 'suite')

/** What every case may use: `assert`, `assert.sameValue`, `assert.list`, `assert.throws`. */
export const harness = readFileSync(join(import.meta.dirname, 'harness.es'), 'utf8')

/** All cases in the order of their files. */
export function readCases(): readonly Case[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.es'))
    .toSorted()
    .flatMap((file) => casesOf(file.replace(/\.es$/, ''), readFileSync(join(folder, file), 'utf8')))
}

function casesOf(group: string, text: string): readonly Case[] {
  const [, ...parts] = `\n${text}`.split('\n//# ')
  return parts.map((part) => {
    const end = part.indexOf('\n')
    const title = part.slice(0, end < 0 ? undefined : end)
    return { group, title, text: end < 0 ? '' : part.slice(end + 1), isSyntaxError: / SyntaxError: /.test(title) }
  })
}
