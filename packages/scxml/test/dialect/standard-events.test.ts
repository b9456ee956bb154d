import { describe, expect, it } from 'vitest'
import { entering, findings, run } from './support.ts'

describe('scxml-dialect 9: standard events', () => {
  it.each([
    ['`error.illegalcond.<type>`', '<if cond="gone.x"/>', 'error.illegalcond.ReferenceError'],
    ['`error.illegalloc.<type>`', '<assign location="gone.x" expr="1"/>', 'error.illegalloc.ReferenceError'],
    ['`error.illegalvalue.<type>`', '<assign location="v" expr="gone.x"/>', 'error.illegalvalue.ReferenceError'],
    [
      '`error.illegalvalue.<type>`',
      '<raise event="e"><param name="p" expr="gone.x"/></raise>',
      'error.illegalvalue.ReferenceError',
    ],
    ['`error.illegalvalue.<type>`', '<log expr="null.x"/>', 'error.illegalvalue.TypeError'],
    [
      '`error.illegalvalue.<type>`',
      `<send event="'e'"><content _expr="gone.x"/></send>`,
      'error.illegalvalue.ReferenceError',
    ],
    ['`error.illegalassign`', '<assign location="_event" expr="1"/>', 'error.illegalassign'],
    ['`error.script.SyntaxError`', `<script>eval('1 +')</script>`, 'error.script.SyntaxError'],
    ['`error.script.ReferenceError`', '<script>gone()</script>', 'error.script.ReferenceError'],
    ['TypeError …', '<script>null.x</script>', 'error.script.TypeError'],
    ['`error.unsupported.<element>`', '<queue:unknown/>', 'error.unsupported.unknown'],
    ['`error.send.nosuchsession`', `<send event="'e'" target="'GONE'"/>`, 'error.send.nosuchsession'],
    [
      '`.targettypeinvalid.<stateid>`',
      `<send event="'e'" type="'smtp'" target="'x'"/>`,
      'error.send.targettypeinvalid.a',
    ],
    ['`.noeventspecified`', `<send target="'X'"/>`, 'error.send.noeventspecified'],
    [
      '`error.send.targetunavailable.<stateid>`',
      `<send event="'e'" type="'basichttp'"/>`,
      'error.send.targetunavailable.a',
    ],
    ['use `error.notallowed`', `<cancel sendid="'gone'"/>`, undefined],
  ])('%s: %s', async (_, content, expected) => {
    const session = await run(
      `<script>var v</script>${entering(content, '<transition event="error"><log expr="_event.name"/></transition>')}`,
      { host: { mayReach: () => false } },
    )

    expect(session.logs).toEqual([expected ?? 'error.notallowed'])
    expect(session.errors).toEqual(expected === undefined ? [] : [expected])
  })

  it.each([
    ['nothing', `type="'basichttp'"`, 'error.send.targetunavailable.a '],
    ['no form of a target', `target="'#mail'"`, 'error.send.targetunavailable.a #mail'],
  ])('`error.send.targetunavailable.<stateid>` | "`target`": %s', async (_, attributes, expected) => {
    const session = await run(
      entering(
        `<send event="'e'" ${attributes}/>`,
        `<transition event="error"><log expr="_event.name + ' ' + _event.data.target"/></transition>`,
      ),
    )

    expect(session.logs).toEqual([expected])
  })

  it('`done.invoke.<id>`, `error.<module>.<action>`: events of the world are taken by name and prefix', async () => {
    const session = await run(
      entering('', '<transition event="done.invoke.i1 error.queue"><log expr="_event.name"/></transition>'),
    )

    session.send('done.invoke.i1').send('error.queue.submit').send('done.invoke.i2')

    expect(session.logs).toEqual(['done.invoke.i1', 'error.queue.submit'])
  })

  it('`error.illegaldata.<type>`', async () => {
    const session = await run('<datamodel><data id="x" expr="gone.x"/></datamodel><state id="a"/>')

    expect(session.errors).toEqual(['error.illegaldata.ReferenceError'])
  })

  it('"Common data of engine errors: `document` (URL; matters with includes), `element`, `linenumber`"', async () => {
    const session = await run(
      `<script><xi:include href="lib.js" parse="text"/></script>
       ${entering('<script>fail()</script>', '<transition event="error"><log expr="[_event.data.document, _event.data.element, _event.data.linenumber].join()"/></transition>')}`,
      { files: { 'lib.js': 'function fail() {\n  throw new Error("x")\n}' } },
    )

    expect(session.logs).toEqual(['file:///app/lib.js,script,2'])
  })

  it.each([
    [
      '`done.state.<id>`',
      '<state id="a"><state id="x"><final id="f"/></state><transition event="done.state.x" target="b"/></state><state id="b"/>',
    ],
    [
      '`done.state.<id>`',
      '<state id="a"><parallel id="x"><state id="r"><final id="f"/></state></parallel><transition event="done.state.x" target="b"/></state><state id="b"/>',
    ],
  ])('%s: %s', async (_, content) => {
    expect((await run(content)).active).toEqual(['b'])
  })

  it.each([
    '<queue:unknown/>',
    '<script>gone()</script>',
    '<log expr="gone.x"/>',
    '<assign location="_name" expr="1"/>',
    `<send target="'X'"/>`,
    `<cancel sendid="'gone'"/>`,
  ])('"An application-wide `<transition event="error">` matches all of them by prefix.": %s', async (content) => {
    const session = await run(
      `<state id="app"><transition event="error" target="stop"/>${entering(content)}</state><state id="stop"/>`,
    )

    expect(session.active).toEqual(['stop'])
  })

  it('"Unhandled errors do not end the session."', async () => {
    const session = await run(
      entering('<script>gone()</script>', '<transition event="go" target="b"/>') + '<state id="b"/>',
    )
    expect(session.errors).toHaveLength(1)

    session.send('go')

    expect(session.active).toEqual(['b'])
    expect(session.ended).toBeUndefined()
  })
})

