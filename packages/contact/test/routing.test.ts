import { describe, expect, it } from 'vitest'
import type { ContactEffect, RouteDecision } from '../src/contract.ts'
import { domainSummary } from '../src/routing/summary.ts'
import { clinicYaml, configurationOf, DomainWorld, names, notices } from './contact-fixtures.ts'

function decisionOf(effects: readonly ContactEffect[]): RouteDecision {
  for (const effect of effects) {
    if (effect.kind === 'toInteraction' && effect.message.kind === 'routeTo') return effect.message.decision
  }
  throw new Error('no routeTo')
}

function call(world: DomainWorld, device: string, interactionId: string, state: 'ringing' | 'connected' | 'released') {
  return world.send({ kind: 'deviceCall', device, interactionId, state })
}

const failure = { ok: false, error: 'invaliddestination', description: 'no' } as const

describe('a submit', () => {
  it('with a ready agent and route=false is done at once with every member of the event', () => {
    const world = new DomainWorld()
    world.ready('A1')

    const effects = world.submit('1', 'Front@Stat.GA', { queue: 'VQ' })

    expect(names(effects)).toEqual(['queue.submit.requestid', 'queue.submit.done'])
    expect(notices(effects)[1]?.data).toEqual({
      requestid: 'R-1',
      interactionid: 'ixn-1',
      targetselected: '7001@SIP_East.DN',
      targetcomponentselected: 'A1@Stat.A',
      targetobjectselected: 'Front@Stat.GA',
      vqselected: 'VQ',
      resource: { type: 'DN', dn: '7001', switch: 'SIP_East', vq: 'VQ', agent: 'A1', employeeid: 'A1', place: '' },
      access: { prefix: '', rtype: '', destination: '', location: '', dnis: '' },
    })
    expect(effects.at(-1)).toMatchObject({ kind: 'notify', answers: 'key-1' })
  })

  it('with route=true is done when the interaction says that it is routed', () => {
    const world = new DomainWorld()
    world.ready('A1')

    const effects = world.submit('1', 'Front@Stat.GA', { route: true })
    expect(names(effects)).toEqual(['queue.submit.requestid'])
    expect(effects.at(-1)).toMatchObject({ kind: 'toInteraction', open: true, interactionId: 'ixn-1' })
    const routed = world.send({ kind: 'routed', requestKey: 'key-1', ok: true, error: '', description: '' })

    expect(names(routed)).toEqual(['queue.submit.done'])
    expect(routed.find((effect) => effect.kind === 'notify')).toMatchObject({ answers: 'key-1' })
  })

  it('with nobody ready waits, and times out after exactly its time', () => {
    const world = new DomainWorld()
    world.submit('1', 'Front@Stat.GA', { timeoutS: 10, clearOnTimeout: true })

    expect(world.advance(9999)).toEqual([])
    const effects = world.advance(1)

    expect(notices(effects)[0]).toMatchObject({
      name: 'error.queue.submit',
      data: { requestid: 'R-1', error: 'timeout', interactionid: 'ixn-1' },
    })
    expect(effects[0]).toMatchObject({ answers: 'key-1' })
    expect(names(world.ready('A1'))).toEqual([])
  })

  it('with clearontimeout=false stays queued after its timeout and is done later, once', () => {
    const world = new DomainWorld()
    world.submit('1', 'Front@Stat.GA', { timeoutS: 10 })

    const timeout = world.advance(10_000)
    expect(timeout[0]).not.toHaveProperty('answers')
    const done = world.ready('A1')

    expect(names(done)).toEqual(['queue.submit.done'])
    expect(done.find((effect) => effect.kind === 'notify')).toMatchObject({ answers: 'key-1' })
    expect([...world.rows.keys()].filter((key) => key.startsWith('timedOut'))).toEqual([])
  })

  it('with timeout 0 is tried once', () => {
    const world = new DomainWorld()

    expect(names(world.submit('1', 'Front@Stat.GA', { timeoutS: 0, clearOnTimeout: true }))).toEqual([
      'queue.submit.requestid',
      'error.queue.submit',
    ])
    world.ready('A1')
    expect(names(world.submit('2', 'Front@Stat.GA', { timeoutS: 0 }))).toContain('queue.submit.done')
  })

  it.each([
    ['Front@Stat.XX', 'invalidparams'],
    ['?:English >@.GA', 'invalidparams'],
    ['{a b}Front@.GA', 'invalidparams'],
    ['', 'invalidparams'],
    ['Nobody@Stat.GA', 'targetnotfound'],
    ['Front@Stat.GP', 'targetnotfound'],
  ])('with targets "%s" is refused with %s', (targets, error) => {
    const effects = new DomainWorld().submit('1', targets)

    expect(notices(effects).at(-1)).toMatchObject({ name: 'error.queue.submit', data: { error } })
    expect(names(effects)[0]).toBe('queue.submit.requestid')
  })

  it('to a number that nobody configured goes there as an external destination', () => {
    const world = new DomainWorld()

    expect(notices(world.submit('1', '0170555@.DN'))[1]?.data).toMatchObject({
      targetselected: '0170555@SIP_East.DN',
      resource: { dn: '0170555' },
    })
  })

  it('with unknown statistics servers and virtual queues works, with one warning for each name', () => {
    const world = new DomainWorld()
    world.ready('A1')

    world.submit('1', 'Front@Elsewhere.GA', { queue: 'VQ_new' })
    const codes = world.trace.map((record) => record['code']).filter(Boolean)
    expect(notices(world.effects)[1]?.data).toMatchObject({
      vqselected: 'VQ_new',
      targetobjectselected: 'Front@Elsewhere.GA',
    })
    world.submit('2', 'Front@Elsewhere.GA', { queue: 'VQ_new' })

    expect(codes).toEqual(['SEG-ROUTE-001', 'SEG-ROUTE-002'])
    expect(world.trace.map((record) => record['code']).filter(Boolean)).toEqual([])
  })
})

