import { describe, expect, it } from 'vitest'
import type { Clock, MessageBody, PerformedEffect } from '@segue/runtime'
import { defaultRequestLimits, openRequests } from '../src/ws/open-requests.ts'
import type { RequestLimits } from '../src/ws/open-requests.ts'
import { command, element, moduleNamed, plan, refusal } from './acting.ts'

const ws = moduleNamed('ws')
const payload = { requestId: 'q1', atEpochMs: 1_000, untilEpochMs: 31_000 }
/** The slice as it comes back from the store. */
const taken = stored(ws.apply({ name: 'balance', data: {}, payload }, null))

function stored(slice: unknown): unknown {
  return JSON.parse(JSON.stringify(slice))
}

function response(attributes: Readonly<Record<string, unknown>>, more: object = {}, slice = taken) {
  return plan(element('ws:response', { attributes: { requestid: 'q1', ...attributes }, ...more }), { slice })
}

describe('session-and-web 6.2: `<ws:response>`', () => {
  it('`type` | "`positive`" | default; "`<param name expr>` returned to the caller"; `resultcode` "for the caller"', () => {
    const { body, mode, type } = command(response({ resultcode: 'ok' }, { params: { amount: 12.5, none: undefined } }))

    expect({ mode, type }).toEqual({ mode: 'once', type: 'ws.response' })
    expect(body).toEqual({
      requestId: 'q1',
      isPositive: true,
      contentType: 'application/json; charset=utf-8',
      text: '{"resultcode":"ok","amount":12.5}',
    })
  })

  it.each(['negative', 'Negative', ' negative '])('`type` | "`negative`": %j', (type) => {
    expect(command(response({ type })).body).toMatchObject({ isPositive: false, text: '{}' })
  })

  it.each([
    ['text', 'text/plain; charset=utf-8', 'text'],
    [{ a: [1] }, 'application/json; charset=utf-8', '{"a":[1]}'],
    [undefined, 'application/json; charset=utf-8', 'null'],
  ])('"`<content _expr>` raw body": %j', (content, contentType, text) => {
    expect(command(response({}, { content })).body).toMatchObject({ contentType, text })
  })

  it.each([
    ['no request id', { requestid: undefined }, {}],
    ['another type', { type: 'perhaps' }, {}],
    ['both forms of a body', {}, { params: { a: 1 }, content: 'b' }],
    ['too much', {}, { content: 'x'.repeat(1_048_577) }],
  ])('with %s is refused with "invalidparams"', (_what, attributes, more) => {
    expect(refusal(response(attributes, more))).toMatchObject({
      name: 'error.ws.response',
      data: { error: 'invalidparams' },
    })
  })

  it('6.3 `error.ws.response` | "`requestid`, `error`, `description` (unknown request id …)": never asked, or answered before', () => {
    const first = response({})
    const after = first.kind === 'planned' ? first.slice : undefined

    for (const slice of [null, [], after])
      expect(refusal(response({}, {}, slice))).toMatchObject({
        name: 'error.ws.response',
        data: { requestid: 'q1', error: 'unknownrequest', code: 'SEG-MODULE-011' },
      })
  })

  it('requests that nobody waits for any more are forgotten with the next one, so that the list stays short', () => {
    const next = { requestId: 'q2', atEpochMs: 31_000, untilEpochMs: 61_000 }

    expect(ws.apply({ name: 'x', data: {}, payload: next }, taken)).toEqual([{ id: 'q2', untilEpochMs: 61_000 }])
    expect(ws.apply({ name: 'x', data: {}, payload: 'nonsense' }, taken)).toBe(taken)
  })

  it('a session that ends lets go of the callers that it has not answered', () => {
    expect(ws.end?.(taken)).toEqual([{ type: 'ws.abandon', mode: 'once', body: { requestId: 'q1' } }])
    expect(ws.end?.(null)).toEqual([])
  })
})

