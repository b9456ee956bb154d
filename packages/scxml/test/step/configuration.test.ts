import { describe, expect, it } from 'vitest'
import { play } from './support.ts'

describe('entering and leaving states', () => {
  it('leaves children first, runs transition content, then enters parents first', async () => {
    const session = await play(`
      <state id="a"><onexit><log expr="'exit a'"/></onexit>
        <state id="a1"><onexit><log expr="'exit a1'"/></onexit>
          <transition event="go" target="b1"><log expr="'content'"/></transition></state></state>
      <state id="b"><onentry><log expr="'enter b'"/></onentry>
        <state id="b1"><onentry><log expr="'enter b1'"/></onentry></state></state>`)

    session.send('go')

    expect(session.logs).toEqual(['exit a1', 'exit a', 'content', 'enter b', 'enter b1'])
  })

  it('a transition without a target leaves nothing', async () => {
    const session = await play(`
      <state id="a"><onexit><log expr="'exit'"/></onexit>
        <transition event="go"><log expr="'content'"/></transition></state>`)

    session.send('go')

    expect(session.logs).toEqual(['content'])
    expect(session.active).toEqual(['a'])
  })

  it('an internal transition of a compound state does not leave the state', async () => {
    const session = await play(`
      <state id="a"><onexit><log expr="'exit a'"/></onexit>
        <transition event="in" type="internal" target="a2"/><transition event="out" target="a1"/>
        <state id="a1"/><state id="a2"/></state>`)

    session.send('in')
    expect(session.logs).toEqual([])
    session.send('out')

    expect(session.logs).toEqual(['exit a'])
    expect(session.active).toEqual(['a', 'a1'])
  })

  it('runs content of the initial transition between the entry of parent and child', async () => {
    const session = await play(`
      <state id="a"><onentry><log expr="'a'"/></onentry>
        <initial><transition target="a2"><log expr="'initial'"/></transition></initial>
        <state id="a1"/><state id="a2"><onentry><log expr="'a2'"/></onentry></state></state>`)

    expect(session.logs).toEqual(['a', 'initial', 'a2'])
    expect(session.active).toEqual(['a', 'a2'])
  })

  it('In() follows the configuration while states are left and entered', async () => {
    const session = await play(`
      <state id="a"><onexit><log expr="In('a') + ' ' + In('a1')"/></onexit>
        <state id="a1"><onexit><log expr="In('a') + ' ' + In('a1')"/></onexit><transition event="go" target="b"/></state>
      </state>
      <state id="b"><onentry><log expr="In('b') + ' ' + In('a')"/></onentry></state>`)

    session.send('go')

    expect(session.logs).toEqual(['true true', 'true false', 'true false'])
  })

  it('a chart of more than 32 states keeps its sets apart', async () => {
    const states = Array.from(
      { length: 70 },
      (_, i) => `<state id="s${i}"><transition event="next" target="s${(i + 1) % 70}"/></state>`,
    )
    const session = await play(`<parallel id="p"><state id="r1">${states.join('')}</state><state id="r2"/></parallel>`)

    for (let i = 0; i < 69; i += 1) session.send('next')

    expect(session.active).toEqual(['p', 'r1', 's69', 'r2'])
  })
})

describe('parallel states', () => {
  const regions = `
    <parallel id="p">
      <transition event="both" target="out"/>
      <state id="r1"><state id="a1"><transition event="go" target="a2"/><transition event="both" target="a2"/></state>
        <state id="a2"/></state>
      <state id="r2"><state id="b1"><transition event="go" target="b2"/></state><state id="b2"/></state>
    </parallel>
    <state id="out"/>`

  it('takes transitions of all regions in one microstep', async () => {
    const session = await play(regions)

    session.send('go')

    expect(session.active).toEqual(['p', 'r1', 'a2', 'r2', 'b2'])
  })

  it('on conflict the transition of the inner state wins', async () => {
    const session = await play(regions)

    session.send('both')

    expect(session.active).toEqual(['p', 'r1', 'a2', 'r2', 'b1'])
  })

  it('a transition across regions leaves the earlier region to win', async () => {
    const session = await play(`
      <parallel id="p">
        <state id="r1"><state id="a1"><transition event="go" target="a2"/></state><state id="a2"/></state>
        <state id="r2"><state id="b1"><transition event="go" target="out"/></state></state>
      </parallel>
      <state id="out"/>`)

    session.send('go')

    expect(session.active).toEqual(['p', 'r1', 'a2', 'r2', 'b1'])
  })

  it('a guard of a common ancestor is evaluated once for one event', async () => {
    const session = await play(`
      <datamodel><data id="count" expr="0"/></datamodel>
      <parallel id="p"><transition event="go" cond="++count &lt; 0" target="p"/>
        <transition event="tell"><log expr="count"/></transition>
        <state id="r1"/><state id="r2"/></parallel>`)

    session.send('go').send('tell')

    expect(session.logs).toEqual(['1'])
  })

  it('is done when every region has reached a final state', async () => {
    const session = await play(`
      <parallel id="p">
        <transition event="done.state.p" target="out"/>
        <state id="r1"><state id="a"><transition event="one" target="af"/></state><final id="af"/></state>
        <state id="r2"><state id="b"><transition event="two" target="bf"/></state><final id="bf"/></state>
      </parallel>
      <state id="out"/>`)

    session.send('one')
    expect(session.active).toContain('p')
    session.send('two')

    expect(session.active).toEqual(['out'])
  })
})

