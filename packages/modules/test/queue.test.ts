import { describe, expect, it } from 'vitest'
import { call, command, element, moduleNamed, nowMs, plan, refusal, start } from './acting.ts'
import type { Written } from './acting.ts'

const target = (attributes: Record<string, unknown>) => element('queue:target', { attributes })
const targets = (children: Written['children'], attributes: Record<string, unknown> = {}) =>
  element('queue:targets', { attributes, children: children ?? [] })
const group = targets([target({ name: 'Cards', type: 'agentgroup' })])
const submit = (attributes: Record<string, unknown>, children: Written['children'] = [group]) =>
  element('queue:submit', { attributes: { interactionid: 'A', ...attributes }, children })
const requestOf = (...args: Parameters<typeof submit>) => {
  const { body } = command(plan(submit(...args)))
  return (body['message'] as { request: Record<string, unknown> }).request
}

describe('submit', () => {
  it('sends one request to the routing domain of the tenant and stays open', () => {
    const planned = command(
      plan(
        submit({
          route: 'false',
          queue: 'VQ_X',
          timeout: 10,
          priority: '7',
          clearontimeout: 'true',
          ordertype: 'max',
          orderstat: 'StatAgentLoading',
        }),
      ),
    )

    expect(planned).toMatchObject({ type: 'message', mode: 'open' })
    expect(planned.body).toEqual({
      to: { kind: 'domain', id: 'Environment' },
      message: {
        kind: 'submit',
        replyKey: '',
        request: {
          sessionId: 'S1',
          requestId: 'req-1',
          interactionId: 'A',
          queue: 'VQ_X',
          priority: 7,
          orderType: 'max',
          orderStatistic: 'StatAgentLoading',
          timeoutS: 10,
          clearOnTimeout: true,
          route: false,
          targets: [
            {
              kind: 'target',
              type: 'agentgroup',
              name: 'Cards',
              statServer: '',
              skillExpression: '',
              weight: '',
              threshold: '',
            },
          ],
          submittedAtEpochMs: nowMs,
        },
      },
    })
  })

  it('has the documented defaults', () => {
    expect(requestOf({ queue: 'none', orderstat: 'none' })).toMatchObject({
      queue: '',
      orderStatistic: '',
      priority: 0,
      orderType: 'any',
      timeoutS: undefined,
      clearOnTimeout: false,
      route: true,
    })
  })

  it.each([undefined, null, '', 'soon', NaN, Infinity, {}, []])('waits without limit for time-out %j', (timeout) => {
    expect(requestOf({ timeout })['timeoutS']).toBeUndefined()
  })

  it.each([
    [0, 0],
    ['60', 60],
    [99_999, 99_999],
  ])('reads time-out %j as %d seconds', (timeout, seconds) => {
    expect(requestOf({ timeout })['timeoutS']).toBe(seconds)
  })

  it('takes type and statistics server of "targets" where a target names none', () => {
    const children = [
      target({ name: 'kim' }),
      target({ name: 'Cards', type: 'agentgroup', statserver: 'Other', weight: 60, threshold: 'sdata(x)' }),
    ]
    const { targets: written } = requestOf({}, [targets(children, { type: 'agent', statserver: 'Stat' })])

    expect(written).toEqual([
      {
        kind: 'target',
        type: 'agent',
        name: 'kim',
        statServer: 'Stat',
        skillExpression: '',
        weight: '',
        threshold: '',
      },
      {
        kind: 'target',
        type: 'agentgroup',
        name: 'Cards',
        statServer: 'Other',
        skillExpression: '',
        weight: '60',
        threshold: 'sdata(x)',
      },
    ])
  })

  it('a skill expression without a type is a skill target', () => {
    const { targets: written } = requestOf({}, [targets([target({ skillexpr: 'Loan > 1' })])])

    expect(written).toMatchObject([{ type: 'skill', name: '', skillExpression: 'Loan > 1' }])
  })

  it('hands target ids over as written, also several of them', () => {
    const ids = (expr: unknown) =>
      requestOf({}, [targets([element('queue:targetid', { attributes: { expr } })])])['targets']

    expect(ids('VQUser@.A, ?:Loan > 1@stat.GA')).toEqual([{ kind: 'id', text: 'VQUser@.A, ?:Loan > 1@stat.GA' }])
    expect(ids(['a@.A', 'b@.A'])).toEqual([
      { kind: 'id', text: 'a@.A' },
      { kind: 'id', text: 'b@.A' },
    ])
  })

  it('plays busy treatments in a loop that belongs to the request', () => {
    const treatments = element('dialog:runtreatments', {
      children: [
        element('dialog:start', { attributes: { type: 'applid' }, params: { APP_URI: 'http://a/hold.vxml' } }),
        element('dialog:pause', { attributes: { duration: 2 } }),
      ],
    })

    const planned = plan(submit({}, [treatments, group]))

    expect(planned).toMatchObject({
      kind: 'planned',
      commands: [
        {
          mode: 'once',
          body: {
            to: { kind: 'interaction', id: 'A' },
            message: {
              kind: 'request',
              request: {
                kind: 'treatLoop',
                requestId: 'req-1',
                treatments: [
                  {
                    kind: 'application',
                    applicationUri: 'http://a/hold.vxml',
                    parameters: { APP_URI: 'http://a/hold.vxml' },
                  },
                  { kind: 'pause', durationS: 2 },
                ],
              },
            },
          },
        },
        { mode: 'open', body: { message: { kind: 'submit', request: { hasTreatmentLoop: true } } } },
      ],
    })
    expect(planned).not.toHaveProperty('events')
  })

  it('cancels earlier requests of the interaction first when "clearqueue" says so', () => {
    const planned = plan(submit({ clearqueue: 'true' }))

    expect(planned).toMatchObject({
      commands: [
        { body: { message: { kind: 'cancel', interactionId: 'A', requestId: undefined, queue: undefined } } },
        { body: { message: { kind: 'submit' } } },
      ],
    })
  })

  it('"targetblockclearing" overrides "clearontimeout"', () => {
    const block = element('queue:targetblockclearing', { attributes: { expr: 'true' } })

    expect(requestOf({ clearontimeout: false }, [group, block])['clearOnTimeout']).toBe(true)
  })

  it.each<[string, Record<string, unknown>, Written['children']]>([
    ['no interaction', { interactionid: undefined }, [group]],
    ['no targets', {}, []],
    ['an empty list of targets', {}, [targets([])]],
    ['a target id without text', {}, [targets([element('queue:targetid', { attributes: { expr: '' } })])]],
    ['a target without a type', {}, [targets([target({ name: 'kim' })])]],
    ['a target without a name', {}, [targets([target({ type: 'agent' })])]],
    ['an unknown type of target', {}, [targets([target({ name: 'kim', type: 'robot' })])]],
    ['an activity', {}, [targets([target({ name: 'k', type: 'agent' }), element('queue:activity')])]],
    ['an unknown order', { ordertype: 'best' }, [group]],
    ['a negative time-out', { timeout: -1 }, [group]],
    ['an object as queue', { queue: {} }, [group]],
    ['a stored definition', { src: 'http://a/rule.xml' }, [group]],
    ['a bad treatment', {}, [element('dialog:runtreatments', { children: [element('dialog:pause')] }), group]],
  ])('is refused with "invalidparams" for %s', (_title, attributes, children) => {
    const { name, data } = refusal(plan(submit(attributes, children)))

    expect(name).toBe('error.queue.submit')
    expect(data).toMatchObject({ requestid: 'req-1', error: 'invalidparams', description: expect.any(String) })
  })
})

