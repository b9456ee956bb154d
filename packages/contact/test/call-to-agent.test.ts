import { expect, it } from 'vitest'
import type { ContactEffect } from '../src/contract.ts'
import { domainSummary } from '../src/routing/summary.ts'
import { callAt, DomainWorld, InteractionWorld } from './contact-fixtures.ts'

/** An interaction and a domain joined as the runtime joins them; commands are answered by the test. */
class Centre {
  readonly call = InteractionWorld.atRoutingPoint()
  readonly domain = new DomainWorld()
  readonly told: string[] = []
  readonly answered: string[] = []
  #effects = 0

  take(effects: readonly ContactEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'notify') {
        this.told.push(effect.notice.name)
        if (effect.answers !== undefined) this.answered.push(effect.answers)
      }
      if (effect.kind === 'toDomain') this.take(this.domain.send(effect.message))
      if (effect.kind === 'toInteraction') {
        const { message } = effect
        this.take(
          this.call.send('replyKey' in message ? { ...message, replyKey: `route-${this.#effects++}` } : message),
        )
      }
    }
  }
}

function agentCall(state: 'ringing' | 'connected' | 'released', atRoutingPoint = '') {
  return callAt(atRoutingPoint, {
    parties: [
      { device: null, deviceType: 'customer', state: 'connected' },
      { device: '7001', deviceType: 'agent', state },
    ],
    atRoutingPoint,
  })
}

it('a call waits with music, is routed to the agent who becomes ready, is served and ends', () => {
  const centre = new Centre()
  const submit = { interactionId: 'ixn1', sessionId: 'S1', route: true, hasTreatmentLoop: true }
  centre.take(
    centre.call.request(
      { kind: 'treatLoop', treatments: [{ kind: 'sound', sound: 'music' }], requestId: 'R-1' },
      { replyKey: '' },
    ),
  )
  centre.take(centre.domain.submit('1', 'Front@.GA', submit))
  centre.take(centre.domain.ready('A1'))
  centre.take(centre.call.answerLast())
  centre.take(centre.call.event({ kind: 'partyChanged', call: agentCall('ringing'), device: '7001', state: 'ringing' }))
  centre.take(
    centre.call.event({ kind: 'partyChanged', call: agentCall('connected'), device: '7001', state: 'connected' }),
  )
  const talking = domainSummary(centre.domain.domain, 0).groups.find((group) => group.name === 'Front')
  centre.take(centre.call.event({ kind: 'callEnded', callId: 'ixn1', cause: 'released' }))
  const after = domainSummary(centre.domain.domain, 0).groups.find((group) => group.name === 'Front')

  expect(centre.told).toEqual([
    'queue.submit.requestid',
    'queue.submit.done',
    'interaction.partystatechanged',
    'interaction.partystatechanged',
    'interaction.partystatechanged',
    'interaction.deleted',
  ])
  expect(centre.answered).toEqual(['key-1'])
  expect(talking).toMatchObject({ talking: 1, ready: 0 })
  expect(after).toMatchObject({ talking: 0, ready: 1 })
})

it('an agent who does not answer is set aside; the call comes back to its session and finds another agent', () => {
  const centre = new Centre()
  centre.take(centre.domain.ready('A1'))
  centre.take(centre.domain.submit('1', 'All@.GA', { interactionId: 'ixn1', sessionId: 'S1', route: true }))
  centre.take(centre.call.answerLast())
  centre.take(centre.call.event({ kind: 'partyChanged', call: agentCall('ringing'), device: '7001', state: 'ringing' }))
  centre.take(
    centre.call.event({ kind: 'partyChanged', call: agentCall('released', '4201'), device: '7001', state: 'released' }),
  )
  centre.take(centre.call.event({ kind: 'routeRequest', call: callAt('4201'), routingPoint: '4201' }))
  centre.take(centre.domain.ready('A2'))
  centre.take(centre.domain.submit('2', 'All@.GA', { interactionId: 'ixn1', sessionId: 'S1', route: true }))

  expect(centre.told.slice(-2)).toEqual(['interaction.onrouterequest', 'queue.submit.requestid'])
  expect(centre.call.state?.pending).toMatchObject([
    { kind: 'userData' },
    { kind: 'routeTo', decision: { agentId: 'A2' } },
  ])
})

it('a session that ends takes its waiting submits with it', () => {
  const centre = new Centre()
  centre.take(centre.domain.submit('1', 'Front@.GA', { interactionId: 'ixn1', sessionId: 'S1' }))
  centre.take(centre.domain.submit('2', 'Front@.GA', { interactionId: 'ixn1', sessionId: 'S2' }))

  const ended = { sessionId: 'S1', interactionId: 'ixn1' }
  centre.take(centre.domain.send({ kind: 'withdraw', replyKey: '', ended }))

  expect([...centre.domain.domain.requests.keys()]).toEqual(['key-2'])
  expect(centre.told).toEqual(['queue.submit.requestid', 'queue.submit.requestid'])
})

it('a caller who hangs up while waiting frees everything and fails the submit', () => {
  const centre = new Centre()
  centre.take(centre.domain.submit('1', 'Front@.GA', { interactionId: 'ixn1', sessionId: 'S1', route: true }))

  centre.take(centre.call.event({ kind: 'callEnded', callId: 'ixn1', cause: 'abandoned' }))

  expect(centre.told).toEqual([
    'queue.submit.requestid',
    'interaction.abandoned',
    'interaction.partystatechanged',
    'interaction.deleted',
    'error.queue.submit',
  ])
  expect(centre.domain.domain.requests.size).toBe(0)
})
