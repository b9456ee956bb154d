import { describe, expect, it } from 'vitest'
import { play } from './support.ts'

describe('send', () => {
  it('to the own session stays inside of the state and keeps its data', async () => {
    const session = await play(`
      <datamodel><data id="x" expr="[1, 2]"/></datamodel>
      <state id="a"><onentry><send event="hello" namelist="x"><param name="y" expr="'z'"/></send>
        <assign location="x" expr="0"/></onentry>
        <transition event="hello"><log expr="JSON.stringify(_event.data)"/><log expr="_event.origin"/></transition></state>`)

    expect(session.effects).toEqual([])
    expect(session.logs).toEqual(['{"x":[1,2],"y":"z"}', '#_scxml_S'])
  })

  it('with a delay is a timer that fires when the session takes it', async () => {
    const session = await play(`
      <state id="a"><onentry><send event="late" id="t1" delay="1.5s"/></onentry>
        <transition event="late" target="b"/></state><state id="b"/>`)
    expect(session.effects).toEqual([{ kind: 'timer', sendId: 't1', dueEpochMs: 2500 }])

    session.reload().fire('t1')

    expect(session.active).toEqual(['b'])
    expect(session.fire('t1').trace.at(-1)).toEqual({ kind: 'eventDropped', name: 't1', reason: 'cancelled' })
  })

  it('a cancelled timer does not fire', async () => {
    const session = await play(`
      <state id="a"><onentry><send event="late" id="t1" delay="1s"/></onentry>
        <transition event="stop"><cancel sendid="t1"/></transition>
        <transition event="late" target="b"/></state><state id="b"/>`)

    session.send('stop').fire('t1')

    expect(session.active).toEqual(['a'])
    expect(session.effects.at(-1)).toEqual({ kind: 'cancelTimer', sendId: 't1' })
  })

  it('the same id twice gives two timers, and one cancel stops both', async () => {
    const session = await play(`
      <state id="a"><onentry><send event="x" id="t" delay="1s"/><send event="x" id="t" delay="2s"/></onentry>
        <transition event="stop"><cancel sendid="t"/></transition></state>`)
    const keys = session.effects.flatMap((effect) => (effect.kind === 'timer' ? [effect.sendId] : []))
    expect(new Set(keys).size).toBe(2)

    session.send('stop')

    expect(session.effects.filter(({ kind }) => kind === 'cancelTimer')).toHaveLength(2)
  })

  it('to another session is an effect', async () => {
    const session = await play(`<state id="a"><onentry><send event="hi" target="#_scxml_T"/></onentry></state>`)

    expect(session.effects).toMatchObject([{ kind: 'send', message: { event: 'hi', target: '#_scxml_T' } }])
  })

  it('to a session that cannot be reached fails at once', async () => {
    const session = await play(
      `<state id="a"><onentry><send event="hi" target="#_scxml_T"/><log expr="'not reached'"/></onentry></state>`,
      { host: { mayReach: () => false } },
    )

    expect(session.effects).toEqual([])
    expect(session.errors).toEqual(['error.communication'])
    expect(session.logs).toEqual([])
  })

  it('an offered processor is left to the world, another one is an error', async () => {
    const document = `<state id="a"><onentry><send event="hi" type="basichttp" target="http://localhost/"/></onentry></state>`

    const without = await play(document)
    const offered = await play(document, { identity: { ioProcessors: '{"basichttp":{"location":"http://x/"}}' } })

    expect(without.errors).toEqual(['error.execution'])
    expect(offered.effects).toMatchObject([{ kind: 'send', message: { type: 'basichttp' } }])
    expect(offered.errors).toEqual([])
  })
})

describe('send in the orchestration dialect', () => {
  it('evaluates event, delay and target, and answers a cancel', async () => {
    const session = await play(
      `<state id="a"><onentry><script>var id; var wait = '200ms'</script>
          <send event="'late.' + 1" delay="wait" idlocation="id"/></onentry>
        <transition event="stop"><cancel sendid="id"/><cancel sendid="'other'"/></transition>
        <transition event="cancel.successful"><log expr="'ok ' + (_event.sendid === id) + (_event.data.sendid === id)"/></transition>
        <transition event="error.notallowed"><log expr="'no ' + _event.sendid"/></transition></state>`,
      { dialect: 'orchestration' },
    )
    expect(session.effects).toMatchObject([{ kind: 'timer', dueEpochMs: 1200 }])

    session.send('stop')

    expect(session.logs).toEqual(['ok truetrue', 'no other'])
  })

  it('takes a session id as a target, the own one as the own queue', async () => {
    const session = await play(
      `<state id="a"><onentry><send event="'x'" target="'OTHER'"/><send event="'y'" target="_sessionid"/>
         <send event="'z'" target="'_internal'"/></onentry>
         <transition event="*"><log expr="_event.name + ' ' + _event.type"/></transition></state>`,
      { dialect: 'orchestration' },
    )

    expect(session.effects).toMatchObject([{ kind: 'send', message: { event: 'x', target: 'OTHER' } }])
    expect(session.logs).toEqual(['z internal', 'y external'])
  })
})
