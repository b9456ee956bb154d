import { describe, expect, it } from 'vitest'
import { play, prepare } from './support.ts'

describe('data', () => {
  it('start parameters replace top-level data of that name, others are ignored', async () => {
    const session = await play(
      `<datamodel><data id="x" expr="1"/><data id="y" expr="2"/></datamodel>
       <state id="a"><onentry><log expr="x + ' ' + y + ' ' + typeof z"/></onentry></state>`,
      { identity: { parameters: { x: '"new"', z: '3' } } },
    )

    expect(session.logs).toEqual(['new 2 undefined'])
  })

  it('orchestration: nested data exist from the start and take parameters', async () => {
    const session = await play(
      `<state id="a"><onentry><log expr="_data.x + ' ' + _data.y"/></onentry></state>
       <state id="b"><datamodel><data id="x" expr="1"/><data id="y" expr="2"/></datamodel></state>`,
      { dialect: 'orchestration', identity: { parameters: { x: '"new"' } } },
    )

    expect(session.logs).toEqual(['new 2'])
  })

  it('late binding gives nested data their value at the first entry only', async () => {
    const session = await play(
      `<datamodel><data id="n" expr="0"/></datamodel>
       <state id="a"><onentry><log expr="typeof x"/></onentry><transition event="go" target="b"/></state>
       <state id="b"><datamodel><data id="x" expr="'bound'"/></datamodel>
         <onentry><log expr="x"/><assign location="x" expr="'changed'"/></onentry>
         <transition event="go" target="b"/></state>`,
      { attributes: 'binding="late"' },
    )

    session.send('go').reload().send('go')

    expect(session.logs).toEqual(['undefined', 'bound', 'changed'])
  })

  it('done.state carries the parameters of donedata, and once more as hidden "params" (orchestration)', async () => {
    const session = await play(
      `<state id="a"><transition event="done.state.a"><log expr="JSON.stringify(_event.data)"/>
           <log expr="_event.data.params === _event.data"/></transition>
         <state id="a1"><transition target="af"/></state>
         <final id="af"><donedata><param name="x" expr="5"/></donedata></final></state>`,
      { dialect: 'orchestration' },
    )

    expect(session.logs).toEqual(['{"x":5}', 'true'])
  })

  it('orchestration: event data are an object also when nothing was sent, and one object for all regions', async () => {
    const session = await play(
      `<parallel id="p">
         <state id="r1"><transition event="go"><script>var seen = _event; _event.data.mark = 1</script></transition></state>
         <state id="r2"><transition event="go"><log expr="typeof _event.data + ' ' + (seen === _event)"/></transition></state>
       </parallel>`,
      { dialect: 'orchestration' },
    )

    session.send('go')

    expect(session.logs).toEqual(['object true'])
  })

  it('says when data may have changed', async () => {
    const session = await play(`
      <datamodel><data id="x" expr="0"/></datamodel>
      <state id="a"><transition event="read" cond="x === 0" target="b"/></state>
      <state id="b"><transition event="write"><assign location="x" expr="1"/></transition></state>`)

    session.send('read').send('write')

    expect(session.outcomes.map(({ dataMayHaveChanged }) => dataMayHaveChanged)).toEqual([true, false, true])
  })
})

describe('a snapshot', () => {
  it('goes on as the session would have', async () => {
    const document = `
      <datamodel><data id="n" expr="({ list: [] })"/></datamodel>
      <state id="a"><history id="h"><transition target="a1"/></history>
        <transition event="leave" target="b"/>
        <state id="a1"><transition event="go" target="a2"/></state><state id="a2"/></state>
      <state id="b"><onentry><send event="own" id="t" delay="1s"/></onentry>
        <transition event="add"><script>n.list.push(n.list.length)</script></transition>
        <transition event="back" target="h"/><transition event="own"><log expr="n.list.join()"/></transition></state>`
    const events = ['go', 'leave', 'add', 'add', 'back', 'leave', 'add']
    const straight = await play(document)
    const stopped = await play(document)

    for (const event of events) {
      straight.send(event)
      stopped.reload().send(event)
    }
    straight.fire('t')
    stopped.reload().fire('t')

    expect(stopped.trace).toEqual(straight.trace)
    expect(stopped.active).toEqual(straight.active)
    expect(stopped.logs).toEqual(['0,1,2'])
  })

  it('of a session that has not started can be taken and started', async () => {
    const session = await prepare('<state id="a"/>')

    session.reload().start()

    expect(session.active).toEqual(['a'])
  })
})