describe('callers who wait', () => {
  it('get the answer of the session that was asked, and no other', async () => {
    const { requests } = waitingRoom()
    const caller = requests.open('q1', 'S1')
    const [thief, owner] = [effect('S2'), effect('S1')]

    await requests.performer.perform(thief, never)
    await requests.performer.perform(owner, never)

    expect(await caller?.end).toMatchObject({ kind: 'answered', text: '{}' })
    expect(thief.reported).toMatchObject([{ name: 'error.ws.response', data: { error: 'callergone' } }])
    expect(owner.reported).toMatchObject([{ name: 'ws.response.done', data: { requestid: 'q1' } }])
  })

  it('are not there after a start of the node: "caller gone" is an error event', async () => {
    waitingRoom().requests.open('q1', 'S1')
    const again = effect('S1')

    await waitingRoom().requests.performer.perform(again, never)

    expect(again.reported).toEqual([
      {
        kind: 'event',
        name: 'error.ws.response',
        data: { requestid: 'q1', error: 'callergone', description: expect.any(String) as string },
      },
    ])
  })

  it('go when their time has passed, and leave no timer behind when they were answered', async () => {
    const { clock, requests } = waitingRoom({ answerTimeoutMs: 500 })
    const [late, answered] = [requests.open('q0', 'S1'), requests.open('q1', 'S1')]
    await requests.performer.perform(effect('S1'), never)

    expect(clock.due()).toEqual([500])
    clock.fire()

    expect(await late?.end).toEqual({ kind: 'timeout' })
    expect(await answered?.end).toMatchObject({ kind: 'answered' })
    expect(clock.due()).toEqual([])
  })

  it('are refused above the limits of the node and of a session, until one has gone', () => {
    const { requests } = waitingRoom({ maxOpenRequests: 3, maxOpenRequestsPerSession: 2 })
    const first = requests.open('a', 'S1')
    requests.open('b', 'S1')

    expect(requests.open('c', 'S1')).toBeUndefined()
    expect(requests.open('d', 'S2')).toBeDefined()
    expect(requests.open('e', 'S3')).toBeUndefined()
    first?.[Symbol.dispose]()
    first?.[Symbol.dispose]()
    expect(requests.open('f', 'S1')).toBeDefined()
    expect(requests.open('g', 'S3')).toBeUndefined()
  })

  it('are let go when the session ends or the node stops', async () => {
    const { requests } = waitingRoom()
    const [one, other] = [requests.open('q1', 'S1'), requests.open('q2', 'S1')]
    const abandoned = effect('S1', 'ws.abandon')

    await requests.performer.perform(abandoned, never)
    requests[Symbol.dispose]()

    expect(await one?.end).toEqual({ kind: 'sessionEnded' })
    expect(await other?.end).toEqual({ kind: 'gone' })
    expect(abandoned.reported).toEqual(['done'])
  })
})

const never = new AbortController().signal

function waitingRoom(limits: Partial<RequestLimits> = {}) {
  const clock = handClock()
  return { clock, requests: openRequests(clock, { ...defaultRequestLimits, ...limits }) }
}

/** A clock whose alarms go off by hand. */
function handClock(): Clock & { due(): readonly number[]; fire(): void } {
  const alarms = new Map<() => void, number>()
  return {
    nowMs: () => 0,
    schedule(atEpochMs, alarm) {
      alarms.set(alarm, atEpochMs)
      return { cancel: () => void alarms.delete(alarm) }
    },
    due: () => [...alarms.values()],
    fire() {
      for (const alarm of alarms.keys()) alarm()
    },
  }
}

function effect(owner: string, type = 'ws.response'): PerformedEffect & { readonly reported: unknown[] } {
  const reported: unknown[] = []
  return {
    key: `session/${owner}:1:0`,
    owner: { kind: 'session', id: owner },
    type,
    body: { requestId: 'q1', isPositive: true, contentType: 'application/json', text: '{}' },
    plannedAtEpochMs: 0,
    isRepeated: false,
    report(_sequence: number, body: MessageBody) {
      reported.push(body)
      return Promise.resolve({ status: 'accepted', version: 2 })
    },
    done: () => void reported.push('done'),
    reported,
  }
}
