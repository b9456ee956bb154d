import { describe, expect, it } from 'vitest'
import type { ContactEffect, InteractionMessage, RouteDecision, SessionNotice } from '../src/contract.ts'
import { canTransition } from '../src/interactions/life-cycle.ts'
import type { Treatment } from '../src/ports/voice.ts'
import { callAt, commands, InteractionWorld, names, notices } from './contact-fixtures.ts'

const music: Treatment = { kind: 'sound', sound: 'music' }
const vxml: Treatment = { kind: 'application', applicationUri: 'http://a/x.vxml', parameters: {} }
const redirect = {
  kind: 'redirect',
  requestId: 'R',
  from: '4201',
  to: '7001',
  routeType: 1,
  detach: false,
  hints: {},
} as const
const decision: RouteDecision = {
  agentId: 'A1',
  destination: '7001',
  switchName: 'SIP_East',
  selected: {},
  sessionId: 'S1',
  requestKey: 'submit',
}
const atAgent = (state: 'ringing' | 'connected') =>
  callAt('', {
    atRoutingPoint: '',
    parties: [
      { device: null, deviceType: 'customer', state: 'connected' },
      { device: '7001', deviceType: 'agent', state },
    ],
  })
const viewOf = (notice: SessionNotice | undefined): Readonly<Record<string, unknown>> => {
  if (notice?.payload?.kind !== 'put') throw new Error('no view')
  return notice.payload.interaction
}
const domainMessages = (effects: readonly ContactEffect[]): readonly object[] =>
  effects.flatMap((effect) => (effect.kind === 'toDomain' ? [effect.message] : []))

describe('a call at a routing point', () => {
  it('starts a session and tells added, present, onrouterequest in this order, each with the interaction', () => {
    const world = new InteractionWorld()

    const effects = world.event({ kind: 'routeRequest', call: callAt('4201'), routingPoint: '4201' })

    expect(effects[0]).toMatchObject({
      kind: 'startSession',
      sessionId: 'S1',
      application: 'hours',
      routingPoint: '4201',
    })
    expect(names(effects)).toEqual(['interaction.added', 'interaction.present', 'interaction.onrouterequest'])
    expect(notices(effects)[0]?.data).toEqual({ interactionid: 'ixn1', focusdeviceid: '4201' })
    expect(viewOf(notices(effects)[0])).toMatchObject({
      g_uid: 'ixn1',
      category: 'voice',
      tenantid: '1',
      parentid: '',
      location: { media_server: 'SIP_East' },
      parties: { '4201': { device: '4201', devicetype: 'routepoint' }, customer: { device: null } },
      voice: {
        type: 'inbound',
        media: 'TMediaVoice',
        callid: '1001',
        connid: '00710299A0001',
        dnis: '9000',
        ani: '0811112222',
      },
    })
    expect(commands(effects)).toEqual([
      { kind: 'setUserData', callId: 'ixn1', put: { 'OP-Session-ID': 'S1' }, remove: [] },
    ])
  })

  it('without an application starts nothing', () => {
    const effects = new InteractionWorld().event({ kind: 'routeRequest', call: callAt('4202'), routingPoint: '4202' })

    expect(effects).toEqual([])
  })

  it('that is owned already goes to its session; the same event again says nothing', () => {
    const world = InteractionWorld.atRoutingPoint()

    expect(world.event({ kind: 'routeRequest', call: callAt('4201'), routingPoint: '4201' })).toEqual([])
    const effects = world.event({ kind: 'routeRequest', call: callAt('4202'), routingPoint: '4202' })

    expect(effects.every((effect) => effect.kind === 'notify' && effect.sessionId === 'S1')).toBe(true)
    expect(names(effects)).toEqual(['interaction.partystatechanged', 'interaction.onrouterequest'])
    expect(notices(effects)[1]?.data).toEqual({ interactionid: 'ixn1', focusdeviceid: '4202' })
  })
})

