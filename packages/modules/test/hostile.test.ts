import { FunctionError } from '@segue/runtime'
import { describe, expect, it } from 'vitest'
import type { faults } from '../src/errors.ts'
import { allModules } from '../src/modules.ts'
import { call, element, plan } from './acting.ts'

const deep = (() => {
  let value: unknown = 'end'
  for (let level = 0; level < 50_000; level += 1) value = { inner: value }
  return value
})()
const hostile: readonly unknown[] = [
  undefined,
  null,
  '',
  '\u0000',
  'x'.repeat(5000),
  "'); drop table",
  0,
  -1,
  NaN,
  Infinity,
  1e308,
  true,
  false,
  [],
  [[[]]],
  [null],
  {},
  JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
  { toString: 'x', valueOf: null, dn: {}, agent: [], type: {} },
  deep,
]

describe('hostile values', () => {
  const elements = allModules.flatMap(({ name, namespace }) =>
    namespace.elements.map((spec) => ({ module: name, spec })),
  )

  it.each(elements)(
    '$module:$spec.name takes any value in any attribute, child, parameter and content',
    ({ module, spec }) => {
      for (const value of hostile) {
        const attributes = Object.fromEntries(spec.attributes.map(({ name }) => [name, value]))
        const usual = Object.fromEntries(spec.attributes.map(({ name }) => [name, 'x']))
        const children = spec.children
          .filter(({ name }) => name !== 'param' && name !== 'content')
          .map((child) => {
            const own = `${child.module ?? module}:${child.name}`
            const names = element(own).source.spec.attributes.map(({ name }) => name)
            return element(own, { attributes: Object.fromEntries(names.map((name) => [name, value])) })
          })
        const tries = [
          element(`${module}:${spec.name}`, { attributes, children, params: { p: value, __proto__: value } }),
          ...spec.attributes.map(({ name }) =>
            element(`${module}:${spec.name}`, { attributes: { ...usual, [name]: value }, children, content: value }),
          ),
        ]
        for (const action of tries) {
          const planned = plan(action)
          if (planned.kind === 'refused') {
            expect(planned.event.name).toMatch(/^error\.[a-z]+\.[a-z]+$/)
            expect(planned.event.data).toMatchObject({ requestid: expect.any(String), error: expect.any(String) })
            expect(String(planned.event.data['description']).length).toBeLessThan(2000)
          }
          expect({}).not.toHaveProperty('polluted')
        }
      }
    },
  )

  const functions = allModules.flatMap((module) => module.functions.map((one) => ({ path: `${one.root}.${one.name}` })))

  it.each(functions)('$path throws nothing but errors for the script', ({ path }) => {
    for (const first of hostile)
      for (const second of hostile) {
        try {
          call(path, [first, second, first, second])
        } catch (error) {
          expect(error).toBeInstanceOf(FunctionError)
        }
      }
  })

  it('texts of errors stay short and say what was wrong', () => {
    const planned = plan(element('queue:submit', { attributes: { interactionid: {}, queue: 'x'.repeat(100_000) } }))

    expect(planned).toMatchObject({
      kind: 'refused',
      event: { data: { description: expect.stringContaining('attribute "interactionid" of "submit" cannot be {}') } },
    })
  })

  const refused = (action: Parameters<typeof plan>[0]) => JSON.stringify(plan(action))
  const thrown = (path: string, args: readonly unknown[]) => {
    try {
      return JSON.stringify(call(path, args).value)
    } catch (error) {
      return String(error)
    }
  }
  const producers: Readonly<Record<keyof typeof faults, () => string>> = {
    'SEG-MODULE-001': () => refused(element('interaction:attach')),
    'SEG-MODULE-002': () => refused(element('interaction:attach', { attributes: { interactionid: {} } })),
    'SEG-MODULE-003': () => refused(element('queue:submit', { attributes: { interactionid: 'A' } })),
    'SEG-MODULE-004': () =>
      refused(
        element('interaction:accept', { attributes: { interactionid: 'A', resource: { type: 'A', agent: 'x' } } }),
      ),
    'SEG-MODULE-005': () => refused(element('interaction:hold')),
    'SEG-MODULE-006': () => refused(element('dialog:collect', { attributes: { interactionid: 'A' } })),
    'SEG-MODULE-007': () => refused(element('dialog:pause')),
    'SEG-MODULE-008': () => thrown('session.dayInZone', []),
    'SEG-MODULE-009': () => thrown('ixn.setuData', [{ a: 1 }]),
    'SEG-MODULE-010': () => thrown('session.setTenant', ['Nobody']),
    'SEG-MODULE-011': () => refused(element('ws:response', { attributes: { requestid: 'q9' } })),
  }

  it.each(Object.entries(producers))('%s reaches documents with its text filled in', (code, produce) => {
    const text = produce()

    expect(text).toContain(code)
    expect(text).not.toMatch(/\{[a-z]+\}/)
  })
})
