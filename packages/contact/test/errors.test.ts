import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { contactFault, contactFaults, type ContactFaultSpec } from '../src/errors.ts'

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const sources = (path: string): string =>
  readdirSync(folder(path), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('errors.ts') && !file.endsWith('errors.test.ts'))
    .map((file) => readFileSync(folder(`${path}/${file}`), 'utf8'))
    .join('\n')

it('every code of the catalogue is raised somewhere and no other is', () => {
  const raised = new Set(sources('../src').match(/SEG-[A-Z]+-\d{3}/g))

  expect([...raised].sort()).toEqual(Object.keys(contactFaults).sort())
})

it.each(Object.entries<ContactFaultSpec>(contactFaults))('%s has a message in house style and a hint', (_, spec) => {
  expect(spec.message).toMatch(/^["a-z{]/)
  expect(spec.message).not.toMatch(/\.$/)
  expect(spec.hint.length).toBeGreaterThan(5)
})

it('places without a value stay visible', () => {
  expect(contactFault('SEG-CONFIG-010', {}).message).toBe('list "{list}" is not configured')
})
