import { describe, expect, it } from 'vitest'
import { entering, findings, page, run } from './support.ts'

/** A workflow as generators write it: it cannot run alone and is entered at one state. */
const workflow = page(
  `<state id="_composer_entry" initial="$$_MY_PREFIX_$$.Step">
     <state id="Step"><onentry><raise event="Step.done"><param name="resolveid" expr="_my_prefix"/></raise></onentry>
       <transition event="Step.done" cond="_event.data.resolveid == _my_prefix" target="$$_MY_PREFIX_$$.Exit1"/></state>
     <final id="Exit1"><onentry><log expr="'exit of ' + _my_prefix"/></onentry></final>
   </state><final id="_composer_noboot"/>`,
  'initial="_composer_noboot"',
)

const including = `<state id="S" initial="P._composer_entry">
  <xi:include href="sub/flow.scxml" parse="xml" xpointer="_composer_entry" resolveid="P"/>
  <transition event="done.state.P._composer_entry" target="End"/></state><state id="End"/>`

describe('scxml-dialect 4: inclusion', () => {
  it('"`<xi:include href parse="text"/>` inside `<script>` | text of the file becomes script content"', async () => {
    const session = await run(
      `<script><xi:include href="../include/lib.js" parse="text"/></script>${entering('<log expr="one()"/>')}`.replace(
        '../',
        '',
      ),
      { files: { 'include/lib.js': 'function one() { return 1 < 2 }' } },
    )

    expect(session.logs).toEqual(['true'])
  })

  it('"copies the element with id `ID` of the other document; all state ids in the copy become `P.<id>`"', async () => {
    const session = await run(including.replace('target="Exit1"', ''), { files: { 'sub/flow.scxml': workflow } })

    expect(session.trace.flatMap((record) => (record.kind === 'enter' ? [record.state] : []))).toEqual([
      'S',
      'P._composer_entry',
      'P.Step',
      'P.Exit1',
      'End',
    ])
  })

  it('"macro `$$_MY_PREFIX_$$` in attribute values of the included file (targets, `initial`, `done.state.…` event names) | replaced by the prefix"', async () => {
    const inner = page(
      `<state id="e" initial="$$_MY_PREFIX_$$.i"><state id="i"><transition event="go" target="$$_MY_PREFIX_$$.c"/></state>
         <state id="c"><final id="f"/></state><transition event="done.state.$$_MY_PREFIX_$$.c" target="out"/></state>`,
    )
    const session = await run(
      `<state id="S"><xi:include href="p.scxml" xpointer="e" resolveid="P"/></state><state id="out"/>`,
      {
        files: { 'p.scxml': inner },
      },
    )
    expect(session.active).toEqual(['S', 'P.e', 'P.i'])

    session.send('go')

    expect(session.active).toEqual(['out'])
  })

  it('"In a document run on its own the macro **with its dot** disappears"', async () => {
    const session = await run(
      '<state id="a"><transition event="go" target="$$_MY_PREFIX_$$.b"/></state><state id="b"><transition event="x" target="a"/></state>',
    )

    session.send('go')

    expect(session.active).toEqual(['b'])
  })

  it('"variable `_my_prefix` | holds the prefix of the current included fragment; used to tag private events and to filter them in `cond`"', async () => {
    const twice = `<parallel id="p"><state id="s1"><xi:include href="sub/flow.scxml" xpointer="_composer_entry" resolveid="A"/></state>
      <state id="s2"><xi:include href="sub/flow.scxml" xpointer="_composer_entry" resolveid="B"/></state></parallel>`

    const session = await run(twice, { files: { 'sub/flow.scxml': workflow } })

    expect(session.logs).toEqual(['exit of A', 'exit of B'])
  })

  it('"completion | `done.state.P.<id>` e.g. `done.state.defaultWorkflow._composer_entry`"', async () => {
    expect((await run(including, { files: { 'sub/flow.scxml': workflow } })).active).toEqual(['End'])
  })

  it('"`href` | relative to the including document"', async () => {
    const outer = page(
      `<state id="o"><xi:include href="deep/inner.scxml" xpointer="i" resolveid="$$_MY_PREFIX_$$.Q"/></state>`,
    )
    const session = await run('<state id="S"><xi:include href="sub/outer.scxml" xpointer="o" resolveid="P"/></state>', {
      files: { 'sub/outer.scxml': outer, 'sub/deep/inner.scxml': page('<state id="i"/>') },
    })

    expect(session.active).toEqual(['S', 'P.o', 'P.Q.i'])
  })

  it('"nested includes | allowed; limit option `max-includes` (500)"', async () => {
    const include = '<script><xi:include href="x.js" parse="text"/></script>'
    const files = { 'x.js': 'var x' }

    expect(await findings(`${include.repeat(500)}<state id="a"/>`, '', files)).toEqual([])
    expect(
      (await findings(`${include.repeat(501)}<state id="a"/>`, '', files)).map((line) => line.slice(0, 21)),
    ).toEqual(['error SEG-INCLUDE-006'])
  })

  it('"`args_` | object of input parameters seen by included sub-routines; set up by the calling fragment, not by the engine"', async () => {
    const sub = page(
      `<state id="e"><onentry><log expr="typeof args_ + (typeof args_ == 'object' ? args_.Name : '')"/></onentry></state>`,
    )
    const calling = (script: string): string =>
      `<state id="S">${script}<xi:include href="e.scxml" xpointer="e" resolveid="P"/></state>`

    expect((await run(calling(''), { files: { 'e.scxml': sub } })).logs).toEqual(['undefined'])
    expect(
      (
        await run(calling(`<onentry><script>var args_ = { Name: 'x' }</script></onentry>`), {
          files: { 'e.scxml': sub },
        })
      ).logs,
    ).toEqual(['objectx'])
  })

  it('"An included file normally has a `_composer_noboot` final as its own `initial` so that it cannot run alone."', async () => {
    const alone = '<state id="_composer_entry"/><final id="_composer_noboot"/>'

    expect((await run(alone, { attributes: 'initial="_composer_noboot"' })).ended).toMatchObject({ reason: 'final' })
    expect(await findings(alone, 'initial="_composer_noboot"')).toEqual([])
  })
})
