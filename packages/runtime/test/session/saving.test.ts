import { describe, expect, it } from 'vitest'
import type { ApplicationBundle } from '../../src/session/contract.ts'
import { documents, page } from './documents.ts'
import { stepper } from './stepper.ts'
import type { Stepper } from './stepper.ts'

const url = 'file:///app/main.scxml'

const counting = page(`
  <datamodel><data id="system" expr="new Object()"/><data id="filler"/><data id="unused"/></datamodel>
  <script><![CDATA[
    var system = new Object();
    var seen = [];
    var first;
    function note(e) { seen.push(e); if (first === undefined) first = e; return seen.indexOf(first) }
  ]]></script>
  <state id="a">
    <onentry>
      <script><![CDATA[
        _data.system.context = system;
        _data.filler = new Array(500).join('0123456789');
        system.count = 0;
      ]]></script>
    </onentry>
    <transition event="count">
      <script>system.count++; var place = note(_event);</script>
      <log expr="_data.system.context.count + ' ' + (_data.system.context === system) + ' ' + place"/>
    </transition>
    <transition event="look" cond="system.count >= 0"/>
    <transition event="fill"><script>_data.filler = _data.filler + 'x';</script></transition>
    <transition event="timer" target="b"/>
    <transition event="arm"><send event="'timer'" delay="'10s'"/></transition>
  </state>
  <state id="b"><transition event="back" target="a2"/></state>
  <state id="a2"/>`)

describe('what is saved of a session', () => {
  it('stopping after any step and loading what was stored gives an equal session', async () => {
    const names = ['count', 'look', 'arm', 'count', 'nobody', 'timer', 'back', 'count']
    const straight = stepper(documents({ [url]: counting }))
    const broken = stepper(documents({ [url]: counting }))
    await straight.start('S1', url)
    await broken.start('S1', url)

    for (const name of names) {
      broken.restart()
      const one = await straight.event('S1', name, { data: { name } })
      const two = await broken.event('S1', name, { data: { name } })

      expect(two.trace).toEqual(one.trace)
      expect(await broken.inspect('S1')).toEqual(await straight.inspect('S1'))
      broken.restart()
      await broken.shard.load(await bundleOf(broken))
      expect(await broken.inspect('S1')).toEqual(await straight.inspect('S1'))
    }
  })

  it('an object that is shared between data and variables is one object after loading', async () => {
    const world = stepper(documents({ [url]: counting }))
    await world.start('S1', url)
    await world.event('S1', 'count')
    world.restart()

    const step = await world.event('S1', 'count')

    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: '2 true 0' }))
  })

  it('a redo record holds what changed and is far smaller than a snapshot', async () => {
    const world = stepper(documents({ [url]: counting }))
    const started = await world.start('S1', url)
    await world.event('S1', 'count')

    const step = await world.event('S1', 'count')

    expect(step.save).toBe('redo')
    expect(step.redo?.length ?? Infinity).toBeLessThan((started.snapshot?.length ?? 0) / 2)
    expect(new TextDecoder().decode(step.redo)).not.toContain('0123456789')
  })

  it('an event that changes nothing saves nothing', async () => {
    const world = stepper(documents({ [url]: counting }))
    await world.start('S1', url)

    const step = await world.event('S1', 'look')

    expect(step.save).toBe('nothing')
  })

  it('an object that was written deeply and did not change saves nothing', async () => {
    const body = `<script>var o = { n: 1, text: new Array(200).join('0123456789') };</script>
      <state id="a"><transition event="same"><script>o.n = 1;</script></transition></state>`
    const world = stepper(documents({ [url]: page(body) }))
    await world.start('S1', url)
    await world.event('S1', 'same')

    const steps = [await world.event('S1', 'same'), await world.event('S1', 'same')]

    expect(steps.map(({ save }) => save)).toEqual(['nothing', 'nothing'])
  })

  it('an effect that is settled without an event changes nothing and leaves no trace', async () => {
    const world = stepper(documents({ [url]: counting }))
    await world.start('S1', url)

    const step = await world.give('S1', { kind: 'settle' })

    expect(step).toMatchObject({ save: 'nothing', trace: [], effects: [] })
  })

  it('a value that cannot be saved is told once per application version', async () => {
    const body = `<script>function make() { var n = 0; return function () { return eval("n") } } var list = [];</script>
      <state id="a"><transition event="more"><script>list.push(make());</script></transition></state>`
    const world = stepper(documents({ [url]: page(body) }))
    await world.start('S1', url)
    await world.start('S2', url)

    const steps = [await world.event('S1', 'more'), await world.event('S1', 'more'), await world.event('S2', 'more')]

    const message = 'the value at "$.list[0]" cannot be saved (function): it is undefined after a restart'
    expect(world.warnings.map(({ code, ref }) => [code, ref?.id])).toEqual([['SEG-DATA-001', 'S1']])
    expect(world.warnings[0]?.message).toBe(message)
    expect(steps.map(({ trace }) => trace.filter(({ kind }) => kind === 'unsaved').length)).toEqual([1, 0, 0])
  })

  it('a change of states without a change of data saves no data', async () => {
    const world = stepper(documents({ [url]: counting }))
    await world.start('S1', url)

    const step = await world.event('S1', 'timer')

    expect(step.save).toBe('redo')
    expect(JSON.parse(new TextDecoder().decode(step.redo))).not.toHaveProperty('groups')
  })

  it('a change that is hardly smaller than everything is written as everything', async () => {
    const world = stepper(documents({ [url]: counting }))
    await world.start('S1', url)

    const step = await world.event('S1', 'fill')

    expect(step.save).toBe('snapshot')
  })

  it('module slices survive a restart', async () => {
    const body = `<state id="a"><transition event="look"><log expr="_genesys.tiny.calls.call1.state"/></transition></state>`
    const world = stepper(documents({ [url]: page(body) }))
    await world.start('S1', url)
    await world.event('S1', 'call.added', { module: 'tiny', payload: { put: 'call1' } })
    world.restart()

    const step = await world.event('S1', 'look')

    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: 'ringing' }))
  })

  it('a delayed send is a timer that fires after a restart and not after it was cancelled', async () => {
    const body = `<script>var id;</script><state id="a">
      <transition event="arm"><send event="'late'" delay="'10s'" idlocation="id"/></transition>
      <transition event="stop"><cancel sendid="id"/></transition>
      <transition event="late" target="b"/></state><state id="b"/>`
    const world = stepper(documents({ [url]: page(body) }))
    await world.start('S1', url)
    await world.start('S2', url)
    const armed = await world.event('S1', 'arm')
    const other = await world.event('S2', 'arm')
    const stopped = await world.event('S2', 'stop')
    world.restart()

    const fired = await world.give('S1', { kind: 'timer', id: armed.timersPut[0]?.id ?? '' })
    const dropped = await world.give('S2', { kind: 'timer', id: other.timersPut[0]?.id ?? '' })

    expect(armed.timersPut[0]?.dueEpochMs).toBe(world.nowMs + 10_000)
    expect(stopped.timersDeleted).toEqual([other.timersPut[0]?.id])
    expect(fired.attributes?.['states']).toBe('b')
    expect(dropped.trace).toContainEqual(expect.objectContaining({ kind: 'eventDropped' }))
  })
})

