import { describe, expect, it } from 'vitest'
import { entering, findings, logged, page, run } from './support.ts'

describe('scxml-dialect 7: data model and scope', () => {
  it('`_data` | "every `<data>` of the document and of included fragments as members, also when the `<datamodel>` is nested in a state; readable everywhere, also before that state is entered"', async () => {
    const session = await run(
      `<datamodel><data id="top" expr="1"/></datamodel>${entering('<log expr="JSON.stringify(_data)"/>')}
       <state id="b"><datamodel><data id="nested" expr="2"/></datamodel>
         <xi:include href="p.scxml" xpointer="e" resolveid="P"/></state>`,
      { files: { 'p.scxml': page('<state id="e"><datamodel><data id="included" expr="3"/></datamodel></state>') } },
    )

    expect(JSON.parse(session.logs[0] ?? '')).toEqual({ top: 1, nested: 2, included: 3 })
  })

  it('bare names, Decisions: "`var` in any `<script>` is session-global and kept until the session ends … The manual\'s state scope with outward resolution is not built"', async () => {
    const logs = await logged(
      `<state id="a"><onentry><script>var x = 'kept'</script></onentry><transition event="go" target="b"/></state>
       <state id="b"><onentry><log expr="x"/></onentry></state>`,
      'go',
    )

    expect(logs).toEqual(['kept'])
  })

  it.each([
    ['"generated code uses `_data.x` for data and bare names for script variables"', 'var v = 2', '_data.x + v', '3'],
    ['"older documents used bare data ids"', '', 'x', '1'],
    [
      'Decisions: "A bare data id means `_data.id` unless a script of the application declares the name."',
      'var x = 9',
      "x + ',' + _data.x",
      '9,1',
    ],
  ])('bare access to data ids | %s', async (_, script, expr, expected) => {
    const declared = `<datamodel><data id="x" expr="1"/></datamodel><script>${script}</script>`

    expect(await logged(declared + entering(`<log expr="${expr}"/>`))).toEqual([expected])
  })

  it('transition scope | "none of its own; uses the scope of its state"', async () => {
    const logs = await logged(
      `<state id="a"><onentry><script>var n = 1</script></onentry>
         <transition event="go"><script>n = n + 1; var made = 'here'</script></transition>
         <transition event="show"><log expr="n + made"/></transition></state>`,
      'go',
      'show',
    )

    expect(logs).toEqual(['2here'])
  })

  it('`_event` | "last external/internal event: `name`, `data`, `sendid`, `type`, `origin`, `origintype`, `invokeid`"', async () => {
    const session = await run(
      `<state id="a"><transition event="x"><log expr="[_event.name, _event.data.n, _event.sendid, _event.type, _event.origin, _event.origintype, _event.invokeid].join()"/></transition></state>`,
    )

    session.take({
      kind: 'event',
      name: 'x',
      data: '{"n":1}',
      sendId: 's',
      origin: 'o',
      originType: 't',
      invokeId: 'i',
    })

    expect(session.logs).toEqual(['x,1,s,external,o,t,i'])
  })

  it('`_sessionid` | "system id, bound at load"', async () => {
    expect(await logged(`<script>var early = _sessionid</script>${entering('<log expr="early"/>')}`)).toEqual(['S'])
  })

  it('`_name` | "machine name"', async () => {
    const session = await run(entering('<log expr="_name"/>'), { attributes: 'name="lesson"' })

    expect(session.logs).toEqual(['lesson'])
  })

  it('`_genesys` | "root of module objects"; module objects | "read-only for the script"', async () => {
    const session = await run(
      entering(`<script>_genesys.queue.size = 9; _genesys.other = 1; _genesys.queue.list.x = 1</script>
        <log expr="_genesys.queue.size + typeof _genesys.other + typeof _genesys.queue.list.x"/>`),
      { host: { modules: [{ root: 'queue', functions: [], constants: '' }], view: () => '{"size":1,"list":{}}' } },
    )

    expect(session.logs).toEqual(['1undefinedundefined'])
  })

  it('module objects | an `<assign>` to one is `error.illegalassign`', async () => {
    const session = await run(entering('<assign location="_genesys.queue" expr="1"/>'))

    expect(session.errors).toEqual(['error.illegalassign'])
  })

  it.each([
    ['1 &lt; 2 &amp;&amp; 2 &gt;= 2', 'true'],
    ["1 == '1' &amp;&amp; 1 !== '1'", 'true'],
  ])('comparison operators | "plain ECMAScript, XML-escaped": %s', async (expr, expected) => {
    expect(await logged(entering(`<log expr="${expr}"/>`))).toEqual([expected])
  })

  it('comparison operators | "old mnemonics `eq`, `lt` … dropped in 8.1"', async () => {
    expect(await findings(entering('<if cond="1 lt 2"/>'))).toEqual([expect.stringMatching(/^error SEG-SCRIPT-001/)])
  })

  it('`In(\'state\')` | "available in `cond`"', async () => {
    const session = await run(
      `<parallel id="p"><state id="r"><state id="r1"><transition event="go" target="r2"/></state><state id="r2"/></state>
         <state id="w"><transition cond="In('r2')" target="done"/></state></parallel><state id="done"/>`,
    )
    expect(session.active).toContain('r1')

    session.send('go')

    expect(session.active).toEqual(['done'])
  })
})

describe('scxml-dialect, Decisions about `_event`', () => {
  it('"`_event.data` is always an object, `{}` when nothing was sent"', async () => {
    expect(
      await logged(
        '<state id="a"><transition event="x"><log expr="JSON.stringify(_event.data)"/></transition></state>',
        'x',
      ),
    ).toEqual(['{}'])
  })

  it('"`_event` stays the same object for the whole macrostep and when stored"', async () => {
    const logs = await logged(
      `<script>var list = []</script><parallel id="p">
         <state id="r"><transition event="x"><script>list.push(_event)</script></transition></state>
         <state id="w"><transition event="x"><log expr="list.indexOf(_event)"/></transition></state></parallel>`,
      'x',
      'x',
    )

    expect(logs).toEqual(['0', '1'])
  })

  it('"`_event.data` has the `<param>` members themselves; `_event.data.params` is the same object, non-enumerable"', async () => {
    const logs = await logged(
      `<state id="a"><final id="f"><donedata><param name="n" expr="1"/></donedata></final>
         <transition event="done.state.a"><log expr="JSON.stringify(_event.data) + (_event.data.params === _event.data)"/></transition></state>`,
    )

    expect(logs).toEqual(['{"n":1}true'])
  })
})
