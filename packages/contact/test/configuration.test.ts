import { describe, expect, it } from 'vitest'
import { diffConfigurations } from '../src/configuration/diff.ts'
import { configOption, listItemValue } from '../src/configuration/lookup.ts'
import { readConfiguration } from '../src/configuration/read.ts'
import { configurationJsonSchema } from '../src/configuration/schema.ts'
import { clinicYaml, configurationOf } from './contact-fixtures.ts'

const read = (text: string) => readConfiguration([{ file: 'a.yaml', text }])

describe('reading configuration files', () => {
  it('an empty file gives the defaults with tenant Environment, id 1', () => {
    const { configuration, findings } = read('')

    expect(findings).toEqual([])
    expect(configuration?.tenants).toEqual([{ name: 'Environment', id: 1 }])
  })

  it('numbers of telephones may be written without quotes and take the only switch', () => {
    const configuration = configurationOf(clinicYaml)

    expect(configuration.dns[0]).toEqual({
      number: '4201',
      switch: 'SIP_East',
      type: 'routepoint',
      application: 'hours',
      defaultDestination: '7009',
    })
  })

  it('JSON is read like YAML, and several files are merged', () => {
    const { configuration } = readConfiguration([
      { file: 'a.json', text: '{"lists":[{"name":"L","items":{"i":{"k":1}}}]}' },
      { file: 'b.yaml', text: 'statServers: [Stat]\ndocumentOrigins: ["http://127.0.0.1:8080"]' },
    ])

    expect(configuration?.lists).toEqual([{ name: 'L', items: { i: { k: '1' } } }])
    expect(configuration?.statServers).toEqual(['Stat'])
    expect(configuration?.documentOrigins).toEqual(['http://127.0.0.1:8080'])
  })

  it('relative application addresses are resolved against the file', () => {
    const { configuration } = readConfiguration([
      { file: '/srv/segue/site.yaml', text: 'applications: [{ name: a, url: apps/a.scxml }]' },
    ])

    expect(configuration?.applications[0]?.url).toBe('file:///srv/segue/apps/a.scxml')
  })

  it('scxml-dialect 11: "`application@<cluster>`: … when present only that cluster serves the DN"', () => {
    const text =
      'switches: [{ name: S }]\ndns: [{ number: 1, application: a, applicationByCluster: { east: "script:b" } }, { number: 2, application: a }]\napplications: [{ name: a, url: "http://x/a" }, { name: b, url: "http://x/b" }]'
    const served = (cluster: string) =>
      readConfiguration([{ file: 'a.yaml', text }], { cluster }).configuration?.dns.map(
        ({ application }) => application,
      )

    expect(served('east')).toEqual(['script:b', 'a'])
    expect(served('west')).toEqual([undefined, 'a'])
    expect(served('__proto__')).toEqual([undefined, 'a'])
  })

  it('an application of a cluster that is not configured is told with its place', () => {
    const { findings } = read(
      'switches: [{ name: S }]\ndns:\n  - number: 1\n    applicationByCluster:\n      east: desk\n',
    )

    expect(findings).toMatchObject([{ code: 'SEG-CONFIG-005', line: 5 }])
  })

  it('an unknown key is told with its place and the name that was meant', () => {
    const { configuration, findings } = read('agents:\n  - id: A1\n    skils: { English: 1 }\n')

    expect(configuration).toBeUndefined()
    expect(findings).toMatchObject([{ code: 'SEG-CONFIG-003', line: 3, column: 5, hint: 'did you mean "skills"' }])
  })

  it.each([
    [
      'an agent group names an unknown agent',
      'agents: [{ id: A1, dn: "1" }]\nagentGroups: [{ name: G, agents: [A2] }]\nswitches: [{ name: S }]\ndns: [{ number: 1 }]',
      'SEG-CONFIG-005',
      2,
    ],
    ['a DN is on an unknown switch', 'dns:\n  - number: 1\n    switch: Nowhere', 'SEG-CONFIG-005', 3],
    [
      'a DN has an unknown application',
      'switches: [{ name: S }]\ndns:\n  - { number: 1, application: x }',
      'SEG-CONFIG-005',
      3,
    ],
    ['a DN has no switch and there is none', 'dns:\n  - { number: 1 }', 'SEG-CONFIG-002', 2],
    ['a name is there twice', 'lists:\n  - { name: L }\n  - { name: L }', 'SEG-CONFIG-004', 3],
    [
      'a skill expression is malformed',
      'agentGroups:\n  - name: G\n    skillExpression: "English >"',
      'SEG-CONFIG-006',
      3,
    ],
    ['a time zone is unknown', 'timeZones:\n  - { name: T, zone: Mars/Base }', 'SEG-CONFIG-007', 2],
    ['a value has the wrong type', 'agents:\n  - { id: A1, skills: { English: high } }', 'SEG-CONFIG-002', 2],
    ['a required member is missing', 'agents:\n  - { dn: "1" }', 'SEG-CONFIG-002', 2],
    [
      'an enumeration has another word',
      'switches: [{ name: S }]\ndns:\n  - { number: 1, type: phone }',
      'SEG-CONFIG-002',
      3,
    ],
    ['the text is no YAML', 'agents:\n  - [', 'SEG-CONFIG-001', 2],
    ['the file is a list', '- 1', 'SEG-CONFIG-002', 1],
    ['an origin has a path', 'documentOrigins: ["http://127.0.0.1:8080/pages"]', 'SEG-CONFIG-002', 1],
  ])('%s: an error with its line, and no configuration', (_, text, code, line) => {
    const { configuration, findings } = read(text)

    expect(configuration).toBeUndefined()
    expect(findings[0]).toMatchObject({ code, line, severity: 'error', file: 'a.yaml' })
  })

  it('an agent without a telephone is a warning only', () => {
    const { configuration, findings } = read('agents: [{ id: A1 }]')

    expect(configuration?.agents).toHaveLength(1)
    expect(findings).toMatchObject([{ code: 'SEG-CONFIG-009', severity: 'warning' }])
  })

  it('an application says what the death of a node may cost it', () => {
    const { configuration, findings } = read(
      'applications: [{ name: a, url: a.scxml, durability: none }, { name: b, url: b.scxml, honourPersistFalse: true }]',
    )

    expect(configuration?.applications).toMatchObject([
      { name: 'a', durability: 'none' },
      { name: 'b', durability: 'durable', honourPersistFalse: true },
    ])
    expect(findings).toEqual([])
  })

  it.each([
    [
      'aliases that explode',
      `a: &a [x, x]\nb: &b [*a, *a]\n${'cdefghijklmnop'
        .split('')
        .map((c, i) => `${c}: &${c} [${`*${'bcdefghijklmno'[i]}, `.repeat(9)}]`)
        .join('\n')}`,
    ],
    ['a hundred thousand brackets', '['.repeat(100_000)],
    [
      'keys of the prototype',
      '__proto__: { polluted: 1 }\nconstructor: 1\nlists: [{ name: __proto__, items: { __proto__: { a: b } } }]',
    ],
    ['control characters', '\u0000\u0001: \ufffe'],
    ['a very large file', `# ${'x'.repeat(8_000_001)}`],
    ['deep flow maps', '{a: '.repeat(5000)],
    ['a tag of a script', 'agents: !!js/function "function(){}"'],
  ])('hostile text (%s) gives findings and nothing else', (_, text) => {
    const { findings } = read(text)

    expect(findings.length).toBeGreaterThan(0)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it('the JSON schema describes every section', () => {
    const schema = JSON.stringify(configurationJsonSchema())

    for (const section of Object.keys(configurationOf(''))) {
      if (section !== 'version') expect(schema).toContain(`"${section}"`)
    }
  })

  it('a difference names what was added, removed and changed', () => {
    const before = configurationOf(clinicYaml)
    const after = configurationOf(clinicYaml.replace('dn: 7002', 'dn: 7003').replace('{ name: VQ }', '{ name: VQ2 }'))

    const texts = diffConfigurations(before, after).map((difference) => difference.text)

    expect(texts).toEqual([
      'agents: "A2" changed: dn "7002" → "7003"',
      'virtualQueues: "VQ" removed',
      'virtualQueues: "VQ2" added',
    ])
    expect(diffConfigurations(before, before)).toEqual([])
  })
})

describe('looking up lists and options', () => {
  const configuration = configurationOf(`
lists: [{ name: DESKS, items: { front: { room: 12 } } }]
options:
  - { level: router, values: { a: router, b: router } }
  - { level: tenant, object: Environment, values: { a: tenant } }
  - { level: strategy, object: app, values: { a: app } }
`)

  it('a key of an item, a missing key, and the whole item', () => {
    expect(listItemValue(configuration, 'DESKS', 'front', 'room')).toBe('12')
    expect(listItemValue(configuration, 'DESKS', 'front', 'toString')).toBe('')
    expect(listItemValue(configuration, 'DESKS', 'front', '')).toEqual({ room: '12' })
    expect(listItemValue(configuration, 'DESKS', 'front')).not.toBe(listItemValue(configuration, 'DESKS', 'front'))
  })

  it('a missing list or item throws an error with its code', () => {
    expect(() => listItemValue(configuration, 'X', 'front')).toThrow('list "X" is not configured')
    expect(() => listItemValue(configuration, 'DESKS', '__proto__')).toThrow('has no item')
  })

  it('an option is found on the way up from the level that was asked for', () => {
    const subject = { application: 'app' }

    expect(configOption(configuration, subject, 'a')).toBe('app')
    expect(configOption(configuration, subject, 'a', 0)).toBe('tenant')
    expect(configOption(configuration, subject, 'a', 3)).toBe('router')
    expect(configOption(configuration, subject, 'b')).toBe('router')
    expect(configOption(configuration, subject, 'c')).toBe('')
  })
})