describe('user data', () => {
  it('is set by a command and told when the switch confirms; the old view keeps its values', () => {
    const world = InteractionWorld.atRoutingPoint()

    const request = world.request({ kind: 'setUserData', put: { a: 1 }, remove: [] })
    expect(names(request)).toEqual([])
    const effects = world.event({
      kind: 'userDataChanged',
      call: callAt('4201', { userData: { a: 1 } }),
      changed: ['a'],
    })

    expect(commands(request)).toEqual([{ kind: 'setUserData', callId: 'ixn1', put: { a: 1 }, remove: [] }])
    expect(notices(effects)).toMatchObject([
      { name: 'interaction.udata.changed', data: { interactionid: 'ixn1', udata: ['a'] } },
    ])
    expect(viewOf(notices(effects)[0])['udata']).toEqual({ a: 1, 'OP-Session-ID': 'S1' })
  })

  it('that did not change, or is only the key of the platform, gives no event', () => {
    const world = InteractionWorld.atRoutingPoint()

    const call = callAt('4201', { userData: { 'OP-Session-ID': 'S1' } })
    expect(world.event({ kind: 'userDataChanged', call, changed: ['OP-Session-ID'] })).toEqual([])
    expect(world.event({ kind: 'userDataChanged', call, changed: ['x'] })).toEqual([])
  })
})

describe('treatments', () => {
  const start = (world: InteractionWorld, requestId = 'R', element = 'start', replyKey = `key-${requestId}`) =>
    world.request({ kind: 'treat', requestId, element, treatment: vxml }, { replyKey })

  it('answer when they end, with what the application gave', () => {
    const world = InteractionWorld.atRoutingPoint()
    start(world)
    const commandKey = world.commandKeys.at(-1) ?? ''

    expect(world.answerLast()).toEqual([])
    const effects = world.event({
      kind: 'treatmentEnded',
      callId: 'ixn1',
      commandKey,
      outcome: 'completed',
      extensions: { x: 1 },
    })

    expect(effects).toMatchObject([
      {
        notice: { name: 'dialog.start.done', data: { requestid: 'R', extensions: { x: 1 } }, module: 'dialog' },
        answers: 'key-R',
      },
    ])
  })

  it('collect digits as text, empty when there are none', () => {
    const world = InteractionWorld.atRoutingPoint()
    start(world, 'R', 'playandcollect')

    const effects = world.event({
      kind: 'treatmentEnded',
      callId: 'ixn1',
      commandKey: world.commandKeys.at(-1) ?? '',
      outcome: 'completed',
    })

    expect(notices(effects)[0]?.data).toMatchObject({ digits: '' })
  })

  it('are replaced by a newer one: the old request is cancelled, its late end says nothing', () => {
    const world = InteractionWorld.atRoutingPoint()
    start(world, 'R1')
    const old = world.commandKeys.at(-1) ?? ''

    const effects = start(world, 'R2', 'play')
    expect(effects).toContainEqual({ kind: 'withdraw', key: old })
    expect(notices(effects)).toMatchObject([
      { name: 'error.dialog.start', data: { requestid: 'R1', error: 'cancelled' } },
    ])
    expect(world.event({ kind: 'treatmentEnded', callId: 'ixn1', commandKey: old, outcome: 'stopped' })).toEqual([])
    const end = world.event({
      kind: 'treatmentEnded',
      callId: 'ixn1',
      commandKey: world.commandKeys.at(-1) ?? '',
      outcome: 'failed',
    })

    expect(notices(end)).toMatchObject([{ name: 'error.dialog.play', data: { requestid: 'R2', error: 'remote' } }])
  })

  it('cannot be started when the call is elsewhere: the error names the state', () => {
    const world = InteractionWorld.atRoutingPoint()
    world.event({ kind: 'partyChanged', call: atAgent('connected'), device: '7001', state: 'connected' })

    expect(notices(start(world))[0]).toMatchObject({
      name: 'error.dialog.start',
      data: { error: 'invalidstate.connected' },
    })
  })

  it('can be stopped', () => {
    const world = InteractionWorld.atRoutingPoint()
    start(world)
    const treatmentKey = world.commandKeys.at(-1) ?? ''

    const stop = world.request({ kind: 'stopTreatment', requestId: 'T', treatmentRequestId: 'R' })
    expect(commands(stop)).toEqual([{ kind: 'stopTreatment', callId: 'ixn1', treatmentKey }])
    expect(names(world.answerLast())).toEqual(['dialog.stop.done'])
    const end = world.event({ kind: 'treatmentEnded', callId: 'ixn1', commandKey: treatmentKey, outcome: 'stopped' })

    expect(notices(end)[0]?.data).toMatchObject({ requestid: 'R', error: 'cancelled' })
    expect(names(world.request({ kind: 'stopTreatment', requestId: 'T', treatmentRequestId: 'R' }))).toEqual([
      'error.dialog.stop',
    ])
  })

  it('of a submit loop silently and end with it', () => {
    const world = InteractionWorld.atRoutingPoint()

    expect(names(world.request({ kind: 'treatLoop', treatments: [music], requestId: 'Q' }, { replyKey: '' }))).toEqual(
      [],
    )
    expect(
      commands(world.request({ kind: 'treatLoop', treatments: [], requestId: 'other' }, { replyKey: '' })),
    ).toEqual([])
    const effects = world.request({ kind: 'treatLoop', treatments: [], requestId: 'Q' }, { replyKey: '' })

    expect(commands(effects)).toMatchObject([{ kind: 'stopTreatment' }])
  })

  it('a repeated request is not done twice, and an answered one is answered again', () => {
    const world = InteractionWorld.atRoutingPoint()
    start(world)
    const commandKey = world.commandKeys.at(-1) ?? ''

    expect(start(world)).toEqual([])
    const first = world.event({ kind: 'treatmentEnded', callId: 'ixn1', commandKey, outcome: 'completed' })

    expect(start(world)).toEqual(first)
  })
})

