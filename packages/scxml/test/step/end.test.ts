import { describe, expect, it } from 'vitest'
import { play } from './support.ts'

describe('the end of a session', () => {
  it('a top-level final ends the session with its data, after the onexit of all states', async () => {
    const session = await play(`
      <state id="a"><transition event="go" target="end"/></state>
      <final id="end"><onexit><log expr="'exit'"/></onexit>
        <donedata><param name="x" expr="1 + 1"/></donedata></final>`)

    session.send('go')

    expect(session.ended).toEqual({ reason: 'final', data: '{"x":2}' })
    expect(session.logs).toEqual(['exit'])
    expect(session.trace.at(-1)).toEqual({ kind: 'done', reason: 'final' })
    expect(session.session.isRunning).toBe(false)
  })

  it('drops what comes later', async () => {
    const session = await play('<final id="end"/>')

    session.send('late')

    expect(session.outcomes[1]?.trace).toEqual([{ kind: 'eventDropped', name: 'late', reason: 'ended' }])
  })

  it('terminate runs onexit, innermost first, and withdraws timers', async () => {
    const session = await play(`
      <state id="a"><onentry><send event="later" id="t" delay="1s"/></onentry><onexit><log expr="'a'"/></onexit>
        <state id="a1"><onexit><log expr="'a1'"/></onexit></state></state>`)

    session.take({ kind: 'terminate', reason: 'test' })

    expect(session.logs).toEqual(['a1', 'a'])
    expect(session.ended).toEqual({ reason: 'terminated', data: undefined })
    expect(session.effects).toContainEqual({ kind: 'cancelTimer', sendId: 't' })
  })
})

describe('limits', () => {
  it('too many microsteps for one event end the session and name the place', async () => {
    const session = await play(
      `<state id="a"><transition event="go" target="b"/></state>
<state id="b"><transition target="c"/></state>
<state id="c"><transition target="b"/></state>`,
      { attributes: '_microStepLimit="20"' },
    )

    session.send('go')

    expect(session.ended).toMatchObject({
      reason: 'limit',
      limit: { name: '_microStepLimit', value: 20, element: 'transition' },
    })
    expect(session.ended?.limit?.line).toBeGreaterThan(1)
  })

  it('too many entries of one state end a session of the orchestration dialect', async () => {
    const session = await play('<state id="a"><transition target="a"/></state>', { dialect: 'orchestration' })

    expect(session.ended?.limit).toMatchObject({ name: '_stateEntryLimit', value: 100, element: 'state' })
  })

  it('as many entries as allowed do not', async () => {
    const session = await play(
      `<datamodel><data id="n" expr="0"/></datamodel>
       <state id="a"><onentry><assign location="_data.n" expr="_data.n + 1"/></onentry>
         <transition cond="_data.n &lt; 100" target="a"/></state>`,
      { dialect: 'orchestration' },
    )

    expect(session.ended).toBeUndefined()
    expect(session.active).toEqual(['a'])
  })

  it('an event-less guard that fails every time ends the session', async () => {
    const session = await play('<state id="a"><transition cond="no.such" target="a"/></state>')

    expect(session.ended?.limit).toMatchObject({ name: 'maxInternalEvents', element: 'transition' })
  })

  it('too many events raised in one macrostep end the session', async () => {
    const session = await play(`
      <state id="a"><transition event="go"><foreach array="new Array(10001).join('x').split('')" item="i">
        <raise event="more"/></foreach><raise event="more"/></transition></state>`)

    session.send('go')

    expect(session.ended?.limit).toMatchObject({ name: 'maxInternalEvents', element: 'raise' })
  })
})