it('one unknown target among known ones is left out with a warning', () => {
  const world = new DomainWorld()
  world.ready('A1')

  expect(names(world.submit('1', 'Nobody@.GA,Front@.GA'))).toContain('queue.submit.done')
  expect(world.trace.map((record) => record['code'])).toContain('SEG-ROUTE-003')
})

it('a malformed target is in the trace with its reason', () => {
  const world = new DomainWorld()
  world.submit('1', 'Front@Stat.XX')

  expect(world.trace).toMatchObject([
    { code: 'SEG-ROUTE-005', message: 'target "Front@Stat.XX" is malformed: "XX" is no target type' },
  ])
})

it('a percentage rule passes over a group that is busy', () => {
  const world = new DomainWorld()
  world.ready('A2')

  const effects = world.submit('1', '[70]Front@.GA,[30]Back@.GA', { orderType: 'percentage' })

  expect(notices(effects)[1]?.data).toMatchObject({ targetcomponentselected: 'A2@Stat.A' })
})

it('the best fit for an ideal agent wins over the one who is free longest', () => {
  const world = new DomainWorld()
  world.ready('A2')
  world.ready('A1')

  const effects = world.submit('1', 'All@.GA', { tuning: { idealAgent: 'English >= 8' } })

  expect(notices(effects)[1]?.data).toMatchObject({ targetcomponentselected: 'A1@Stat.A' })
})