describe('redirect', () => {
  it('is done when the switch has accepted it; with detach the entry leaves after that', () => {
    const world = InteractionWorld.atRoutingPoint()

    const request = world.request({ ...redirect, detach: true }, { replyKey: 'k' })
    expect(commands(request)).toEqual([{ kind: 'route', callId: 'ixn1', to: '7001', routeType: 1 }])
    const effects = world.answerLast()

    expect(names(effects)).toEqual(['interaction.redirect.done', 'interaction.deleted'])
    expect(effects[0]).toMatchObject({ answers: 'k', notice: { payload: { kind: 'put' } } })
    expect(notices(effects)[1]).toMatchObject({ data: { resultof: 'detach' }, payload: { kind: 'remove' } })
    expect(
      world.event({ kind: 'callEnded', callId: 'ixn1', cause: 'released' }).some((one) => one.kind === 'notify'),
    ).toBe(false)
  })

  it('that fails takes nothing from the session', () => {
    const world = InteractionWorld.atRoutingPoint()
    world.request({ ...redirect, detach: true })

    const effects = world.answerLast('invaliddestination')

    expect(notices(effects)).toMatchObject([
      { name: 'error.interaction.redirect', data: { error: 'invaliddestination', requestid: 'R' } },
    ])
    expect(world.state?.owner).toBe('S1')
    expect(commands(world.request(redirect))).toHaveLength(1)
  })

  it.each([
    [{ ...redirect, to: '' }, 'invaliddestination'],
    [{ ...redirect, from: '9999' }, 'invalidsource'],
  ])('with a bad address is refused at once', (request, error) => {
    expect(notices(InteractionWorld.atRoutingPoint().request(request))[0]?.data).toMatchObject({ error })
  })

  it('while another one is under way, or of a foreign session, is invalidstate', () => {
    const world = InteractionWorld.atRoutingPoint()

    expect(notices(world.request(redirect, { sessionId: 'S9' }))[0]?.data).toMatchObject({ error: 'invalidstate' })
    world.request(redirect)
    expect(notices(world.request(redirect))[0]?.data).toMatchObject({ error: 'invalidstate' })
  })

  it('stops the running treatment, whose request is cancelled', () => {
    const world = InteractionWorld.atRoutingPoint()
    world.request({ kind: 'treat', requestId: 'T', element: 'play', treatment: vxml })
    world.request(redirect)

    expect(notices(world.answerLast()).map((notice) => notice.name)).toEqual([
      'error.dialog.play',
      'interaction.redirect.done',
    ])
  })

  it('works after the session has detached the interaction', () => {
    const world = InteractionWorld.atRoutingPoint()

    const detach = world.request({ kind: 'detach', requestId: 'D' })
    expect(names(detach)).toEqual(['interaction.deleted', 'interaction.detach.done'])
    world.request(redirect)

    expect(names(world.answerLast())).toEqual(['interaction.redirect.done'])
  })
})

