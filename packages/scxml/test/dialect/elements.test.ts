import { describe, expect, it } from 'vitest'
import { entering, findings, loadPage, logged, page, run } from './support.ts'

describe('scxml-dialect 2: structure', () => {
  it('`<scxml>`: "attributes `version`, `xmlns`, `name`, `initial`, `profile`"', async () => {
    const { document, diagnostics } = await loadPage(
      page('<state id="a"/><state id="b"><transition event="x" target="a"/></state>', 'name="app" initial="b"'),
    )

    expect(diagnostics).toEqual([])
    expect(document).toMatchObject({ name: 'app', dialect: 'orchestration', initial: { targets: [{ id: 'b' }] } })
  })

  it('`<scxml>`: "`<initial>` as a child of `<scxml>` is also accepted"', async () => {
    const session = await run(
      `<initial><transition target="b"><log expr="'on the way'"/></transition></initial>
       <state id="a"/><state id="b"><onentry><log expr="'in b'"/></onentry><transition event="x" target="a"/></state>`,
    )

    expect(session.active).toEqual(['b'])
    expect(session.logs).toEqual(['on the way', 'in b'])
  })

  it.each([
    ['state', '<state id="a"/>', ['a']],
    ['parallel', '<parallel id="a"><state id="b"/><state id="c"/></parallel>', ['a', 'b', 'c']],
    [
      'initial',
      '<state id="a"><initial><transition target="c"/></initial><state id="b"/><state id="c"/></state>',
      ['a', 'c'],
    ],
    [
      'history',
      '<state id="a" initial="h"><history id="h"><transition target="c"/></history><state id="b"/><state id="c"/></state>',
      ['a', 'c'],
    ],
    ['onentry', entering('<raise event="x"/>', '<transition event="x" target="b"/>') + '<state id="b"/>', ['b']],
    [
      'onexit',
      `<state id="a"><onexit><raise event="x"/></onexit><transition target="b"/></state><state id="b"><transition event="x" target="c"/></state><state id="c"/>`,
      ['c'],
    ],
    ['transition', '<state id="a"><transition target="b"/></state><state id="b"/>', ['b']],
  ])(
    '"`<state>`, `<parallel>`, `<final>`, `<initial>`, `<history>`, `<onentry>`, `<onexit>`, `<transition>` | supported": %s',
    async (_, content, active) => {
      expect((await run(content)).active).toEqual(active)
    },
  )

  it('`<final>` | supported', async () => {
    expect((await run('<final id="a"/>')).ended).toMatchObject({ reason: 'final' })
  })

  it('"a state may have both `initial` attribute (not with `<initial>` child) and nested `<datamodel>`"', async () => {
    const child = '<state id="b"/><state id="c"><onentry><log expr="_data.x"/></onentry></state>'

    expect(
      await logged(`<state id="a" initial="c"><datamodel><data id="x" expr="5"/></datamodel>${child}</state>`),
    ).toEqual(['5'])
    expect(
      await findings(`<state id="a" initial="c"><initial><transition target="b"/></initial>${child}</state>`),
    ).toContain('error SEG-DOC-015 c')
  })

  it.each([
    ['`event` (prefix tokens', 'x.y', true],
    ['`event` (prefix tokens', 'x', true],
    ['`event` (prefix tokens', 'x.*', true],
    ['`*`)', '*', true],
    ['prefix tokens, not letters', 'x.yz', false],
    ['prefix tokens, not letters', 'x.y.z.q', false],
  ])('`<transition>`: "%s": "%s" and event x.y.z', async (_, descriptor, isTaken) => {
    const session = await run(`<state id="a"><transition event="${descriptor}" target="b"/></state><state id="b"/>`)

    session.send('x.y.z')

    expect(session.active).toEqual([isTaken ? 'b' : 'a'])
  })

  it('`<transition>`: "executable content allowed; target-less = internal; event-less transitions evaluated first"', async () => {
    const logs = await logged(
      `<state id="a"><onentry><log expr="'in'"/><raise event="x"/></onentry><onexit><log expr="'out'"/></onexit>
         <transition event="x" target="c"/><transition event="y"><log expr="'stays'"/></transition>
         <transition cond="typeof go !== 'undefined'" target="b"/><transition event="go"><script>var go = 1</script></transition></state>
       <state id="b"/><state id="c"><onentry><log expr="'c'"/></onentry><transition target="d"/><transition event="y" target="a"/></state>
       <state id="d"><onentry><log expr="'d'"/></onentry><transition event="y"><log expr="'stays in d'"/></transition></state>`,
      'y',
    )

    expect(logs).toEqual(['in', 'out', 'c', 'd', 'stays in d'])
  })

  it('`<transition>`: "`event` and `target` are literal text"', async () => {
    expect(await findings(`<state id="a"><transition event="'x'" target="a"/></state>`)).toEqual([
      `warning SEG-DOC-025 'x'`,
    ])
    expect(await findings(`<state id="a"><transition event="x" target="'a'"/></state>`)).toContain(
      `error SEG-DOC-021 'a'`,
    )
  })

  it('`<final><donedata><param>`: "result parameters; sent as `params`"', async () => {
    const logs = await logged(
      `<state id="a"><final id="f"><donedata><param name="n" expr="1 + 1"/></donedata></final>
         <transition event="done.state.a"><log expr="_event.data.params.n + ',' + _event.data.n"/></transition></state>`,
    )

    expect(logs).toEqual(['2,2'])
  })

  it.each(['anchor', 'validate'])('`<%s>`: "not supported"', async (name) => {
    expect(await findings(`<state id="a"><${name}/></state>`)).toEqual([`error SEG-DOC-004 ${name}`])
  })
})

