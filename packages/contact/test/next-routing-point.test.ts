import { expect, it } from 'vitest'
import type { ContactEffect, RouteDecision } from '../src/contract.ts'
import { callAt, clinicYaml, configurationOf, InteractionWorld, names } from './contact-fixtures.ts'

const redirect = {
  kind: 'redirect',
  requestId: 'R',
  from: '4201',
  to: '4202',
  routeType: 0,
  hints: {},
} as const

const atNext = callAt('4202')

/** A call of session S1 at 4201, and an application behind 4202, too. */
function betweenTwoPoints(): InteractionWorld {
  const world = new InteractionWorld()
  world.configuration = configurationOf(
    clinicYaml.replace('number: 4202, type: routepoint', 'number: 4202, type: routepoint, application: hours'),
  )
  world.event({ kind: 'routeRequest', call: callAt('4201'), routingPoint: '4201' })
  return world
}

/** The switch tells that the call has arrived, and that it has taken the command, in either order. */
function arrive(world: InteractionWorld, order: string): readonly ContactEffect[] {
  const commandKey = world.commandKeys.at(-1) ?? ''
  const arrived = (): readonly ContactEffect[] =>
    world.event({ kind: 'routeRequest', call: atNext, routingPoint: '4202' })
  const answered = (): readonly ContactEffect[] =>
    world.send({ kind: 'switchAnswer', commandKey, answer: { ok: true } })
  return order === 'arrival first' ? [...arrived(), ...answered()] : [...answered(), ...arrived()]
}

const orders = ['arrival first', 'answer first']

it.each(orders)('a call that is redirected and detached to a routing point starts its application (%s)', (order) => {
  const world = betweenTwoPoints()
  world.request({ ...redirect, detach: true })

  const effects = arrive(world, order)

  expect(effects.find(({ kind }) => kind === 'startSession')).toMatchObject({ sessionId: 'S2', routingPoint: '4202' })
  expect(names(effects)).toEqual(expect.arrayContaining(['interaction.redirect.done', 'interaction.deleted']))
  expect(names(effects).filter((name) => name === 'interaction.added')).toHaveLength(1)
  expect(world.state).toMatchObject({ owner: 'S2', life: 'queued', focusDeviceId: '4202' })
})

it.each(orders)(
  'a call that was detached and then redirected to a routing point starts its application (%s)',
  (order) => {
    const world = betweenTwoPoints()
    world.request({ kind: 'detach', requestId: 'D' })
    world.request({ ...redirect, detach: false })

    arrive(world, order)

    expect(world.state).toMatchObject({ owner: 'S2', life: 'queued', focusDeviceId: '4202' })
  },
)

it.each(orders)('a session that keeps the call it redirected has it at the next routing point (%s)', (order) => {
  const world = betweenTwoPoints()
  world.request({ ...redirect, detach: false })

  const effects = arrive(world, order)

  expect(effects.filter(({ kind }) => kind === 'startSession')).toEqual([])
  expect(names(effects)).toContain('interaction.onrouterequest')
  expect(world.state).toMatchObject({ owner: 'S1', life: 'queued', focusDeviceId: '4202' })
})

it.each(orders)(
  'a call routed by a submit to a routing point starts its application when the session ends (%s)',
  (order) => {
    const decision: RouteDecision = {
      agentId: '',
      destination: '4202',
      switchName: 'SIP_East',
      selected: {},
      sessionId: 'S1',
      requestKey: 'submit',
    }
    const world = betweenTwoPoints()
    world.send({ kind: 'routeTo', replyKey: 'r', decision, stopTreatmentKey: undefined })
    arrive(world, order)

    const effects = world.send({ kind: 'sessionEnded', sessionId: 'S1' })

    expect(effects.find(({ kind }) => kind === 'startSession')).toMatchObject({ sessionId: 'S2', routingPoint: '4202' })
    expect(world.state).toMatchObject({ owner: 'S2', life: 'queued', focusDeviceId: '4202' })
  },
)
