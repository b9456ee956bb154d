import { describe, expect, it } from 'vitest'
import { documents, page } from './documents.ts'
import { stepper } from './stepper.ts'

const url = 'file:///app/main.scxml'

describe('the life of a session', () => {
  it('starts, takes an event and ends at the top-level final', async () => {
    const body = '<state id="waiting"><transition event="go" target="over"/></state><final id="over"/>'
    const world = stepper(documents({ [url]: page(body, 'name="demo"') }))

    const started = await world.start('S1', url, { application: 'app1' })
    const gone = await world.event('S1', 'go')

    expect(started.attributes).toMatchObject({ url, application: 'app1', name: 'demo', states: 'waiting' })
    expect(started.save).toBe('snapshot')
    expect(gone.hasEnded).toBe(true)
    expect(gone.attributes?.['ended']).toBe(String(world.nowMs))
    expect(gone.trace.map(({ kind }) => kind)).toContain('done')
    expect(gone.trace.every(({ atEpochMs }) => atEpochMs === world.nowMs)).toBe(true)
  })

  it('a terminate message runs the exit content and ends the session', async () => {
    const body = '<state id="waiting"><onexit><log expr="\'left\'"/></onexit></state>'
    const world = stepper(documents({ [url]: page(body) }))
    await world.start('S1', url)

    const step = await world.give('S1', { kind: 'terminate', reason: 'operator' })

    expect(step.hasEnded).toBe(true)
    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: 'left' }))
  })

  it('a broken document is refused: the session is on record, has ended, and an incident says why', async () => {
    const world = stepper(documents({ [url]: page('<state id="a"><transition target="nowhere"/></state>') }))

    const step = await world.start('S1', url)

    expect(step.hasEnded).toBe(true)
    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'startRefused', url }))
    expect(world.incidents).toHaveLength(1)
    expect(world.incidents[0]).toMatchObject({ kind: 'startRefused', ref: { id: 'S1' } })
  })

  it('a version that no store has is refused in the same way', async () => {
    const world = stepper(documents({}))

    const step = await world.start('S1', url, { hash: 'abc' })

    expect(step.hasEnded).toBe(true)
    expect(world.incidents[0]?.message).toContain('"abc"')
  })

  it('a second start message changes nothing', async () => {
    const world = stepper(documents({ [url]: page('<state id="a"/>') }))
    await world.start('S1', url)

    const again = await world.start('S1', url)

    expect(again).toMatchObject({ save: 'nothing', effects: [], hasEnded: false })
  })

  it('a message of no known form is on record and changes nothing', async () => {
    const world = stepper(documents({ [url]: page('<state id="a"/>') }))
    await world.start('S1', url)

    const step = await world.give('S1', { kind: 'nonsense' })

    expect(step.save).toBe('nothing')
    expect(step.trace).toEqual([expect.objectContaining({ kind: 'ignored', message: 'nonsense' })])
  })

  it('text parameters that are JSON of a type are parsed, other text stays text', async () => {
    const data = ['flag', 'count', 'name', 'list'].map((id) => `<data id="${id}"/>`).join('')
    const world = stepper(documents({ [url]: page(`<datamodel>${data}</datamodel><state id="a"/>`) }))

    await world.start('S1', url, {
      parameters: { flag: 'true', count: '12', name: 'true story', list: '[1]', other: 1 },
    })

    expect(JSON.parse((await world.inspect('S1')).data)).toEqual({
      flag: true,
      count: 12,
      name: 'true story',
      list: [1],
    })
  })

  it('parameters that are values keep their type', async () => {
    const world = stepper(documents({ [url]: page('<datamodel><data id="count"/></datamodel><state id="a"/>') }))

    await world.start('S1', url, { parameters: { count: '12' }, parametersAre: 'values' })

    expect(JSON.parse((await world.inspect('S1')).data)).toEqual({ count: '12' })
  })

  it('a session older than _maxtime is ended with an incident', async () => {
    const world = stepper(documents({ [url]: page('<state id="a"/>', '_maxtime="60"') }))
    const started = await world.start('S1', url)
    const [timer] = started.timersPut

    world.nowMs += 60_000
    const step = await world.give('S1', { kind: 'timer', id: timer?.id ?? '' })

    expect(timer?.dueEpochMs).toBe(1_060_000)
    expect(step.hasEnded).toBe(true)
    expect(world.incidents[0]).toMatchObject({ kind: 'limit' })
  })

  it('data that refer to themselves are shown as text', async () => {
    const script = '<script>var a = {n: 1}; a.self = a; var when = new Date(0); function f() {}</script>'
    const world = stepper(documents({ [url]: page(`${script}<state id="a"/>`) }))
    await world.start('S1', url)

    const { variables, states } = await world.inspect('S1')

    expect(JSON.parse(variables)).toMatchObject({
      a: { n: 1, self: '[circular]' },
      when: '[date 1970-01-01T00:00:00.000Z]',
    })
    expect(states).toEqual(['a'])
  })

  it('a script without end ends its session with an incident; its neighbour goes on', async () => {
    const body = `<script>var n = 0;</script><state id="a"><transition event="spin"><script>while (true) n++;</script></transition>
      <transition event="go" target="b"/></state><state id="b"/>`
    const world = stepper(documents({ [url]: page(body) }))
    await world.start('S1', url)
    await world.start('S2', url)

    const spun = await world.event('S1', 'spin')
    const gone = await world.event('S2', 'go')

    expect(spun.hasEnded).toBe(true)
    expect(world.incidents[0]).toMatchObject({ kind: 'limit', code: 'SEG-SESSION-002', ref: { id: 'S1' } })
    expect(gone.attributes?.['states']).toBe('b')
  })

  it('a loop of states ends its session with an incident that names the limit', async () => {
    const body = '<state id="a"><transition target="b"/></state><state id="b"><transition target="a"/></state>'
    const world = stepper(documents({ [url]: page(body) }))

    const step = await world.start('S1', url)

    expect(step.hasEnded).toBe(true)
    expect(world.incidents[0]?.message).toMatch(/microStepLimit|stateEntryLimit/)
  })

  it('trace levels: off writes no lines, full writes the input', async () => {
    const texts = documents({ [url]: page('<state id="a"><transition event="go" target="b"/></state><state id="b"/>') })
    const silent = stepper(texts, { traceLevel: () => 'off' })
    const full = stepper(texts, { traceLevel: () => 'full' })
    await silent.start('S1', url)
    await full.start('S1', url)

    expect((await silent.event('S1', 'go')).trace).toEqual([])
    expect((await full.event('S1', 'go', { data: { n: 1 } })).trace[0]).toMatchObject({
      kind: 'input',
      message: { kind: 'event', name: 'go', data: { n: 1 } },
    })
  })
})