const generated = page(`
  <datamodel><data id="system" expr="new Object()"/></datamodel>
  <script><![CDATA[
    var system = new Object();
    _data.system.context = system;
    system.pool = [];
    system.book = [];
    for (var i = 0; i < 1000; i++) system.pool.push({ name: 'event ' + i, data: { n: i } });
    for (var j = 0; j < 800; j++) system.book.push({ id: j, name: 'entry number ' + j, tags: ['a', 'b'], n: 0 });
  ]]></script>
  <state id="a">
    <transition event="deep"><script>system.book[400].n += 1;</script></transition>
    <transition event="same"><script>system.book[400].n = system.book[400].n;</script></transition>
    <transition event="window"><script>system.pool.shift(); system.pool.push(_event);</script></transition>
    <transition event="look"><log expr="[system.book[400].n, system.pool.length, system.pool[999].name, _data.system.context === system].join()"/></transition>
    <transition event="*"><script>system.pool.push(_event);</script></transition>
  </state>`)

describe('P3: arrays that grew are encoded as their new tail', () => {
  it('an event added to a list of a thousand writes that event', async () => {
    const world = stepper(documents({ [url]: generated }))
    await world.start('S1', url)
    await world.event('S1', 'first', { data: { id: 'one' } })

    const step = await world.event('S1', 'second', { data: { id: 'two' } })

    expect(step.save).toBe('redo')
    expect(step.redo?.length).toBeLessThan(350)
    expect(new TextDecoder().decode(step.redo)).toContain('two')
    expect(new TextDecoder().decode(step.redo)).not.toContain('one')
  })

  it('a list that keeps its last thousand events writes the new one', async () => {
    const world = stepper(documents({ [url]: generated }))
    await world.start('S1', url)
    await world.event('S1', 'window')

    const step = await world.event('S1', 'window')

    expect(step.redo?.length).toBeLessThan(350)
    world.restart()
    const look = await world.event('S1', 'look')
    expect(look.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: '0,1000,window,true' }))
  })

  it('a member deep inside of 100 KB writes that member, and setting it to what it is writes nothing', async () => {
    const world = stepper(documents({ [url]: generated }))
    await world.start('S1', url)
    await world.event('S1', 'deep')

    const steps = [await world.event('S1', 'deep'), await world.event('S1', 'same'), await world.event('S1', 'deep')]

    expect(steps.map(({ save }) => save)).toEqual(['redo', 'nothing', 'redo'])
    expect(steps[0]?.redo?.length).toBeLessThan(100)
    world.restart()
    const look = await world.event('S1', 'look')
    expect(look.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: '3,1000,event 999,true' }))
  })

  it('a session that came back from the store goes on with differences', async () => {
    const world = stepper(documents({ [url]: generated }))
    await world.start('S1', url)
    await world.event('S1', 'deep')
    await world.event('S1', 'deep')
    world.restart()

    const step = await world.event('S1', 'deep')

    expect(step.save).toBe('redo')
    expect(step.redo?.length).toBeLessThan(100)
  })

  it('looking at a session changes nothing about what its next records say', async () => {
    const world = stepper(documents({ [url]: generated }))
    await world.start('S1', url)
    await world.event('S1', 'deep')
    await world.event('S1', 'more')
    await world.inspect('S1')
    await world.event('S1', 'deep')

    const held = await world.inspect('S1')
    const step = await world.event('S1', 'more')
    expect(step.redo?.length).toBeLessThan(350)
    const after = await world.inspect('S1')
    world.restart()
    await world.shard.load(await bundleOf(world))
    expect(await world.inspect('S1')).toEqual(after)
    expect(after).not.toEqual(held)
  })
})

async function bundleOf(world: Stepper): Promise<ApplicationBundle> {
  const bundle = await world.applications.byHash(world.stored('S1')?.attributes['hash'] ?? '')
  if (bundle === undefined) throw new Error('the version is not stored')
  return bundle
}