describe('waiting requests', () => {
  it('are served by priority, then age, then arrival', () => {
    const world = new DomainWorld()
    world.submit('late', 'Front@.GA')
    world.submit('old', 'Front@.GA', { submittedAtEpochMs: world.nowMs - 5000 })
    world.submit('high', 'All@.GA', { priority: 5 })
    world.submit('later', 'Front@.GA')
    const order: unknown[] = []

    for (let round = 0; round < 4; round++) {
      const effects = world.ready('A1')
      order.push(...notices(effects).map((notice) => notice.data['requestid']))
      const interactionId = String(notices(effects)[0]?.data['interactionid'])
      call(world, '7001', interactionId, 'connected')
      world.send({ kind: 'agent', agentId: 'A1', device: '', state: 'notReady', reason: undefined })
      call(world, '7001', interactionId, 'released')
    }

    expect(order).toEqual(['R-high', 'R-old', 'R-late', 'R-later'])
  })

  it('grow in priority by ageing', () => {
    const world = new DomainWorld()
    world.submit('1', 'Front@.GA', {
      tuning: { priorityIncrement: { by: 3, everyS: 10 }, priorityLimits: { lower: 0, upper: 6 } },
    })
    world.advance(25_000)
    world.submit('2', 'Front@.GA', { priority: 5 })
    world.submit('3', 'Front@.GA', { priority: 7 })

    const first = notices(world.ready('A1'))[0]?.data['requestid']
    world.advance(10_000)
    const second = notices(world.effects)[0]?.data['requestid']

    expect([first, second]).toEqual(['R-3', 'R-1'])
  })

  it('of one interaction all leave the queues when one succeeds; the others are settled without an event', () => {
    const world = new DomainWorld()
    world.submit('1', 'Front@.GA', { interactionId: 'ixn', sessionId: 'S' })
    world.submit('2', 'Back@.GA', { interactionId: 'ixn', sessionId: 'S' })

    const effects = world.ready('A2')

    expect(names(effects)).toEqual(['queue.submit.done'])
    expect(effects).toContainEqual({ kind: 'settle', sessionId: 'S', answers: 'key-1' })
    expect(names(world.ready('A1'))).toEqual([])
  })

  it('fail at once when their interaction has ended already', () => {
    const world = new DomainWorld()
    world.ready('A1')
    world.send({ kind: 'interactionEnded', interactionId: 'ixn-1', isAbandoned: true })

    const effects = world.submit('1', 'Front@.GA')

    expect(names(effects)).toEqual(['queue.submit.requestid', 'error.queue.submit'])
    expect(notices(effects)[1]?.data).toMatchObject({ error: 'invalidstate' })
    expect(names(world.submit('2', 'Front@.GA'))).toContain('queue.submit.done')
  })

  it('fail when their interaction ends', () => {
    const world = new DomainWorld()
    world.submit('1', 'Front@.GA')

    const effects = world.send({ kind: 'interactionEnded', interactionId: 'ixn-1', isAbandoned: true })

    expect(notices(effects)[0]?.data).toMatchObject({ requestid: 'R-1', error: 'invalidstate' })
    expect(names(world.ready('A1'))).toEqual([])
  })

  it('a threshold keeps a target out until it holds', () => {
    const world = new DomainWorld()
    world.ready('A1')

    expect(names(world.submit('1', '{callage()>=5}Front@.GA'))).toEqual(['queue.submit.requestid'])
    expect(world.trace.at(-1)).toMatchObject({ excluded: [{ rule: 'threshold callage()>=5' }] })
    expect(names(world.advance(4000))).toEqual([])

    expect(names(world.advance(1000))).toEqual(['queue.submit.done'])
  })

  it('an excluded agent is passed over, also by a better place in the queue', () => {
    const world = new DomainWorld()
    world.submit('1', 'All@.GA', { tuning: { excludedAgents: ['A1'] }, priority: 9 })
    world.submit('2', 'All@.GA')

    expect(notices(world.ready('A1'))[0]?.data).toMatchObject({ requestid: 'R-2' })
    expect(notices(world.ready('A2'))[0]?.data).toMatchObject({ requestid: 'R-1' })
  })
})