describe('ownership', () => {
  it('detach is refused while a treatment runs', () => {
    const world = InteractionWorld.atRoutingPoint()
    world.request({ kind: 'treat', requestId: 'T', element: 'play', treatment: vxml })

    expect(notices(world.request({ kind: 'detach', requestId: 'D' }))).toMatchObject([
      { name: 'error.interaction.detach', data: { error: 'invalidstate', requestid: 'D' } },
    ])
  })

  it('attach gives an unowned interaction to the session: added, then done', () => {
    const world = InteractionWorld.atRoutingPoint()
    world.request({ kind: 'detach', requestId: 'D' })

    const effects = world.request({ kind: 'attach', requestId: 'A' }, { sessionId: 'S7' })

    expect(names(effects)).toEqual(['interaction.added', 'interaction.attach.done'])
    expect(notices(world.request({ kind: 'attach', requestId: 'B' }, { sessionId: 'S8' }))[0]).toMatchObject({
      name: 'error.interaction.attach',
      data: { error: 'invalidstate' },
    })
  })

  it('attach to an interaction that does not exist is unknown', () => {
    const world = new InteractionWorld()

    expect(notices(world.request({ kind: 'attach', requestId: 'A' }))[0]).toMatchObject({
      name: 'error.interaction.attach',
      data: { error: 'unknown', interactionid: 'ixn1' },
    })
    expect(world.hasEnded).toBe(true)
  })

  it('a session that ends leaves a waiting call to the default destination of its routing point', () => {
    const world = InteractionWorld.atRoutingPoint()

    const effects = world.send({ kind: 'sessionEnded', sessionId: 'S1' })

    expect(commands(effects)).toEqual([{ kind: 'route', callId: 'ixn1', to: '7009', routeType: 1 }])
    expect(names(effects)).toEqual([])
  })

  it('a session that ends after its terminate or redirect changes nothing more', () => {
    const world = InteractionWorld.atRoutingPoint()
    world.request({ kind: 'terminate', requestId: 'T', reason: '', resource: '' })

    expect(commands(world.send({ kind: 'sessionEnded', sessionId: 'S1' }))).toEqual([])
  })

  it('without a default destination the call stays and its treatment stops', () => {
    const world = InteractionWorld.atRoutingPoint()
    world.event({ kind: 'routeRequest', call: callAt('4202'), routingPoint: '4202' })
    world.request({ kind: 'treat', requestId: 'T', element: 'play', treatment: vxml })

    expect(commands(world.send({ kind: 'sessionEnded', sessionId: 'S1' }))).toMatchObject([{ kind: 'stopTreatment' }])
  })
})

describe('the end of a call', () => {
  it('before anybody served it: abandoned, party event, deleted; the domain is told', () => {
    const world = InteractionWorld.atRoutingPoint()

    const effects = world.event({ kind: 'callEnded', callId: 'ixn1', cause: 'abandoned' })

    expect(names(effects)).toEqual(['interaction.abandoned', 'interaction.partystatechanged', 'interaction.deleted'])
    expect(notices(effects)[2]).toMatchObject({
      data: { interactionid: 'ixn1', resultof: 'deletion' },
      payload: { kind: 'remove' },
    })
    expect(domainMessages(effects)).toEqual([{ kind: 'interactionEnded', interactionId: 'ixn1', isAbandoned: true }])
    expect(world.hasEnded).toBe(true)
  })

  it('after an agent had it is not abandoned', () => {
    const world = InteractionWorld.atRoutingPoint()
    world.event({ kind: 'partyChanged', call: atAgent('connected'), device: '7001', state: 'connected' })

    expect(names(world.event({ kind: 'callEnded', callId: 'ixn1', cause: 'released' }))).not.toContain(
      'interaction.abandoned',
    )
  })

  it('by terminate: done, then deleted, also when the end comes before the answer', () => {
    const terminate = { kind: 'terminate', requestId: 'T', reason: 'x', resource: '' } as const
    const world = InteractionWorld.atRoutingPoint()
    expect(commands(world.request(terminate))).toEqual([{ kind: 'clear', callId: 'ixn1' }])
    const inOrder = [
      ...names(world.answerLast()),
      ...names(world.event({ kind: 'callEnded', callId: 'ixn1', cause: 'cleared' })),
    ]
    const other = InteractionWorld.atRoutingPoint()
    other.request(terminate)

    const early = names(other.event({ kind: 'callEnded', callId: 'ixn1', cause: 'cleared' }))

    expect(inOrder).toEqual(['interaction.terminate.done', 'interaction.partystatechanged', 'interaction.deleted'])
    expect(early).toEqual(inOrder)
  })

  it('pending requests get their errors, after deleted', () => {
    const world = InteractionWorld.atRoutingPoint()
    world.request({ kind: 'treat', requestId: 'T', element: 'start', treatment: vxml }, { replyKey: 'k1' })
    world.request(redirect, { replyKey: 'k2' })

    const effects = world.event({ kind: 'callEnded', callId: 'ixn1', cause: 'abandoned' })

    expect(names(effects).slice(2)).toEqual(['interaction.deleted', 'error.dialog.start', 'error.interaction.redirect'])
    expect(effects.flatMap((effect) => (effect.kind === 'notify' && effect.answers ? [effect.answers] : []))).toEqual([
      'k1',
      'k2',
    ])
  })
})