describe('scxml-dialect 2: executable content', () => {
  it('`<event name>`: "old form of raise, no data, internal queue"', async () => {
    expect(
      await logged(
        entering(
          `<send event="'y'"/><event name="x"/>`,
          '<transition event="*"><log expr="_event.name + _event.type + JSON.stringify(_event.data)"/></transition>',
        ),
      ),
    ).toEqual(['xinternal{}', 'yexternal{}'])
  })

  it('`<raise event>`: "literal name; `<param name expr>` children give `_event.data` members; internal queue"', async () => {
    expect(
      await logged(
        entering(
          '<raise event="x.y"><param name="n" expr="[1]"/><param name="m" expr="\'t\'"/></raise>',
          '<transition event="x.y"><log expr="_event.type + JSON.stringify(_event.data)"/></transition>',
        ),
      ),
    ).toEqual(['internal{"n":[1],"m":"t"}'])
  })

  it.each([
    [1, 'if'],
    [2, 'elseif'],
    [3, 'else'],
  ])('`<if> <elseif/> <else/>`: "supported, empty-tag branches": %i', async (value, expected) => {
    expect(
      await logged(
        entering(
          `<if cond="${value} === 1"><log expr="'if'"/><elseif cond="${value} === 2"/><log expr="'elseif'"/><else/><log expr="'else'"/></if>`,
        ),
      ),
    ).toEqual([expected])
  })

  it.each([
    ['bare variable', 'v', 'v'],
    ['`_data.x`', '_data.x', '_data.x'],
    ['indexed member', `App_X['requestid']`, 'App_X.requestid'],
  ])(
    '`<assign location expr>`: "`location` may be bare variable, `_data.x`, indexed member": %s',
    async (_, location, expr) => {
      const declarations = `<datamodel><data id="x"/></datamodel><script>var v; var App_X = {}</script>`

      expect(
        await logged(declarations + entering(`<assign location="${location}" expr="40 + 2"/><log expr="${expr}"/>`)),
      ).toEqual(['42'])
    },
  )

  it('`<assign>`: "executed as: evaluate the location, then `location=expr`": a location that cannot be evaluated is an error of the location', async () => {
    const session = await run(entering('<assign location="gone.x" expr="1"/>', '<transition event="error"/>'))

    expect(session.errors).toEqual(['error.illegalloc.ReferenceError'])
  })

  it('`<script>`: "inline, `src`, or containing `<xi:include parse="text">`; document-level scripts run at load"', async () => {
    const session = await run(
      `<script>var a = 1;</script><script src="lib/b.js"/><script><xi:include href="lib/c.js" parse="text"/></script>
       <state id="s"><onentry><script>d = a + b + c</script><log expr="d"/></onentry></state>`,
      { files: { 'lib/b.js': 'var b = a + 1', 'lib/c.js': 'var c = b + 1; var d' } },
    )

    expect(session.logs).toEqual(['6'])
  })

  it('`<datamodel><data id expr src>`: "extra attributes `_type` (`data` default, `parameter`), `_desc` (informative)"', async () => {
    const data =
      '<datamodel><data id="x" _type="parameter" _desc="who calls" expr="1"/><data id="y" _type="data"/><data id="z" src="z.json"/></datamodel>'
    const session = await run(`${data}${entering('<log expr="_data.x + JSON.stringify(_data.z)"/>')}`, {
      files: { 'z.json': '{"n":2}' },
    })

    expect(session.logs).toEqual(['1{"n":2}'])
    expect(await findings(`${data}<state id="a"/>`, '', { 'z.json': '{}' })).toEqual([])
  })

  it('`<data>`: "`id` must be a plain ECMAScript name (no dots)"', async () => {
    expect(await findings('<datamodel><data id="a.b"/></datamodel><state id="a"/>')).toEqual(['error SEG-DOC-029 a.b'])
  })

  const later = `<send event="'late'" delay="'9s'" idlocation="App_X['requestid']"/>`
  const answers = `<transition event="cancel.successful"><log expr="_event.name + (_event.sendid === App_X.requestid)"/></transition>
    <transition event="error.notallowed"><log expr="_event.name + ' ' + _event.sendid + _event.data.sendid"/></transition>`

  it.each(['sendid', 'id'])(
    '`<cancel>`: "`id` or `sendid` ... attribute is a value expression (`sendid="App_X[\'requestid\']"`)": %s',
    async (name) => {
      const session = await run(
        `<script>var App_X = {}</script>${entering(`${later}<cancel ${name}="App_X['requestid']"/>`, answers)}`,
      )

      expect(session.logs).toEqual(['cancel.successfultrue'])
      expect(session.effects.map(({ kind }) => kind)).toEqual(['timer', 'cancelTimer'])
    },
  )

  it('`<cancel>`: "on failure `error.notallowed` (event carries `sendid`)"', async () => {
    expect(await logged(`<script>var App_X = {}</script>${entering(`<cancel sendid="'gone'"/>`, answers)}`)).toEqual([
      'error.notallowed gonegone',
    ])
  })

  it('`<cancel>`: "`id` or `sendid`, never both"', async () => {
    expect(await findings(entering(`<cancel id="'x'" sendid="'x'"/>`))).toEqual(['error SEG-DOC-015 cancel'])
  })

  it('`<invoke>`: "`src`, `invokeid`/`id`, `<param>`, `<finalize>` as in the draft; result `done.invoke.<id>`"', async () => {
    const session = await run(
      `<state id="a"><invoke type="scxml" src="other.scxml" invokeid="I"><param name="p" expr="1"/><finalize><log expr="'finalized'"/></finalize></invoke>
         <transition event="done.invoke.I" target="b"/></state><state id="b"/>`,
    )
    expect(session.effects).toEqual([
      { kind: 'invoke', invokeId: 'I', type: 'scxml', src: 'other.scxml', parameters: { p: '1' } },
    ])

    session.take({ kind: 'event', name: 'done.invoke.I', invokeId: 'I' })

    expect(session.active).toEqual(['b'])
    expect(session.logs).toEqual(['finalized'])
  })

  it('`<invoke>`: "only type `scxml` (another document)"', async () => {
    const session = await run(`<state id="a"><invoke type="vxml" src="x"/><transition event="error"/></state>`)

    expect(session.errors).toEqual(['error.unsupported.invoke'])
    expect(session.effects).toEqual([])
  })

  it('`<content _expr>`: "expression body of fetch"', async () => {
    const session = await run(
      entering(`<session:fetch srcexpr="'http://h/'"><content _expr="({ a: [1] })"/></session:fetch>`),
    )

    expect(session.actions[0]?.content).toBe('{"a":[1]}')
  })
})