describe('cancel, query, update and withdraw', () => {
  it('cancel tells each cancelled request and settles its submit; the submit gets nothing else', () => {
    const world = new DomainWorld()
    world.submit('1', 'Front@.GA', { interactionId: 'ixn', sessionId: 'S', queue: 'VQ' })
    world.submit('2', 'Back@.GA', { interactionId: 'ixn', sessionId: 'S' })

    const base = { kind: 'cancel', replyKey: 'c', sessionId: 'S', interactionId: 'ixn', requestId: undefined } as const
    const effects = world.send({ ...base, queue: undefined })

    expect(notices(effects).map((notice) => [notice.name, notice.data['requestid']])).toEqual([
      ['queue.cancel.done', 'R-1'],
      ['queue.cancel.done', 'R-2'],
    ])
    expect(effects.filter((effect) => effect.kind === 'notify' && effect.answers === 'c')).toHaveLength(1)
    expect(effects.filter((effect) => effect.kind === 'settle')).toHaveLength(2)
    expect(world.domain.requests.size).toBe(0)
  })

  it('cancel with nothing outstanding answers once, with the id that was given', () => {
    const effects = new DomainWorld().send({
      kind: 'cancel',
      replyKey: 'c',
      sessionId: 'S',
      interactionId: 'ixn',
      requestId: 'R',
      queue: undefined,
    })

    expect(notices(effects)).toMatchObject([{ name: 'queue.cancel.done', data: { requestid: 'R' } }])
  })

  it('cancel by queue leaves the others', () => {
    const world = new DomainWorld()
    world.submit('1', 'Front@.GA', { interactionId: 'ixn', sessionId: 'S', queue: 'VQ' })
    world.submit('2', 'Front@.GA', { interactionId: 'ixn', sessionId: 'S' })

    world.send({
      kind: 'cancel',
      replyKey: 'c',
      sessionId: 'S',
      interactionId: 'ixn',
      requestId: undefined,
      queue: 'VQ',
    })

    expect([...world.domain.requests.keys()]).toEqual(['key-2'])
  })

  it('query tells the priority, and an unknown request is an error', () => {
    const world = new DomainWorld()
    world.submit('1', 'Front@.GA', { priority: 4 })

    expect(notices(world.send({ kind: 'query', replyKey: 'q', requestId: 'R-1', sessionId: 'S-1' }))[0]).toMatchObject({
      name: 'queue.query.done',
      data: { priority: 4, positioninqueue: 1, invqwaittime: 0 },
    })
    expect(names(world.send({ kind: 'query', replyKey: 'q', requestId: 'R-9', sessionId: 'S-1' }))).toEqual([
      'error.queue.query',
    ])
  })

  it('update changes the priority of a waiting request', () => {
    const world = new DomainWorld()
    world.submit('1', 'Front@.GA')
    world.submit('2', 'Front@.GA', { priority: 1 })

    const update = world.send({
      kind: 'tune',
      replyKey: 't',
      sessionId: 'S-1',
      requestId: 'R-1',
      tuning: { priority: 2 },
    })

    expect(names(update)).toEqual(['queue.update.done'])
    expect(notices(world.ready('A1'))[0]?.data).toMatchObject({ requestid: 'R-1' })
  })

  it('a withdrawn submit gets nobody and no event; its treatments end', () => {
    const world = new DomainWorld()
    world.submit('1', 'Front@.GA', { hasTreatmentLoop: true })

    const effects = world.send({ kind: 'withdraw', replyKey: 'key-1' })

    expect(effects).toMatchObject([
      { kind: 'toInteraction', message: { request: { kind: 'treatLoop', treatments: [] } } },
    ])
    expect(names(world.ready('A1'))).toEqual([])
  })
})

