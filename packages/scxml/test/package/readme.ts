import { readFileSync } from 'node:fs'

/** An example of the README: a program, and what it prints as the README says. */
export interface Example {
  /** Title of the section. */
  readonly title: string
  readonly code: string
  readonly prints: string
}

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** Programs of the README in order. Errors: throws when one is not followed by what it prints. */
export function readmeExamples(): readonly Example[] {
  return readme.split(/^## /m).flatMap((section) => {
    const title = section.slice(0, section.indexOf('\n'))
    const programs = section.split('```js\n').length - 1
    const found = [...section.matchAll(/```js\n(.*?)```\n\n```text\n(.*?)```/gs)].map(([, code = '', prints = '']) => ({
      title,
      code,
      prints,
    }))
    if (found.length !== programs) throw new Error(`a program under "${title}" is not followed by what it prints`)
    return found
  })
}

/** Figures of the table of sizes by the text in front of them. Units: kB, 1,000 bytes. */
export function readmeSizes(): ReadonlyMap<string, number> {
  const rows = readme.matchAll(/^\| (?<what>[^|]+) \| (?<size>[\d.]+) \|$/gm)
  return new Map([...rows].map(({ groups }) => [groups?.['what'] ?? '', Number(groups?.['size'])]))
}