describe('cancel, query and update', () => {
  const messageOf = (name: string, attributes: Record<string, unknown>) => {
    const { mode, body } = command(plan(element(`queue:${name}`, { attributes })))
    expect({ mode, to: body['to'] }).toEqual({ mode: 'open', to: { kind: 'domain', id: 'Environment' } })
    return body['message']
  }

  it.each([
    ['one request', { requestid: 'r9' }, { requestId: 'r9', queue: undefined, interactionId: '' }],
    ['a queue', { queue: 'VQ', interactionid: 'A' }, { requestId: undefined, queue: 'VQ', interactionId: 'A' }],
    ['everything', { interactionid: 'A' }, { requestId: undefined, queue: undefined, interactionId: 'A' }],
    ['everything of the session', {}, { requestId: undefined, queue: undefined, interactionId: '' }],
  ])('cancel takes %s', (_title, attributes, expected) => {
    expect(messageOf('cancel', attributes)).toEqual({ kind: 'cancel', replyKey: '', sessionId: 'S1', ...expected })
  })

  it('query asks about the submit that it names', () => {
    expect(messageOf('query', { requestid: 'r9' })).toEqual({ kind: 'query', replyKey: '', requestId: 'r9' })
  })

  it('update changes the priority of the submit that it names', () => {
    expect(messageOf('update', { requestid: 'r9', priority: '5' })).toMatchObject({
      kind: 'tune',
      requestId: 'r9',
      tuning: { priority: 5 },
    })
  })

  it.each([
    ['cancel', { requestid: {} }, 'req-1'],
    ['query', {}, 'req-1'],
    ['query', { requestid: [] }, 'req-1'],
    ['update', {}, 'req-1'],
  ])('%s of %j is refused with "invalidparams"', (name, attributes, requestid) => {
    expect(refusal(plan(element(`queue:${name}`, { attributes })))).toMatchObject({
      name: `error.queue.${name}`,
      data: { requestid, error: 'invalidparams' },
    })
  })

  it('new treatments of an update need the interaction, and the error names the submit', () => {
    const children = [
      element('dialog:runtreatments', { children: [element('dialog:pause', { attributes: { duration: 1 } })] }),
    ]

    expect(refusal(plan(element('queue:update', { attributes: { requestid: 'r9' }, children }))).data).toMatchObject({
      requestid: 'r9',
      error: 'invalidparams',
    })
  })
})

