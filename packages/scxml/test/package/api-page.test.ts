import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as api from '../../src/index.ts'

const page = readFileSync(new URL('../../../../docs/reference/scxml-api.md', import.meta.url), 'utf8')
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((text) => [/^`(\w+)/.exec(text)?.[1] ?? '', text]),
)
const functions = Object.entries(api).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []))

describe('the API reference', () => {
  it('describes every exported value, and says of each what it is for', () => {
    const undescribed = Object.keys(api).filter((name) => proseOf(name) === '')

    expect(undescribed).toEqual([])
  })

  it('gives functions that read well in a hover: one short line', () => {
    const lengths = functions.map((name) => ({ name, signature: signatureOf(name) }))

    expect(functions.length).toBeGreaterThan(15)
    expect(lengths.filter(({ signature }) => !/^\w+\(.*\): .+$/.test(signature) || signature.length > 120)).toEqual([])
  })

  it('exports every type that a function takes or gives', () => {
    const builtIn = new Set(['Pick', 'Promise', 'Readonly', 'Record'])
    const named = functions.flatMap((name) => [...signatureOf(name).matchAll(/\b[A-Z]\w+/g)].map(([type]) => type))

    expect(named.filter((type) => !builtIn.has(type) && !sections.has(type))).toEqual([])
  })
})

function signatureOf(name: string): string {
  return /```ts\n(.*?)\n```/s.exec(sections.get(name) ?? '')?.[1] ?? ''
}

/** What stands below the heading besides code, facts and place. */
function proseOf(name: string): string {
  const lines = (sections.get(name) ?? '')
    .replace(/```ts\n.*?```/s, '')
    .split('\n')
    .slice(1)
  return lines.filter((line) => line !== '' && !line.startsWith('- **') && !line.startsWith('<sub>')).join(' ')
}