describe('order of targets', () => {
  it('percentage gives 70 of 100 to the group of weight 70, and goes on after a crash', () => {
    const world = new DomainWorld()
    const count: Record<string, number> = {}
    for (let round = 0; round < 100; round++) {
      if (round === 37) world.crash()
      world.ready('A1')
      world.ready('A2')
      const effects = world.submit(String(round), '[70]Front@.GA,[30]Back@.GA', { orderType: 'percentage' })
      const target = String(notices(effects)[1]?.data['targetobjectselected'])
      count[target] = (count[target] ?? 0) + 1
      world.advance(10_000)
    }

    expect(count).toEqual({ 'Front@Stat.GA': 70, 'Back@Stat.GA': 30 })
  })

  it('the largest statistic wins with max, the smallest with min', () => {
    const choose = (orderType: 'max' | 'min'): unknown => {
      const world = new DomainWorld()
      world.ready('A2')
      world.advance(5000)
      world.ready('A1')
      world.advance(5000)
      const effects = world.submit('1', 'All@.GA', { orderType, orderStatistic: 'StatTimeInReadyState' })
      return notices(effects)[1]?.data['targetcomponentselected']
    }

    expect(choose('max')).toBe('A2@Stat.A')
    expect(choose('min')).toBe('A1@Stat.A')
  })

  it('a skill target takes only agents who have the skill, inside of its group', () => {
    const world = new DomainWorld()
    world.ready('A1')
    world.ready('A3')

    expect(notices(world.submit('1', '?:French>5@.GA'))[1]?.data).toMatchObject({
      targetcomponentselected: 'A3@Stat.A',
    })
    expect(names(world.submit('2', '?Back:English>3@.GA'))).not.toContain('queue.submit.done')
  })

  it('an unknown statistic is a warning and any target', () => {
    const world = new DomainWorld()
    world.ready('A1')

    expect(names(world.submit('1', 'Front@.GA', { orderType: 'max', orderStatistic: 'StatNothing' }))).toContain(
      'queue.submit.done',
    )
    expect(world.trace.some((record) => record['code'] === 'SEG-ROUTE-004')).toBe(true)
  })
})