describe('history', () => {
  const machine = (type: string): string => `
    <state id="a"><history id="h" type="${type}"><transition target="a1"><log expr="'default'"/></transition></history>
      <transition event="leave" target="b"/>
      <state id="a1"><transition event="go" target="a22"/></state>
      <state id="a2"><state id="a21"/><state id="a22"/></state></state>
    <state id="b"><transition event="back" target="h"/></state>`

  it('a deep history restores the innermost states left last', async () => {
    const session = await play(machine('deep'))

    session.send('go').send('leave').send('back')

    expect(session.active).toEqual(['a', 'a2', 'a22'])
    expect(session.logs).toEqual([])
  })

  it('a shallow history restores the child left last and enters it by default', async () => {
    const session = await play(machine('shallow'))

    session.send('go').send('leave').send('back')

    expect(session.active).toEqual(['a', 'a2', 'a21'])
  })

  it('a history without a memory takes its default transition', async () => {
    const session = await play(`<state id="s"><transition event="go" target="h"/></state>${machine('deep')}`)

    session.send('go')

    expect(session.logs).toEqual(['default'])
    expect(session.active).toEqual(['a', 'a1'])
  })

  it('follows what is stored at each use, also when the same transition was taken before', async () => {
    const session = await play(machine('deep'))

    session.send('leave').send('back')
    expect(session.active).toEqual(['a', 'a1'])
    session.send('go').send('leave').send('back')

    expect(session.active).toEqual(['a', 'a2', 'a22'])
  })
})

describe('events', () => {
  it('matches descriptors by whole tokens', async () => {
    const session = await play(`
      <state id="a"><transition event="foo.bar other.*"><log expr="'hit ' + _event.name"/></transition></state>`)

    for (const name of ['foo', 'foo.bar', 'foo.barbaz', 'foo.bar.baz', 'other', 'other.x', 'Foo.bar'])
      session.send(name)

    expect(session.logs).toEqual(['hit foo.bar', 'hit foo.bar.baz', 'hit other', 'hit other.x'])
  })

  it('takes event-less transitions before internal events, and these before the own external queue', async () => {
    const session = await play(`
      <state id="a"><onentry><send event="external"/><raise event="internal"/></onentry><transition target="b"/></state>
      <state id="b"><transition event="*"><log expr="_event.name + ' ' + _event.type"/></transition></state>`)

    expect(session.logs).toEqual(['internal internal', 'external external'])
  })

  it('one step takes one external event and says that more wait', async () => {
    const session = await play(`
      <state id="a"><onentry><send event="one"/><send event="two"/></onentry>
        <transition event="*"><log expr="_event.name"/></transition></state>`)

    expect(session.outcomes.map(({ taken, hasMore }) => [taken, hasMore])).toEqual([
      [undefined, true],
      ['one', true],
      ['two', false],
    ])
  })

  it('an event that nothing takes changes nothing', async () => {
    const session = await play('<state id="a"/>')

    session.send('unknown', { x: 1 })

    expect(session.outcomes[1]).toMatchObject({ taken: 'unknown', effects: [], dataMayHaveChanged: false })
    expect(session.trace.at(-1)).toEqual({ kind: 'event', name: 'unknown', type: 'external' })
  })

  it('makes no trace when it is off', async () => {
    const session = await play('<state id="a"><transition event="go" target="b"/></state><state id="b"/>', {
      input: { trace: 'off' },
    })

    session.send('go')

    expect(session.active).toEqual(['b'])
    expect(session.trace).toEqual([])
  })
})
