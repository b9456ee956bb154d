import { describe, expect, it } from 'vitest'
import { smallPlan, switchWorld } from './switch-world.ts'

const route = (callId: string, to: string) => ({ kind: 'route', callId, to, routeType: 1 }) as const

describe('simulated switch: calls', () => {
  it('a call that arrives waits at its routing point and asks for a route', () => {
    const world = switchWorld()

    const callId = world.call()

    expect(world.told()).toEqual(['7000 queued', 'routeRequest 7000'])
    expect(world.simulatedSwitch.snapshot().calls[0]).toMatchObject({ callId, atRoutingPoint: '7000', ani: '0301234' })
    expect(callId).toMatch(/^[0-9A-Z]{32}$/)
  })

  it('a routed call rings, is answered, talks and ends as answered', () => {
    const world = switchWorld()
    const callId = world.call()

    expect(world.simulatedSwitch.perform('k1', route(callId, '7001'))).toEqual({ ok: true })
    world.clock.advance({ seconds: 3 })
    expect(world.simulatedSwitch.door({ kind: 'answer', callId })).toEqual({ ok: true, callId })
    world.clock.advance({ seconds: 20 })
    world.simulatedSwitch.door({ kind: 'release', callId, device: '7001' })

    expect(world.told().slice(2)).toEqual([
      '7000 released',
      '7001 ringing',
      '7001 connected',
      '7001 released',
      'ended released',
    ])
    expect(world.simulatedSwitch.endStates()).toEqual([{ callId, endState: 'answered', at: world.clock.nowMs() }])
    expect(world.simulatedSwitch.snapshot().calls).toEqual([])
    expect(world.clock.pending).toBe(0)
  })

  it('a telephone that nobody answers gives the call back to its routing point', () => {
    const world = switchWorld()
    const callId = world.call()
    world.simulatedSwitch.perform('k1', route(callId, '7001'))

    world.clock.advance({ seconds: 15 })

    expect(world.told().slice(4)).toEqual(['7001 released', '7000 queued', 'routeRequest 7000'])
    expect(world.simulatedSwitch.counters()).toMatchObject({
      notAnswered: 1,
      routed: 1,
      routedTo: { '7001': 1 },
      queued: 2,
    })
    expect(world.simulatedSwitch.perform('k2', route(callId, '7001'))).toEqual({ ok: true })
  })

  it('a number that is no telephone of the switch is an external destination that answers and talks', () => {
    const world = switchWorld()
    const callId = world.call({ patienceS: 5 })
    world.simulatedSwitch.perform('k1', route(callId, '+49 30 555'))

    world.clock.advance({ seconds: 32 })

    expect(world.told().slice(2)).toEqual([
      '7000 released',
      '+49 30 555 dialing',
      '+49 30 555 connected',
      '+49 30 555 released',
      'ended released',
    ])
    expect(world.simulatedSwitch.endStates()).toMatchObject([{ callId, endState: 'answered' }])
  })

  it('an impatient caller abandons, also in the instant when the telephone rings', () => {
    const world = switchWorld()
    const callId = world.call({ patienceS: 10 })
    world.clock.advance({ ms: 9_999 })
    world.simulatedSwitch.perform('k1', route(callId, '7001'))

    world.clock.advance({ ms: 1 })

    expect(world.told().slice(3)).toEqual(['7001 ringing', '7001 released', 'ended abandoned'])
    expect(world.simulatedSwitch.door({ kind: 'answer', callId })).toMatchObject({ ok: false, error: 'notfound' })
    const next = world.call()
    expect(world.simulatedSwitch.perform('k2', route(next, '7001'))).toEqual({ ok: true })
  })

  it('a busy telephone, a text that is no number and an ended call are refused and change nothing', () => {
    const world = switchWorld()
    const first = world.call()
    const second = world.call()
    world.simulatedSwitch.perform('k1', route(first, '7001'))
    const before = world.events.length

    expect(world.simulatedSwitch.perform('k2', route(second, '7001'))).toMatchObject({ error: 'invaliddestination' })
    expect(world.simulatedSwitch.perform('k3', route(second, 'nobody'))).toMatchObject({ error: 'invaliddestination' })
    expect(world.simulatedSwitch.perform('k4', { kind: 'clear', callId: 'gone' })).toMatchObject({
      error: 'invalidstate',
    })
    expect(world.events.length).toBe(before)
  })

  it('a call in talk cannot be routed away by a late command', () => {
    const world = switchWorld()
    const callId = world.call()
    world.simulatedSwitch.perform('k1', route(callId, '7001'))
    world.simulatedSwitch.door({ kind: 'answer', callId })

    expect(world.simulatedSwitch.perform('k2', route(callId, '7002'))).toMatchObject({ error: 'invalidstate' })
    expect(world.simulatedSwitch.snapshot().calls[0]?.parties.at(-1)).toMatchObject({
      device: '7001',
      state: 'connected',
    })
  })

  it('clear ends a waiting call as cleared, route type reject too', () => {
    const world = switchWorld()
    const first = world.call()
    const second = world.call()

    world.simulatedSwitch.perform('k1', { kind: 'clear', callId: first })
    world.simulatedSwitch.perform('k2', { kind: 'route', callId: second, to: '7001', routeType: 7 })

    expect(world.simulatedSwitch.endStates().map((row) => row.endState)).toEqual(['cleared', 'cleared'])
  })

  it('a telephone that rejects a ringing call gives it back, hold changes the state of its party', () => {
    const world = switchWorld()
    const callId = world.call()
    world.simulatedSwitch.perform('k1', route(callId, '7001'))
    world.simulatedSwitch.perform('k2', { kind: 'release', callId, device: '7001' })
    world.simulatedSwitch.perform('k3', route(callId, '7002'))
    world.simulatedSwitch.perform('k4', { kind: 'answer', callId, device: '7002' })

    expect(world.simulatedSwitch.hold(callId, '7002', 'held')).toBe(true)

    expect(world.told().slice(4)).toEqual([
      '7001 released',
      '7000 queued',
      'routeRequest 7000',
      '7000 released',
      '7002 ringing',
      '7002 connected',
      '7002 held',
    ])
  })

  it('user data is put and removed by path, and the event names what changed', () => {
    const world = switchWorld()
    const callId = world.call({ userData: { a: '1', list: { x: 1, y: 2 } } })

    world.simulatedSwitch.perform('k1', {
      kind: 'setUserData',
      callId,
      put: { b: '2' },
      remove: [['list', 'x'], ['nowhere', 'z'], []],
    })

    expect(world.told().at(-1)).toBe('userData b list nowhere')
    expect(world.simulatedSwitch.snapshot().calls[0]?.userData).toEqual({ a: '1', list: { y: 2 }, b: '2' })
  })

  it('a call out of the site keeps the ids it was given, and a known id is refused', () => {
    const world = switchWorld()
    const call = {
      from: '7001',
      to: '030 99',
      type: 'outbound',
      callId: 'OUT1',
      connId: 'ab',
      parentCallId: 'P1',
    } as const

    expect(world.simulatedSwitch.door({ kind: 'place', call })).toEqual({ ok: true, callId: 'OUT1' })
    expect(world.simulatedSwitch.snapshot().calls[0]).toMatchObject({
      connId: 'ab',
      parentCallId: 'P1',
      type: 'outbound',
    })
    world.clock.advance({ seconds: 2 })
    world.simulatedSwitch.door({ kind: 'release', callId: 'OUT1' })

    expect(world.told()).toEqual(['030 99 dialing', '030 99 connected', '030 99 released', 'ended released'])
    expect(world.simulatedSwitch.door({ kind: 'place', call })).toMatchObject({ ok: false, error: 'invalidstate' })
  })

  it('hostile user data stays data', () => {
    const world = switchWorld({ limits: { userDataCharacters: 100 } })
    const put = JSON.parse('{"__proto__":{"polluted":1},"constructor":"x"}')
    const callId = world.call({ userData: put })
    const remove = [['__proto__', 'polluted'], ['toString']]

    expect(world.simulatedSwitch.perform('k1', { kind: 'setUserData', callId, put: {}, remove })).toEqual({ ok: true })
    expect(
      world.simulatedSwitch.perform('k2', { kind: 'setUserData', callId, put: { a: 'x'.repeat(100) }, remove: [] }),
    ).toMatchObject({
      error: 'remote',
    })

    expect(JSON.stringify(world.simulatedSwitch.snapshot().calls[0]?.userData)).toBe(
      '{"__proto__":{},"constructor":"x"}',
    )
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it('numbers of events rise by one', () => {
    const world = switchWorld()
    for (let i = 0; i < 5; i += 1) world.call({ patienceS: i + 1 })
    world.clock.advance({ seconds: 10 })

    const first = world.events[0]?.sequence ?? 0

    expect(world.events.map(({ sequence }) => sequence - first)).toEqual(world.events.map((_, index) => index))
  })
})

describe('simulated switch: commands by key', () => {
  it('a repeated key gets the first answer again and does nothing', () => {
    const world = switchWorld()
    const callId = world.call()
    world.simulatedSwitch.perform('k1', { kind: 'clear', callId })
    const before = world.events.length

    expect(world.simulatedSwitch.perform('k1', { kind: 'clear', callId })).toEqual({ ok: true })
    expect(world.simulatedSwitch.perform('k2', { kind: 'clear', callId })).toMatchObject({ error: 'invalidstate' })
    expect(world.events.length).toBe(before)
  })

  it('keys of living calls are never forgotten, those of ended calls after the limit', () => {
    const world = switchWorld({ limits: { keysAfterEnd: 3 } })
    const living = world.call()
    world.simulatedSwitch.perform('living', route(living, '7001'))
    const ended = world.call()
    world.simulatedSwitch.perform('ended', { kind: 'clear', callId: ended })

    for (let i = 0; i < 3; i += 1) world.simulatedSwitch.perform(`x${i}`, { kind: 'clear', callId: 'gone' })

    expect(world.simulatedSwitch.perform('living', route(living, '7001'))).toEqual({ ok: true })
    expect(world.simulatedSwitch.perform('ended', { kind: 'clear', callId: ended })).toMatchObject({ ok: false })
    expect(world.told().filter((line) => line === '7001 ringing')).toHaveLength(1)
  })

  it('commands of one call and calls at once are bounded', () => {
    const world = switchWorld({ limits: { commandsPerCall: 2, liveCalls: 1 } })
    const callId = world.call()
    const touch = { kind: 'setUserData', callId, put: { a: 1 }, remove: [] } as const

    const answers = ['k1', 'k2', 'k3'].map((key) => world.simulatedSwitch.perform(key, touch).ok)

    expect(answers).toEqual([true, true, false])
    expect(world.simulatedSwitch.door({ kind: 'place', call: { from: '1', to: '7000' } })).toMatchObject({ ok: false })
  })
})

describe('simulated switch: treatments', () => {
  it('music with a duration ends by itself with the key of its command', () => {
    const world = switchWorld()
    const callId = world.call()
    world.simulatedSwitch.perform('t1', {
      kind: 'treat',
      callId,
      treatment: { kind: 'sound', sound: 'music', durationS: 20 },
    })

    world.clock.advance({ ms: 19_999 })
    expect(world.told()).not.toContain('t1 completed')
    world.clock.advance({ ms: 1 })

    expect(world.told().at(-1)).toBe('t1 completed')
  })

  it('a new treatment replaces the running one, which ends as stopped', () => {
    const world = switchWorld()
    const callId = world.call()
    const music = { kind: 'sound', sound: 'music' } as const
    world.simulatedSwitch.perform('t1', { kind: 'treat', callId, treatment: music })
    world.simulatedSwitch.perform('t2', { kind: 'treat', callId, treatment: music })

    expect(world.told().slice(2)).toEqual(['t1 stopped'])
    expect(world.simulatedSwitch.perform('s1', { kind: 'stopTreatment', callId, treatmentKey: 't1' })).toMatchObject({
      error: 'invalidstate',
    })
    expect(world.simulatedSwitch.perform('s2', { kind: 'stopTreatment', callId, treatmentKey: 't2' })).toEqual({
      ok: true,
    })
    expect(world.told().at(-1)).toBe('t2 stopped')
  })

  it('routing stops the treatment before the telephone rings', () => {
    const world = switchWorld()
    const callId = world.call()
    world.simulatedSwitch.perform('t1', { kind: 'treat', callId, treatment: { kind: 'pause', durationS: 60 } })
    world.simulatedSwitch.perform('k1', route(callId, '7001'))
    world.clock.advance({ seconds: 10 })

    expect(world.told().slice(2)).toEqual(['t1 stopped', '7000 released', '7001 ringing'])
    expect(
      world.simulatedSwitch.perform('t2', { kind: 'treat', callId, treatment: { kind: 'pause', durationS: 1 } }),
    ).toMatchObject({ error: 'invalidstate' })
  })

  it('a dialog application attaches its data before its end is told', () => {
    const uri = 'http://apps/menu.vxml'
    const world = switchWorld({
      plan: { ...smallPlan, applications: [{ uri, durationS: 4, userData: { choice: '2' }, extensions: { n: 7 } }] },
    })
    const callId = world.call()
    world.simulatedSwitch.perform('t1', {
      kind: 'treat',
      callId,
      treatment: { kind: 'application', applicationUri: uri, parameters: {} },
    })

    world.clock.advance({ seconds: 4 })

    expect(world.told().slice(2)).toEqual(['userData choice', 't1 completed'])
    expect(world.events.at(-1)?.event).toMatchObject({ extensions: { APP_URI: uri, STATUS: 'OK', n: 7 } })
  })

  it('an unplanned application ends after a time derived from its address', () => {
    const world = switchWorld()
    const callId = world.call()
    const treatment = { kind: 'application', applicationUri: 'http://apps/x.vxml', parameters: {} } as const
    world.simulatedSwitch.perform('t1', { kind: 'treat', callId, treatment })

    world.clock.advance({ seconds: 1 })
    expect(world.told()).toHaveLength(2)
    world.clock.advance({ seconds: 7 })

    expect(world.told().at(-1)).toBe('t1 completed')
  })

  const collect = (callId: string, input: object, isInterruptible = true) =>
    ({
      kind: 'treat',
      callId,
      treatment: { kind: 'collect', prompts: [{ text: 'menu.wav', isInterruptible }], input },
    }) as const

  it('digits are collected up to the terminating key, ignored keys left out', () => {
    const world = switchWorld()
    const callId = world.call()
    world.simulatedSwitch.perform('t1', collect(callId, { maxDigits: 6, terminationDigits: '#', ignoreDigits: '*' }))
    world.clock.advance({ seconds: 4 })

    world.simulatedSwitch.door({ kind: 'press', callId, digits: '1*2' })
    world.simulatedSwitch.door({ kind: 'press', callId, digits: '#9' })

    expect(world.told().at(-1)).toBe('t1 completed "12"')
  })

  it('no key within the start time-out completes with no digits, an abort key fails', () => {
    const world = switchWorld()
    const callId = world.call()
    world.simulatedSwitch.perform('t1', collect(callId, { startTimeoutS: 8, abortDigits: '*' }))
    world.clock.advance({ seconds: 11 })
    expect(world.told().at(-1)).toBe('t1 completed ""')

    world.simulatedSwitch.perform('t2', collect(callId, { startTimeoutS: 8, abortDigits: '*' }))
    world.simulatedSwitch.door({ kind: 'press', callId, digits: '5*' })

    expect(world.told().at(-1)).toBe('t2 failed "5"')
  })

  it('keys during a prompt that cannot be interrupted count as type-ahead, and clear throws them away', () => {
    const world = switchWorld()
    const callId = world.call()
    world.simulatedSwitch.perform('t1', collect(callId, { maxDigits: 1 }, false))
    world.simulatedSwitch.door({ kind: 'press', callId, digits: '42' })
    expect(world.told()).toHaveLength(2)
    world.clock.advance({ seconds: 3 })
    expect(world.told().at(-1)).toBe('t1 completed "4"')

    world.simulatedSwitch.perform('t2', collect(callId, { maxDigits: 1, startTimeoutS: 5, clearFirst: true }))
    world.clock.advance({ seconds: 8 })

    expect(world.told().at(-1)).toBe('t2 completed ""')
  })

  it('a loop plays on without events until the call is routed, also when its treatments last no time', () => {
    const world = switchWorld()
    const callId = world.call()
    world.simulatedSwitch.perform('l1', {
      kind: 'treatLoop',
      callId,
      treatments: [
        { kind: 'pause', durationS: 0 },
        { kind: 'announcement', prompts: [] },
      ],
    })

    world.clock.advance({ seconds: 3_600 })

    expect(world.told()).toHaveLength(2)
    expect(world.simulatedSwitch.counters().treated).toBe(1)
    expect(world.simulatedSwitch.perform('k1', route(callId, '7001'))).toEqual({ ok: true })
    expect(world.told().slice(2)).toEqual(['7000 released', '7001 ringing'])
  })
})