describe('functions of _genesys.queue', () => {
  it.each([
    ['excludeAgents', ['kim, lee'], { excludedAgents: ['kim', 'lee'] }],
    ['priorityTuning', [true, false, true], { ordering: { useAge: true, usePredict: false, useObjective: true } }],
    ['incrementPriority', [5, 60], { priorityIncrement: { by: 5, everyS: 60 } }],
    ['priorityLimits', [0, 100], { priorityLimits: { lower: 0, upper: 100 } }],
    ['setInteractionAge', [30], { interactionBegunAtEpochMs: nowMs - 30_000 }],
    ['setIdealAgent', ['S1=1'], { idealAgent: 'S1=1' }],
  ])('%s changes waiting requests of the session and goes with later ones', (name, args, tuning) => {
    const { commands, slice } = call(`queue.${name}`, args)

    expect(commands).toMatchObject([
      { mode: 'once', body: { message: { kind: 'tune', sessionId: 'S1', requestId: undefined, tuning } } },
    ])
    expect(command(plan(submit({}), { slice })).body).toMatchObject({ message: { request: { tuning } } })
  })

  it('excludeAgents gives the previous list', () => {
    const first = call('queue.excludeAgents', ['kim,lee'])

    expect(first.value).toBe('')
    expect(call('queue.excludeAgents', [''], { slice: first.slice }).value).toBe('kim,lee')
  })

  it.each([
    ['excludeAgents', [{}]],
    ['priorityTuning', ['maybe']],
    ['incrementPriority', [5, 0]],
    ['incrementPriority', ['x', 5]],
    ['priorityLimits', [5, 1]],
    ['setInteractionAge', [-1]],
    ['setIdealAgent', []],
  ])('%s(%j) throws inside the script', (name, args) => {
    expect(() => call(`queue.${name}`, args)).toThrow(/SEG-MODULE-008/)
  })

  it('enumerations have the numbers of the reference', () => {
    const { constants } = moduleNamed('queue').roots[0] ?? { constants: {} }

    expect(constants).toMatchObject({
      rType: { RouteTypeUnknown: 0, RouteTypeDefault: 1, RouteTypeReject: 7, RouteTypeDirectAgent: 10 },
      usecapcond: { Never: expect.any(Number), Only: expect.any(Number), OnStatError: expect.any(Number) },
      overwriteType: { UseNone: 0 },
    })
    expect(moduleNamed('voice').roots[0]?.constants).toHaveProperty('overwriteType')
    expect(moduleNamed('queue').view(moduleNamed('queue').initial(start), { ...contextless })).toEqual({})
  })
})

const contextless = { sessionId: 'S1', nowMs, replica: undefined, server: { name: '', cluster: '', url: undefined } }
