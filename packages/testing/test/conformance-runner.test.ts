import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sameRealm } from '@segue/scxml'
import { judge, parseDeviations, runSuite } from '@segue/testing'
import type { ConformanceResult } from '@segue/testing'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'segue-conformance-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const write = (name: string, text: string): void => {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

const document = (content: string): string =>
  `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript">${content}
     <final id="pass"/><final id="fail"/></scxml>`

const run = (kind: 'w3c' | 'scion', clock: 'virtual' | 'real' = 'virtual'): Promise<readonly ConformanceResult[]> =>
  runSuite({ kind, folder, clock, realm: sameRealm })

const outcomes = (results: readonly ConformanceResult[]): readonly unknown[] =>
  results.map(({ name, result }) => [name, result])

describe('a folder of W3C tests', () => {
  it('is searched with everything below it, and documents that tests invoke are none themselves', async () => {
    write('deep/er/test1.scxml', document('<state id="s0"><transition target="pass"/></state>'))
    write('deep/er/test1sub1.scxml', document('<state id="s0"/>'))
    write('test2.scxml', document('<state id="s0"><transition target="fail"/></state>'))

    expect(outcomes(await run('w3c'))).toEqual([
      ['deep/er/test1', 'pass'],
      ['test2', 'fail'],
    ])
  })

  it('gives a result for files that are broken or never come to rest', async () => {
    write('broken.scxml', '<scxml')
    write('empty.scxml', '')
    write('folder.scxml/inside.txt', '')
    write('quiet.scxml', document('<state id="s0"><transition event="never" target="pass"/></state>'))
    write(
      'restless.scxml',
      document('<state id="s"><onentry><send event="a"/></onentry><transition event="a" target="s"/></state>'),
    )

    const results = await run('w3c')

    expect(outcomes(results)).toEqual([
      ['broken', 'fail'],
      ['empty', 'fail'],
      ['quiet', 'fail'],
      ['restless', 'fail'],
    ])
    expect(results.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^refused: .*broken\.scxml:1 SEG-XML-012 /),
      expect.stringMatching(/^refused: .*empty\.scxml:1 SEG-XML-011 /),
      'still in "s0"; no event came; nothing is under way that could go on',
      expect.stringContaining('takes events without an end'),
    ])
  })

  it('waits for delays on the clock of the machine, too', async () => {
    write(
      'test1.scxml',
      document(`<state id="s0"><onentry><send event="late" delay="60ms"/><send event="soon" delay="20ms"/></onentry>
        <transition event="soon" target="s1"/></state>
        <state id="s1"><transition event="late" target="pass"/></state>`),
    )

    const [result] = await run('w3c', 'real')

    expect(result?.result).toBe('pass')
    expect(result?.ms).toBeGreaterThanOrEqual(60)
  })

  it('tells a parent that the document of an invocation cannot be read', async () => {
    write(
      'test1.scxml',
      document(`<state id="s0"><invoke id="i" src="missing.scxml"/>
        <transition event="error.communication" cond="_event.invokeid === 'i'" target="pass"/></state>`),
    )

    expect(outcomes(await run('w3c'))).toEqual([['test1', 'pass']])
  })
})

describe('events over HTTP', () => {
  const post = (content: string, transitions: string): string =>
    document(`<state id="s0"><onentry>${content}</onentry>${transitions}
      <transition event="*" target="fail"><log expr="JSON.stringify(_event)"/></transition></state>`)
  const toItself = 'type="basichttp" targetexpr="_ioprocessors.basichttp.location"'

  it.each([
    [
      'params arrive as text, repeated ones as a list',
      `<send event="e" ${toItself}><param name="a" expr="'x y&amp;z'"/><param name="b" expr="1"/><param name="b" expr="2"/></send>`,
      `_event.data.a === 'x y&amp;z' &amp;&amp; _event.data.b.join() === '1,2'`,
    ],
    ['content that is JSON', `<send event="e" ${toItself}><content expr="{a: [1]}"/></send>`, '_event.data.a[0] === 1'],
    [
      'content that is text',
      `<send event="e" ${toItself}><content>a=b + c</content></send>`,
      `_event.data === 'a=b + c'`,
    ],
    [
      'content that is markup',
      `<send event="e" ${toItself}><content><a xmlns="">x</a></content></send>`,
      "_event.data.slice(0, 2) === '&lt;a' &amp;&amp; _event.data.slice(-6) === '>x&lt;/a>'",
    ],
  ])('%s', async (_, send, condition) => {
    write('test1.scxml', post(send, `<transition event="e" cond="${condition}" target="pass"/>`))

    expect(outcomes(await run('w3c'))).toEqual([['test1', 'pass']])
  })

  it.each(['http://127.0.0.1:1/nobody', 'http://192.0.2.1/not-this-machine', 'no address'])(
    'a post to "%s" that cannot be delivered raises error.communication with the id of the send',
    async (target) => {
      const send = `<send id="mine" event="e" type="basichttp" target="${target}"/>`
      const condition = "_event.sendid === 'mine'"
      write('test1.scxml', post(send, `<transition event="error.communication" cond="${condition}" target="pass"/>`))

      expect(outcomes(await run('w3c'))).toEqual([['test1', 'pass']])
    },
  )
})

describe('a folder of SCION tests', () => {
  it('compares configurations after each event and its delay', async () => {
    const chart = document(`<state id="a"><transition event="t" target="b"/></state>
      <state id="b"><onentry><send event="go" delay="100ms"/></onentry><transition event="go" target="c"/></state>
      <state id="c"><transition event="t" target="a"/></state>`)
    const script = (last: string): string =>
      JSON.stringify({
        initialConfiguration: ['a'],
        events: [
          { event: { name: 't' }, nextConfiguration: ['b'] },
          { after: 100, event: { name: 't' }, nextConfiguration: [last] },
        ],
      })
    write('right.scxml', chart)
    write('right.json', script('a'))
    write('wrong.scxml', chart)
    write('wrong.json', script('b'))
    write('unread.scxml', chart)
    write('unread.json', '{}')
    write('alone.scxml', chart)

    const results = await run('scion')

    expect(outcomes(results)).toEqual([
      ['right', 'pass'],
      ['unread', 'fail'],
      ['wrong', 'fail'],
    ])
    expect(results[2]?.reason).toBe('after event 2 ("t") "b" was expected: still in "a"; events: t, go, t')
  })
})

describe('known failures', () => {
  const entry = { name: 'group/test0', reason: 'it is older', clause: '3.2.2' }

  it('hold for a part of a suite as for the whole of it, and are found out when they pass', () => {
    const failing: ConformanceResult = { name: 'test0', result: 'fail', reason: 'x', ms: 1 }

    expect(judge([failing], [entry], '/suite/group').known).toHaveLength(1)
    expect(judge([failing], [entry], '/suite/other').failed).toHaveLength(1)
    expect(judge([{ name: 'group/test0', result: 'pass', ms: 1 }], [entry], '/suite').stale).toHaveLength(1)
  })

  it('need a name, a reason and a clause', () => {
    expect(() => parseDeviations('{"w3c": [], "scion": [{"name": "a", "reason": "b"}]}')).toThrow('"clause"')
    expect(() => parseDeviations('{"w3c": []}')).toThrow('"scion"')
  })
})