describe('scxml-dialect, Decisions about errors', () => {
  it('"`cond` → `error.illegalcond.<type>` (and counts as false)"', async () => {
    const session = await run(
      `<state id="a"><transition event="go" cond="gone.x" target="b"/><transition event="go" target="c"/></state><state id="b"/><state id="c"/>`,
    )

    session.send('go')

    expect(session.active).toEqual(['c'])
    expect(session.errors).toEqual(['error.illegalcond.ReferenceError'])
  })

  it.each([
    [`throw new RangeError('x')`, 'error.script.RangeError'],
    [`function Own() {} throw new Own()`, 'error.script.Own'],
    [`throw 'text'`, 'error.script.string'],
    ['throw 1', 'error.script.number'],
  ])(
    '"script and `throw` → `error.script.<constructor name, or typeof for a non-object>`": %s',
    async (script, expected) => {
      expect((await run(entering(`<script>${script}</script>`))).errors).toEqual([expected])
    },
  )

  it('"One event per failure, data also `message` and `description`; the rest of that block of content is not executed."', async () => {
    const session = await run(
      `<state id="a"><onentry><script>throw new Error('why')</script><log expr="'not reached'"/></onentry>
         <onentry><log expr="'next block'"/></onentry>
         <transition event="error"><log expr="_event.data.message + '|' + _event.data.description"/></transition></state>`,
    )

    expect(session.logs).toEqual(['next block', 'why|Error: why'])
  })

  it.each([
    '<script>gone()</script>',
    '<log expr="gone.x"/>',
    '<if cond="gone.x"/>',
    '<assign location="_name" expr="1"/>',
    '<assign location="gone.x" expr="1"/>',
  ])('"In this dialect a transition on `error.execution` matches each of them too.": %s', async (content) => {
    const session = await run(entering(content, '<transition event="error.execution" target="b"/>') + '<state id="b"/>')

    expect(session.active).toEqual(['b'])
  })

  it('"Breach of a limit ends the session with an incident"', async () => {
    const session = await run('<state id="a"><transition target="a"/></state>')

    expect(session.ended).toMatchObject({ reason: 'limit', limit: { element: 'state', line: 2 } })
  })

  it.each([
    ['Unknown SCXML element or namespace: error at load', '<state id="a"><stat/></state>', 'error SEG-DOC-004 stat'],
    [
      'Unknown SCXML element or namespace: error at load',
      entering('<o:x xmlns:o="http://example.org/o"/>'),
      'error SEG-DOC-005 o:x',
    ],
    [
      'Unknown element of a known module: warning at load',
      entering('<queue:unknown/>'),
      'warning SEG-DOC-007 queue:unknown',
    ],
    ['Unknown attribute: warning, ignored', entering('<log expr="1" colour="red"/>'), 'warning SEG-DOC-009 colour'],
    [
      'Unknown attribute: warning, ignored',
      entering(`<queue:cancel requestid="'r'" colour="red"/>`),
      'warning SEG-DOC-009 colour',
    ],
  ])('"%s": %s', async (_, content, expected) => {
    expect(await findings(content)).toEqual([expected])
  })
})