describe('agents', () => {
  it('are not offered a second call while reserved, ringing, talking or after the call', () => {
    const world = new DomainWorld()
    world.ready('A1')
    world.submit('1', 'Front@.GA')
    world.submit('2', 'Front@.GA')
    const seen: number[] = []
    const step = (effects: readonly ContactEffect[]): void => {
      seen.push(names(effects).filter((name) => name === 'queue.submit.done').length)
    }

    step(call(world, '7001', 'ixn-1', 'ringing'))
    step(call(world, '7001', 'ixn-1', 'connected'))
    step(world.send({ kind: 'agent', agentId: 'A1', device: '', state: 'afterCallWork', reason: undefined }))
    step(call(world, '7001', 'ixn-1', 'released'))
    step(world.ready('A1'))

    expect(seen).toEqual([0, 0, 0, 0, 1])
  })

  it('a reservation for route=false ends by itself', () => {
    const world = new DomainWorld()
    world.ready('A1')
    world.submit('1', 'Front@.GA')
    world.submit('2', 'Front@.GA')

    expect(names(world.advance(9999))).toEqual([])
    expect(names(world.advance(1))).toEqual(['queue.submit.done'])
  })

  it('a refused route selects again; the agent is set aside', () => {
    const world = new DomainWorld()
    world.ready('A1')
    const first = decisionOf(world.submit('1', 'All@.GA', { route: true }))
    world.ready('A2')

    const effects = world.send({ kind: 'routed', requestKey: 'key-1', ...failure })

    expect(first.agentId).toBe('A1')
    expect(decisionOf(effects).agentId).toBe('A2')
    expect(names(effects)).toEqual([])
  })

  it('a request whose call is gone fails with invalidstate and frees the agent', () => {
    const world = new DomainWorld()
    world.ready('A1')
    world.submit('1', 'Front@.GA', { route: true })
    world.submit('2', 'Front@.GA')

    const effects = world.send({ kind: 'routed', requestKey: 'key-1', ok: false, error: 'unknown', description: '' })

    expect(notices(effects)).toMatchObject([
      { name: 'error.queue.submit', data: { requestid: 'R-1', error: 'invalidstate' } },
      { name: 'queue.submit.done', data: { requestid: 'R-2' } },
    ])
  })

  it('routing that is refused again and again fails with routingfailed', () => {
    const world = new DomainWorld()
    world.ready('A1')
    world.submit('1', 'Front@.GA', { route: true })

    for (let round = 0; round < 4; round++) {
      world.send({ kind: 'routed', requestKey: 'key-1', ...failure })
      decisionOf(world.advance(2000))
    }

    expect(notices(world.send({ kind: 'routed', requestKey: 'key-1', ...failure }))[0]?.data).toMatchObject({
      error: 'routingfailed',
    })
  })

  it('an unanswered call sets the agent aside for a while', () => {
    const world = new DomainWorld()
    world.ready('A1')
    world.submit('1', 'Front@.GA', { route: true })
    world.send({ kind: 'routed', requestKey: 'key-1', ok: true, error: '', description: '' })
    call(world, '7001', 'ixn-1', 'ringing')
    call(world, '7001', 'ixn-1', 'released')

    expect(names(world.submit('2', 'Front@.GA'))).toEqual(['queue.submit.requestid'])
    expect(world.trace.at(-1)).toMatchObject({
      excluded: [{ agent: 'A1', rule: 'set aside after a refused or unanswered call' }],
    })
    expect(names(world.advance(10_000))).toEqual(['queue.submit.done'])
  })

  it('a caller who hangs up while it rings does not set the agent aside', () => {
    const world = new DomainWorld()
    world.ready('A1')
    call(world, '7001', 'ixn-1', 'ringing')
    world.send({ kind: 'interactionEnded', interactionId: 'ixn-1', isAbandoned: true })

    expect(names(world.submit('2', 'Front@.GA'))).toContain('queue.submit.done')
  })

  it('an agent who is not configured, or not logged in, changes nothing but the trace', () => {
    const world = new DomainWorld()
    const agent = { kind: 'agent', device: '', reason: undefined } as const

    world.send({ ...agent, agentId: 'X', state: 'ready' })
    expect(world.trace).toMatchObject([{ code: 'SEG-ROUTE-007' }])
    world.send({ ...agent, agentId: 'A1', state: 'afterCallWork' })
    expect(world.trace).toMatchObject([{ code: 'SEG-ROUTE-006' }])
  })

  it('a decision says who was possible and why the others were not', () => {
    const world = new DomainWorld()
    world.ready('A1')
    world.send({ kind: 'agent', agentId: 'A2', device: '', state: 'notReady', reason: 'lunch' })

    world.submit('1', 'All@.GA')

    expect(world.trace.find((record) => record.kind === 'routing.decision')).toMatchObject({
      agent: 'A1',
      candidates: ['A1'],
      excluded: [
        { agent: 'A2', rule: 'not ready: lunch' },
        { agent: 'A3', rule: 'logged out' },
      ],
    })
  })
})

