import { describe, expect, it } from 'vitest'
import { parseSwitchPlan, type SwitchPlan } from '../../src/voice/simulated/plan.ts'
import { createPeople } from '../../src/voice/simulated/people.ts'
import type { SimulatedSwitch } from '../../src/voice/simulated/switch.ts'
import { smallPlan, switchWorld } from './switch-world.ts'

const busyPlan: SwitchPlan = {
  ...smallPlan,
  callers: { ratePerMinute: 30, calls: 200, patienceS: [5, 60], worstMomentRatio: 0.3, digits: ['1', '2'] },
  talkS: [5, 20],
  afterCallWorkS: [1, 5],
  answerS: [1, 4],
  noAnswerRatio: 0.1,
  breaks: { everyS: [100, 300], lengthS: [20, 40] },
}

/** Routes every waiting call to the first telephone that takes it, and asks for digits before. */
function simpleRouting(simulatedSwitch: SimulatedSwitch): void {
  const waiting: string[] = []
  const ended = new Set<string>()
  const ready = new Set<string>()
  let key = 0
  const match = (): void => {
    for (const device of ready) {
      while (ended.has(waiting[0] ?? '')) waiting.shift()
      const callId = waiting.shift()
      if (callId === undefined) return
      ready.delete(device)
      const answer = simulatedSwitch.perform(`r${(key += 1)}`, { kind: 'route', callId, to: device, routeType: 1 })
      if (!answer.ok) ready.add(device)
    }
  }
  simulatedSwitch.onEvent(({ event }) => {
    if (event.kind === 'routeRequest') {
      const { callId } = event.call
      const input = { maxDigits: 1, startTimeoutS: 2 }
      simulatedSwitch.perform(`t${(key += 1)}`, {
        kind: 'treat',
        callId,
        treatment: { kind: 'collect', prompts: [], input },
      })
    }
    if (event.kind === 'callEnded') ended.add(event.callId)
    if (event.kind === 'treatmentEnded' && event.outcome !== 'stopped') waiting.push(event.callId)
    if (event.kind === 'partyChanged' && event.state === 'released' && event.device !== '7000') ready.add(event.device)
    if (event.kind === 'agentState' && event.state === 'ready') ready.add(event.device)
    if (event.kind === 'agentState' && event.state !== 'ready') ready.delete(event.device)
    match()
  })
}

function runDay(seed: number) {
  const world = switchWorld({ plan: busyPlan, seed })
  simpleRouting(world.simulatedSwitch)
  const people = createPeople({ clock: world.clock, seed, plan: busyPlan, simulatedSwitch: world.simulatedSwitch })
  people.start()
  for (let minute = 0; minute < 60 && !people.areDone; minute += 1) world.clock.advance({ seconds: 60 })
  return { world, people }
}

describe('simulated callers and agents', () => {
  it('every call that arrives ends exactly once, with agents answering and callers hanging up at bad moments', () => {
    const { world, people } = runDay(7)
    const counters = world.simulatedSwitch.counters()
    const rows = world.simulatedSwitch.endStates()

    expect(people.areDone).toBe(true)
    expect(people.placed).toBe(200)
    expect(rows).toHaveLength(200)
    expect(new Set(rows.map((row) => row.callId)).size).toBe(200)
    expect(counters).toMatchObject({ arrived: 200, alive: 0 })
    expect(counters.ended.answered).toBeGreaterThan(20)
    expect(counters.ended.abandoned).toBeGreaterThan(20)
    expect(counters.ended.answered + counters.ended.abandoned).toBe(200)
    expect(world.told()).toContain('anna afterCallWork')
    expect(world.told()).toContain('bert notReady')
    expect(world.told().some((line) => / completed "[12]"$/.test(line))).toBe(true)
  })

  it('the same seed gives the same day, another seed another one', () => {
    const first = runDay(7)
    const same = runDay(7)
    const other = runDay(8)

    expect(same.world.events).toEqual(first.world.events)
    expect(other.world.told()).not.toEqual(first.world.told())
  })

  it('people who are sent home do nothing more', () => {
    const world = switchWorld({ plan: busyPlan })
    const people = createPeople({ clock: world.clock, seed: 1, plan: busyPlan, simulatedSwitch: world.simulatedSwitch })
    people.start()
    world.clock.advance({ seconds: 10 })

    people[Symbol.dispose]()
    const placed = people.placed
    world.clock.advance({ seconds: 600 })

    expect(people.placed).toBe(placed)
  })
})

describe('switch plan', () => {
  it('a whole plan is read as it is', () => {
    expect(parseSwitchPlan(JSON.stringify(busyPlan))).toEqual({ ok: true, plan: busyPlan })
  })

  it.each([
    ['{', /SEG-SWITCH-001/],
    ['[]', /plan must be an object/],
    ['{"switchName":"s","routingPoints":[]}', /plan\.agents is missing/],
    ['{"switchName":"s","routingPoints":[{"number":"1"},{"number":"1"}],"agents":[]}', /"1" is used twice/],
    ['{"switchName":"s","routingPoints":[],"agents":[],"talkS":[5,1]}', /plan\.talkS must not begin above its end/],
    ['{"switchName":"s","routingPoints":[],"agents":[],"ringS":"5"}', /plan\.ringS must be a number of seconds/],
    ['{"switchName":"s","routingPoints":[],"agents":[],"__proto__":{}}', /plan\.__proto__ is unknown/],
    ['{"switchName":"s","routingPoints":[],"agents":[],"callers":{"to":["9"]}}', /callers\.to names "9"/],
  ])('%s is refused with a reason', (text, reason) => {
    const result = parseSwitchPlan(text)

    expect(result.ok).toBe(false)
    expect(result.ok ? '' : result.message).toMatch(reason)
  })
})