describe('routing by the domain', () => {
  const routeTo: InteractionMessage = { kind: 'routeTo', replyKey: 'rk', decision, stopTreatmentKey: undefined }

  it('sends the command and tells the domain what came of it, with the decision', () => {
    const world = InteractionWorld.atRoutingPoint()

    expect(commands(world.send(routeTo))).toMatchObject([{ kind: 'route', to: '7001' }])
    expect(world.send(routeTo)).toEqual([])
    const effects = world.answerLast()

    expect(effects).toMatchObject([
      { kind: 'toDomain', answers: 'rk', message: { kind: 'routed', ok: true, requestKey: 'submit', decision } },
    ])
    expect(world.send(routeTo)).toEqual(effects)
  })

  it('fails when the call is gone, elsewhere or fails at the switch', () => {
    const gone = new InteractionWorld().send(routeTo)
    const world = InteractionWorld.atRoutingPoint()
    world.send(routeTo)
    const refused = world.answerLast('invaliddestination')
    world.event({ kind: 'partyChanged', call: atAgent('connected'), device: '7001', state: 'connected' })
    const elsewhere = world.send({ ...routeTo, replyKey: 'rk2' })

    expect(domainMessages(gone)).toMatchObject([{ ok: false, error: 'unknown' }])
    expect(domainMessages(refused)).toMatchObject([{ ok: false, error: 'invaliddestination' }])
    expect(domainMessages(elsewhere)).toMatchObject([{ ok: false, error: 'invalidstate' }])
  })

  it('tells the domain of calls at telephones and the session of parties', () => {
    const world = InteractionWorld.atRoutingPoint()

    const effects = world.event({ kind: 'partyChanged', call: atAgent('ringing'), device: '7001', state: 'ringing' })

    expect(domainMessages(effects)).toEqual([
      { kind: 'deviceCall', device: '7001', interactionId: 'ixn1', state: 'ringing' },
    ])
    expect(notices(effects)).toMatchObject([
      { name: 'interaction.partystatechanged', data: { focusdeviceid: '7001', currentstate: 'ringing' } },
    ])
  })
})

describe('after a reconnect', () => {
  it('a call that is gone has been lost', () => {
    const world = InteractionWorld.atRoutingPoint()

    const effects = world.send({ kind: 'resync', switchName: 'SIP_East', call: undefined })

    expect(names(effects)).toEqual(['interaction.partystatechanged', 'interaction.deleted'])
    expect(world.hasEnded).toBe(true)
  })

  it('a call that is as before says nothing', () => {
    const world = InteractionWorld.atRoutingPoint()

    expect(world.send({ kind: 'resync', switchName: 'SIP_East', call: callAt('4201') })).toEqual([])
  })

  it('missed changes of user data, parties and routing points are told', () => {
    const world = InteractionWorld.atRoutingPoint()
    const call = { ...atAgent('connected'), userData: { a: 1 } }

    const moved = world.send({ kind: 'resync', switchName: 'SIP_East', call })
    const back = world.send({ kind: 'resync', switchName: 'SIP_East', call: callAt('4202', { userData: { a: 1 } }) })

    expect(names(moved)).toEqual(['interaction.udata.changed', 'interaction.partystatechanged'])
    expect(domainMessages(moved)).toMatchObject([{ state: 'connected' }])
    expect(domainMessages(back)).toMatchObject([{ kind: 'deviceCall', state: 'released' }])
    expect(names(back)).toContain('interaction.onrouterequest')
  })

  it('a call that nobody knew starts its session', () => {
    const effects = new InteractionWorld().send({ kind: 'resync', switchName: 'SIP_East', call: callAt('4201') })

    expect(names(effects)[0]).toBe('interaction.added')
  })
})