describe('after a crash', () => {
  it('agents are as they were, with their calls', () => {
    const world = new DomainWorld()
    world.ready('A1')
    world.ready('A2')
    call(world, '7001', 'ixn-0', 'connected')

    world.crash()

    expect(notices(world.submit('1', 'All@.GA'))[1]?.data).toMatchObject({ targetcomponentselected: 'A2@Stat.A' })
    expect(names(world.submit('2', 'Front@.GA'))).not.toContain('queue.submit.done')
    expect(names(world.send({ kind: 'interactionEnded', interactionId: 'ixn-0', isAbandoned: false }))).toEqual([
      'queue.submit.done',
    ])
  })

  it('announced requests keep their place and their timeout', () => {
    const world = new DomainWorld()
    const start = world.nowMs
    world.submit('1', 'Front@.GA', { timeoutS: 10, clearOnTimeout: true })
    world.advance(4000)
    world.crash()

    world.submit('2', 'Front@.GA')
    world.submit('1', 'Front@.GA', { timeoutS: 10, clearOnTimeout: true, submittedAtEpochMs: start })

    expect(notices(world.advance(6000))).toMatchObject([{ name: 'error.queue.submit', data: { requestid: 'R-1' } }])
  })

  it('a timeout that was told is not told again', () => {
    const world = new DomainWorld()
    const start = world.nowMs
    world.submit('1', 'Front@.GA', { timeoutS: 10 })
    world.advance(10_000)
    world.crash()

    world.submit('1', 'Front@.GA', { timeoutS: 10, submittedAtEpochMs: start })

    expect(names(world.advance(60_000))).toEqual([])
    expect(names(world.ready('A1'))).toEqual(['queue.submit.done'])
  })

  it('a submit whose route is under way is not routed twice, and its outcome is told', () => {
    const world = new DomainWorld()
    world.ready('A1')
    const decision = decisionOf(world.submit('1', 'Front@.GA', { route: true }))
    world.crash()
    world.openEffects = [{ key: 'k', body: { message: { kind: 'routeTo', decision } } }]

    expect(world.submit('1', 'Front@.GA', { route: true })).toEqual([])
    expect(names(world.submit('2', 'Front@.GA'))).not.toContain('queue.submit.done')
    world.openEffects = []

    expect(
      names(world.send({ kind: 'routed', requestKey: 'key-1', ok: true, error: '', description: '', decision })),
    ).toEqual(['queue.submit.done'])
  })

  it('an outcome that comes before the submit is announced again is told from its decision', () => {
    const world = new DomainWorld()
    world.ready('A1')
    const decision = decisionOf(world.submit('1', 'Front@.GA', { route: true }))
    world.crash()

    const effects = world.send({ kind: 'routed', requestKey: 'key-1', ok: true, error: '', description: '', decision })

    expect(effects).toMatchObject([
      { notice: { name: 'queue.submit.done', data: { requestid: 'R-1' } }, answers: 'key-1' },
    ])
  })

  it('rows that cannot be read are left out', () => {
    const world = new DomainWorld()
    world.rows.set('agent/A1', { table: 'agent', key: 'A1', value: '{' })
    world.rows.set('agent/A2', { table: 'agent', key: 'A2', value: '{"state":"flying"}' })
    world.rows.set('share/x', { table: 'share', key: 'x', value: '["a"]' })
    world.crash()

    expect(names(world.submit('1', 'All@.GA'))).toEqual(['queue.submit.requestid'])
  })
})

it('a new configuration takes effect for requests that wait already', () => {
  const world = new DomainWorld()
  world.ready('A2')
  world.submit('1', 'Front@.GA')

  world.configuration = configurationOf(clinicYaml.replace('agents: [A1] }', 'agents: [A1, A2] }'))
  const effects = world.send({ kind: 'timer', id: 'start' })

  expect(notices(effects)[0]?.data).toMatchObject({ targetcomponentselected: 'A2@Stat.A' })
})

it('the summary counts agents and requests by group and queue', () => {
  const world = new DomainWorld()
  world.ready('A1')
  world.ready('A2')
  call(world, '7002', 'ixn-0', 'connected')
  world.submit('1', 'Front@.GA', { queue: 'VQ' })
  world.submit('2', 'Back@.GA', { queue: 'VQ' })
  world.advance(3000)

  const summary = domainSummary(world.domain, world.nowMs)

  expect(summary.groups.find((group) => group.name === 'All')).toEqual({
    name: 'All',
    waiting: 0,
    loggedIn: 2,
    ready: 0,
    ringing: 0,
    talking: 1,
    routed: 0,
  })
  expect(summary.groups.find((group) => group.name === 'Front')?.routed).toBe(1)
  expect(summary.queues).toEqual([{ name: 'VQ', waiting: 1, longestWaitS: 3 }])
  expect(summary).toMatchObject({ waiting: 1, serviceLevelRatio: 1, counters: { submitted: 2, routed: 1 } })
})
