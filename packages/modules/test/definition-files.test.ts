import { describe, expect, it } from 'vitest'
import { positionAt } from '@segue/scxml'
import { definedModules, definitionLimits, modulesOf } from '@segue/modules'
import { readDefinition } from '../src/dfm/read-definition.ts'

const url = 'file:///site/callback.dfm'
const read = (text: string) => readDefinition({ url, text })
/** Findings as people see them: `line:column code`. */
const found = (text: string): string[] =>
  definedModules([{ url, text }]).diagnostics.map(({ code, span }) => {
    const { column, line } = positionAt(span.source, span.start)
    return `${line}:${column} ${code}`
  })
const file = (body: string, attributes = 'name="callback" namespace="www.example.com/modules/callback"'): string =>
  `<dfm ${attributes}>\n${body}\n</dfm>`
const connection = '<connection type="http"><server url="http://one.example:81"/></connection>'
const transport = '<transport name="notify" conntype="http" url="/n"/>'

describe('scxml-dialect 13: "`<dfm name namespace>` with connections of type `http`, selection `simple` or `round-robin`, server lists, transports with `conntype`, `url`"', () => {
  it('a whole file', () => {
    const { definition, diagnostics } = read(
      file(`<connections>
        <connection name="main" type="http" selection="round-robin">
          <servers><server name="a" url="http://one.example:81/base/"/><server url="https://two.example"/></servers>
        </connection>
        <connection name="spare" type="HTTP"><server url="http://three.example"/></connection>
      </connections>
      <transports>
        <transport name="notify" conntype="http" url="/callback/notify?v=1"/>
        <transport name="look-up" conntype="http" connection="spare" url="who" method="GET" enctype="application/x-www-form-urlencoded" timeout="2.5"/>
      </transports>`),
    )

    expect(diagnostics).toEqual([])
    expect(definition).toEqual({
      name: 'callback',
      uris: ['www.example.com/modules/callback', 'http://www.example.com/modules/callback'],
      actions: [
        {
          name: 'notify',
          method: 'post',
          form: 'json',
          urls: ['http://one.example:81/callback/notify?v=1', 'https://two.example/callback/notify?v=1'],
          selection: 'round-robin',
        },
        {
          name: 'look-up',
          method: 'get',
          form: 'form',
          urls: ['http://three.example/who'],
          selection: 'simple',
          timeoutS: 2.5,
        },
      ],
    })
  })

  it('wrapping elements may be left out, and definitions travel as text', () => {
    const defined = definedModules([{ url, text: file(connection + transport) }])

    expect(defined.diagnostics).toEqual([])
    expect(modulesOf(defined.text).map(({ name }) => name)).toEqual(defined.modules.map(({ name }) => name))
    expect(defined.modules.at(-1)?.namespace.elements.map(({ events }) => events)).toEqual([
      ['callback.notify.done', 'error.callback.notify'],
    ])
    expect(modulesOf('')).toHaveLength(defined.modules.length - 1)
  })

  it.each([
    ['another root', '<module/>', ['1:2 SEG-DFM-001']],
    ['no name', file(connection + transport, 'namespace="a"'), ['1:2 SEG-DFM-002']],
    ['no namespace', file(connection + transport, 'name="a"'), ['1:2 SEG-DFM-002']],
    ['a name that is none', file(connection + transport, 'name="a b" namespace="x"'), ['1:12 SEG-DFM-004']],
    ['a namespace with a blank', file(connection + transport, 'name="a" namespace="x y"'), ['1:26 SEG-DFM-004']],
    ['no connection', file(transport), ['2:2 SEG-DFM-003']],
    ['no transport', file(connection), ['1:2 SEG-DFM-003']],
    ['a connection without servers', file(`<connection type="http"/>${transport}`), ['2:2 SEG-DFM-003']],
    ['a connection of another type', file(connection.replace('http', 'tcp') + transport), ['2:19 SEG-DFM-004']],
    ['a connection without type', file(connection.replace('type="http"', '') + transport), ['2:2 SEG-DFM-002']],
    [
      'another selection',
      file(connection.replace('type=', 'selection="random" type=') + transport),
      ['2:24 SEG-DFM-004'],
    ],
    ['a transport of another type', file(connection + transport.replace('http', 'esp')), ['2:110 SEG-DFM-004']],
    [
      'a connection that is not there',
      file(`${connection}\n${transport.replace('url', 'connection="x" url')}`),
      ['3:54 SEG-DFM-004'],
    ],
    ['two transports of one name', file(`${connection}\n${transport}\n${transport}`), ['4:18 SEG-DFM-005']],
    ['two connections of one name', file(`${connection}\n${connection}\n${transport}`), ['3:2 SEG-DFM-005']],
    ['an unknown element', file(`${connection}${transport}\n<action/>`), ['3:2 SEG-DFM-001']],
    [
      'an unknown attribute, a warning',
      file(`${connection}\n${transport.replace('url', 'uri="x" url')}`),
      ['3:42 SEG-DFM-006'],
    ],
    ['a module of the product', file(connection + transport, 'name="queue" namespace="x"'), ['1:1 SEG-DFM-005']],
    [
      'a namespace of the product',
      file(connection + transport, 'name="q" namespace="www.genesyslab.com/modules/queue"'),
      ['1:1 SEG-DFM-005'],
    ],
    [
      'the namespace of SCXML',
      file(connection + transport, 'name="q" namespace="http://www.w3.org/2005/07/scxml"'),
      ['1:1 SEG-DFM-005'],
    ],
    ['nothing', '', ['1:1 SEG-XML-011']],
  ])('%s is told with its place', (_what, text, findings) => {
    expect(found(text)).toEqual(findings)
  })

  it.each([
    'ftp://one.example',
    'one.example',
    'http://u:p@one.example',
    'http://one.example/#x',
    'file:///etc/passwd',
  ])('a server cannot be %s', (server) => {
    expect(found(file(`<connection type="http"><server url="${server}"/></connection>${transport}`))[0]).toMatch(
      /^2:38 SEG-DFM-004$/,
    )
  })

  it.each(['http://elsewhere.example/x', '//elsewhere.example/x', 'file:///x', '\\\\elsewhere.example', '/x#y'])(
    'a transport does not lead away from the servers: %s',
    (path) => {
      expect(found(file(`${connection}\n${transport.replace('/n', path)}`))).toEqual(['3:47 SEG-DFM-004'])
    },
  )

  it.each([['0'], ['-1'], ['601'], ['soon'], [''], ['Infinity'], ['NaN']])('a timeout cannot be "%s"', (timeout) => {
    expect(found(file(`${connection}\n${transport.replace('url', `timeout="${timeout}" url`)}`))).toEqual([
      '3:51 SEG-DFM-004',
    ])
  })
})

