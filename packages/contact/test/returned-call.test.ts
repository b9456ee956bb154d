import { expect, it } from 'vitest'
import type { RouteDecision } from '../src/contract.ts'
import { callAt, InteractionWorld, names } from './contact-fixtures.ts'

const decision: RouteDecision = {
  agentId: 'A1',
  destination: '7001',
  switchName: 'SIP_East',
  selected: {},
  sessionId: 'S1',
  requestKey: 'submit',
}
const ringing = callAt('', {
  atRoutingPoint: '',
  parties: [
    { device: null, deviceType: 'customer', state: 'connected' },
    { device: '7001', deviceType: 'agent', state: 'ringing' },
  ],
})

/** A call that was routed, rang in vain and is back at its routing point. */
function returned(answered: 'in time' | 'late'): InteractionWorld {
  const world = InteractionWorld.atRoutingPoint()
  world.send({ kind: 'routeTo', replyKey: 'r', decision, stopTreatmentKey: undefined })
  const commandKey = world.commandKeys.at(-1) ?? ''
  const answer = (): unknown => world.send({ kind: 'switchAnswer', commandKey, answer: { ok: true } })
  if (answered === 'in time') answer()
  world.event({ kind: 'partyChanged', call: ringing, device: '7001', state: 'ringing' })
  world.event({ kind: 'routeRequest', call: callAt('4201'), routingPoint: '4201' })
  if (answered === 'late') answer()
  return world
}

it.each(['in time', 'late'] as const)(
  'a call that is back when its session ends gets a new session (answer of the switch %s)',
  (answered) => {
    const world = returned(answered)

    const effects = world.send({ kind: 'sessionEnded', sessionId: 'S1' })

    expect(effects.find(({ kind }) => kind === 'startSession')).toMatchObject({ sessionId: 'S2', routingPoint: '4201' })
    expect(names(effects)).toEqual(['interaction.added', 'interaction.present', 'interaction.onrouterequest'])
    expect(world.state).toMatchObject({ owner: 'S2', life: 'queued' })
  },
)

it('a session that dealt with the returned call and ends leaves it to the default destination', () => {
  const world = returned('in time')
  world.request({ kind: 'stopTreatment', requestId: 'X', treatmentRequestId: 'none' })

  const effects = world.send({ kind: 'sessionEnded', sessionId: 'S1' })

  expect(effects.filter(({ kind }) => kind === 'startSession')).toEqual([])
})
