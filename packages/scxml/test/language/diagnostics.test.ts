import { describe, expect, it } from 'vitest'
import { load, type Diagnostic } from '../../src/index.ts'
import { realms, script, ScriptWorld } from '../script/script-world.ts'

/** Loads `main.scxml` out of these files and gives what was found. */
async function findings(files: Readonly<Record<string, string>>): Promise<readonly Diagnostic[]> {
  const loaded = await load('file:///app/main.scxml', {
    resolve: (href, base) => {
      const url = new URL(href, base).href
      const text = files[url.replace('file:///app/', '')]
      return Promise.resolve(
        text === undefined ? { found: false, url, reason: 'missing' } : { found: true, source: { url, text } },
      )
    },
    modules: [],
  })
  return loaded.diagnostics
}

const page = (content: string): string =>
  `<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:xi="http://www.w3.org/2001/XInclude" version="1.0" profile="ecmascript">\n${content}\n</scxml>`

/** `file:line:column` of a finding; lines and columns start at 1. */
function placeOf({ span }: Diagnostic): string {
  const before = span.source.text.slice(0, span.start).split('\n')
  return `${span.source.url.replace('file:///app/', '')}:${before.length}:${(before.at(-1) ?? '').length + 1}`
}

async function placesOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await findings(files)).map((one) => `${placeOf(one)} ${one.code}`)
}

describe('a syntax error points at its own place', () => {
  it('in an attribute, also behind character references', async () => {
    expect(
      await placesOf({
        'main.scxml': page(`<state id="a"><transition cond="1 &lt; 2 &amp;&amp; )" target="a"/></state>`),
      }),
    ).toEqual(['main.scxml:2:53 SEG-SCRIPT-001'])
  })

  it('in CDATA', async () => {
    expect(
      await placesOf({
        'main.scxml': page('<script><![CDATA[\nvar a = 1;\nif (a < ) {}\n]]></script><state id="a"/>'),
      }),
    ).toEqual(['main.scxml:4:9 SEG-SCRIPT-001'])
  })

  it('behind an XML comment', async () => {
    expect(
      await placesOf({ 'main.scxml': page('<script>var a = 1; <!-- note\n --> var b = ;</script><state id="a"/>') }),
    ).toEqual(['main.scxml:3:14 SEG-SCRIPT-001'])
  })

  it('in an included file', async () => {
    expect(
      await placesOf({
        'main.scxml': page('<script><xi:include href="lib.js" parse="text"/></script><state id="a"/>'),
        'lib.js': 'function f() {\n  return 1\n}\nvar x = = 2\n',
      }),
    ).toEqual(['lib.js:4:9 SEG-SCRIPT-001'])
  })
})

describe('E1: a refused construct says what to write instead', () => {
  it.each([
    ['async function f() {}', /event|transition/],
    ['function f() { with (Math) { return PI } }', /name the object/],
    ['import("x")', /xi:include/],
    ['return 1', /function|if/],
    ['async function f(l) { for await (var x of l) {} }', /transition|event/],
  ])('%s', async (text, hint) => {
    const [first] = await findings({ 'main.scxml': page(`<script>${text}</script><state id="a"/>`) })

    expect(first?.code).toBe('SEG-SCRIPT-002')
    expect(first?.hint).toMatch(hint)
  })
})

describe.each(realms)('E14: values that cannot be saved, in the %s', (_, makeRealm) => {
  it('are told with their path and what they are', () => {
    const world = new ScriptWorld(makeRealm(), [
      script('var system = { list: [1, (function* () {})()] }; var other = Symbol("own")'),
    ])
    world.program.run(0)
    world.program.save(world.scope)

    expect(world.program.takeUnsaved()).toEqual([
      { path: '$.other', what: 'symbol' },
      { path: '$.system.list[1]', what: 'Generator' },
    ])
  })
})