describe('hostile definition files', () => {
  const many = (count: number, write: (n: number) => string): string =>
    Array.from({ length: count }, (_, n) => write(n)).join('')

  it.each([
    ['an entity bomb', '<!DOCTYPE dfm [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><dfm name="&b;" namespace="x"/>'],
    ['an external entity', '<!DOCTYPE dfm [<!ENTITY a SYSTEM "file:///etc/passwd">]><dfm name="a" namespace="&a;"/>'],
    ['deep nesting', `${'<dfm>'.repeat(100_000)}`],
    ['deep nesting within the size', `${'<connections>'.repeat(2_000)}`],
    ['a file beyond the limit', file(`<!--${'x'.repeat(definitionLimits.maxFileBytes)}-->`)],
    ['cut off', file(connection).slice(0, 60)],
    ['a zero character', file('\0')],
    [
      'too many servers',
      file(
        `<connection type="http">${many(33, (n) => `<server url="http://h${n}.example"/>`)}</connection>${transport}`,
      ),
    ],
    ['too many transports', file(connection + many(101, (n) => `<transport name="t${n}" conntype="http" url="/"/>`))],
    [
      'names of the language',
      file(connection + transport, 'name="__proto__" namespace="x"').replace('conntype', '__proto__'),
    ],
  ])('%s gives findings and no module', (_what, text) => {
    const defined = definedModules([{ url, text }])

    expect(defined.diagnostics.some(({ severity }) => severity === 'error')).toBe(true)
    expect(defined.text).toBe('')
  })

  it('2,000 mutilated files never throw, and a module that comes of one is whole', () => {
    const whole = file(
      `${connection}<transport name="notify" conntype="http" url="/n" method="get" timeout="3"/><transport name="b" conntype="http" url="c?d=1"/>`,
    )
    let seed = 1
    const below = (n: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return seed % n
    }
    const pieces = [
      '<',
      '>',
      '"',
      "'",
      '&',
      '/',
      '\0',
      '\ud800',
      ']]>',
      '<!--',
      'http',
      '=',
      ' ',
      '&#0;',
      '__proto__',
      '..',
    ]

    for (let round = 0; round < 2_000; round += 1) {
      let text = whole
      for (let cuts = 0; cuts <= below(3); cuts += 1) {
        const at = below(text.length)
        text = text.slice(0, at) + pieces[below(pieces.length)] + text.slice(at + below(12))
      }
      const { definition } = read(text)
      for (const { urls } of definition?.actions ?? []) {
        expect(urls.length, text).toBeGreaterThan(0)
        for (const one of urls) expect(new URL(one).username + new URL(one).hash, text).toBe('')
      }
    }
  })

  it('many files together are bounded', () => {
    const actions = many(90, (n) => `<transport name="t${n}" conntype="http" url="/${'p'.repeat(400)}"/>`)
    const sources = [1, 2, 3, 4].map((n) => ({
      url: `file:///site/${n}.dfm`,
      text: file(connection + actions, `name="m${n}" namespace="x${n}"`),
    }))

    expect(definedModules(sources.slice(0, 1)).diagnostics).toEqual([])
    expect(definedModules(sources).diagnostics.map(({ code }) => code)).toEqual(['SEG-DFM-007'])
  })

  it('an action called as a member of every object is an ordinary action', () => {
    const named = ['__proto__', 'constructor'].map((name) => transport.replace('notify', name))
    const { definition } = read(file(connection + named.join('')))

    expect(definition?.actions.map(({ name }) => name)).toEqual(['__proto__', 'constructor'])
  })
})