describe('an interaction without a switch', () => {
  const view = { g_uid: 'ixn1', category: 'msgbased', parentid: '', udata: {}, msgbased: { media: 'TMediaEMail' } }
  const offer: InteractionMessage = { kind: 'offer', view, focusDeviceId: 'Q1', application: 'hours' }

  it('starts its session with added and present', () => {
    const effects = new InteractionWorld().send(offer)

    expect(names(effects)).toEqual(['interaction.added', 'interaction.present'])
    expect(viewOf(notices(effects)[0])).toMatchObject({ category: 'msgbased', msgbased: { media: 'TMediaEMail' } })
    expect(viewOf(notices(effects)[0])).not.toHaveProperty('voice')
  })

  it('offered again is present again for the same session', () => {
    const world = new InteractionWorld()
    world.send(offer)

    expect(names(world.send(offer))).toEqual(['interaction.present'])
  })

  it('is terminated at once: done, then deleted', () => {
    const world = new InteractionWorld()
    world.send(offer)

    const effects = world.request({ kind: 'terminate', requestId: 'T', reason: 'x', resource: '' })

    expect(names(effects)).toEqual(['interaction.terminate.done', 'interaction.deleted'])
    expect(world.hasEnded).toBe(true)
  })

  it('changes its user data itself, and says nothing when nothing changes', () => {
    const world = new InteractionWorld()
    world.send(offer)

    const put = { a: { b: 1, c: 2 } }
    expect(viewOf(notices(world.request({ kind: 'setUserData', put, remove: [] }))[0])['udata']).toMatchObject(put)
    expect(world.request({ kind: 'setUserData', put, remove: [] })).toEqual([])
    const removed = world.request({ kind: 'setUserData', put: {}, remove: [['a', 'b']] })

    expect(viewOf(notices(removed)[0])['udata']).toMatchObject({ a: { c: 2 } })
  })

  it('that nobody is started for can be attached', () => {
    const world = new InteractionWorld()
    expect(world.send({ ...offer, application: '' })).toEqual([])

    expect(names(world.request({ kind: 'attach', requestId: 'A' }))).toEqual([
      'interaction.added',
      'interaction.attach.done',
    ])
  })
})

it('another switch that does not know the call changes nothing', () => {
  const world = InteractionWorld.atRoutingPoint()

  expect(world.send({ kind: 'resync', switchName: 'SIP_West', call: undefined })).toEqual([])
  expect(world.hasEnded).toBe(false)
})

it('refusals, failed commands and irregular steps are in the trace with their codes', () => {
  const world = InteractionWorld.atRoutingPoint()
  world.request({ ...redirect, to: '' })
  const codes = [world.trace.map((record) => record['code'])]
  world.request(redirect)
  world.answerLast('invaliddestination')
  codes.push(world.trace.map((record) => record['code']))
  world.event({
    kind: 'partyChanged',
    call: { ...callAt(''), parties: [{ device: '7001', deviceType: 'agent', state: 'held' }] },
    device: '7001',
    state: 'held',
  })
  codes.push(world.trace.map((record) => record['code']).filter(Boolean))

  expect(codes).toEqual([['SEG-IXN-002'], ['SEG-IXN-003', 'SEG-IXN-002'], ['SEG-IXN-001']])
})

it('the life cycle has no way out of its end', () => {
  expect(canTransition('queued', 'treating')).toBe(true)
  expect(canTransition('treating', 'hold')).toBe(false)
  expect(canTransition('ended', 'queued')).toBe(false)
})
