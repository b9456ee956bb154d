import { describe, expect, it } from 'vitest'
import { call, command, context, element, moduleNamed, plan, refusal, start } from './acting.ts'

const view = (id: string, udata: object = {}) => ({ g_uid: id, category: 'voice', udata })
const module = moduleNamed('interaction')
const put = (id: string, udata: object = {}) => ({
  name: 'interaction.added',
  data: { interactionid: id },
  payload: { kind: 'put', interaction: view(id, udata) },
})
/** Slice after these events. */
const after = (...notices: Parameters<typeof module.apply>[0][]) =>
  notices.reduce((slice, notice) => module.apply(notice, slice), module.initial(start))
const shown = (slice: unknown) => module.view(slice, context)

describe('the list of interactions', () => {
  it('is empty when a session starts, and has no first id', () => {
    expect(shown(module.initial(start))).toEqual({ interactions: { $list: [], $key: 'g_uid' } })
  })

  it('holds interactions in the order of association, each reachable by its id', () => {
    const slice = after(put('A'), put('B'))

    expect(shown(slice)).toEqual({
      interactions: { $list: [view('A'), view('B')], $key: 'g_uid' },
      firstixnid: 'A',
    })
  })

  it('takes a new object when user data change, and keeps the place', () => {
    const before = after(put('A'), put('B'))

    const now = module.apply({ ...put('A', { vip: 1 }), name: 'interaction.udata.changed' }, before)

    expect(shown(now)).toMatchObject({ interactions: { $list: [view('A', { vip: 1 }), view('B')] } })
    expect(shown(before)).toMatchObject({ interactions: { $list: [view('A'), view('B')] } })
  })

  it.each(['interaction.deleted', 'interaction.notcontrolled', 'interaction.detach.done'])(
    'has lost the entry when %s is handled',
    (name) => {
      const data = { interactionid: 'A' }

      expect(shown(module.apply({ name, data }, after(put('A'))))).toEqual(shown(module.initial(start)))
    },
  )

  it('loses the entry that a payload removes', () => {
    const removed = { name: 'interaction.deleted', data: {}, payload: { kind: 'remove', interactionId: 'A' } }

    expect(shown(after(put('A'), put('B'), removed))).toMatchObject({ firstixnid: 'B' })
  })

  it('still has the entry when "interaction.redirect.done" is handled', () => {
    const done = { name: 'interaction.redirect.done', data: { requestid: 'r', interactionid: 'A' } }

    expect(shown(after(put('A'), done))).toMatchObject({ firstixnid: 'A' })
  })

  it.each([undefined, null, 5, 'put', { kind: 'put' }, { kind: 'put', interaction: { g_uid: 5 } }, { kind: 'x' }])(
    'is the same slice after a payload %j that means nothing',
    (payload) => {
      const before = after(put('A'))

      expect(module.apply({ name: 'interaction.present', data: {}, payload }, before)).toBe(before)
    },
  )

  it('gives up what is left when the session ends', () => {
    expect(module.end?.(after(put('A')))).toEqual([
      {
        type: 'message',
        mode: 'once',
        body: { to: { kind: 'interaction', id: 'A' }, message: { kind: 'sessionEnded', sessionId: 'S1' } },
      },
    ])
  })
})

/** The request inside of the only command. */
const requestOf = (name: string, attributes: Readonly<Record<string, unknown>>) => {
  const { type, mode, body } = command(plan(element(`interaction:${name}`, { attributes })))
  expect({ type, mode, to: body['to'] }).toEqual({
    type: 'message',
    mode: 'open',
    to: { kind: 'interaction', id: 'A' },
  })
  expect(body['message']).toMatchObject({ kind: 'request', replyKey: '', sessionId: 'S1' })
  return (body['message'] as { request: unknown }).request
}
const refused = (name: string, attributes: Readonly<Record<string, unknown>>) =>
  refusal(plan(element(`interaction:${name}`, { attributes })))

describe('redirect', () => {
  const sample = {
    interactionid: 'A',
    from: '5000',
    to: '7001',
    type: 1,
    detach: 'true',
    hints: { extensions: { k: 1 } },
  }

  it('asks the interaction to go from where it is to the destination', () => {
    expect(requestOf('redirect', sample)).toEqual({
      kind: 'redirect',
      requestId: 'req-1',
      from: '5000',
      to: '7001',
      routeType: 1,
      detach: true,
      hints: { extensions: { k: 1 } },
    })
  })

  it('has route type unknown and does not detach when nothing says so', () => {
    const { interactionid, from, to } = sample

    expect(requestOf('redirect', { interactionid, from, to })).toMatchObject({ routeType: 0, detach: false, hints: {} })
  })

  it('takes the resource of "queue.submit.done": its number decides, not its agent', () => {
    const to = { type: 'A', agent: 'someone', dn: '7009', switch: 'SIP_Switch', vq: 'VQ' }

    expect(requestOf('redirect', { ...sample, to })).toMatchObject({ to: '7009', toSwitch: 'SIP_Switch' })
  })

  it.each([
    ['7001', '7001', undefined],
    [7001, '7001', undefined],
    ['7001@SIP_Switch', '7001', 'SIP_Switch'],
    ['7001@SIP_Switch.DN', '7001', 'SIP_Switch'],
    ['someone@elsewhere.example', 'someone@elsewhere.example', undefined],
    ['sip:7001@SIP_Switch', 'sip:7001@SIP_Switch', undefined],
    ['tel:+49301234', 'tel:+49301234', undefined],
    ['kim@StatServer.A', '7001', undefined],
    ['Desk 4@.AP', '7004', undefined],
    [{ dn: '5001', type: 'rp' }, '5001', undefined],
    [{ agent: 'kim', type: 'a' }, '7001', undefined],
    [{ place: 'Desk 4', type: 'AP' }, '7004', undefined],
  ])('goes to %j by dialling %s', (to, number, toSwitch) => {
    expect(requestOf('redirect', { ...sample, to })).toMatchObject({ to: number, ...(toSwitch ? { toSwitch } : {}) })
  })

  it.each([
    undefined,
    '',
    '  ',
    [],
    {},
    true,
    { type: 'A', agent: 'nobody' },
    { type: 'GA', agent: 'Group' },
    'nobody@.A',
  ])('is refused with "invaliddestination" for destination %j', (to) => {
    expect(refused('redirect', { ...sample, to })).toMatchObject({
      name: 'error.interaction.redirect',
      data: { requestid: 'req-1', interactionid: 'A', error: 'invaliddestination', description: expect.any(String) },
    })
  })

  it('needs no destination to reject a call', () => {
    expect(requestOf('redirect', { ...sample, to: undefined, type: 7 })).toMatchObject({ to: '', routeType: 7 })
  })

  it.each([undefined, '', {}, false])('is refused with "invalidsource" for source %j', (from) => {
    expect(refused('redirect', { ...sample, from }).data['error']).toBe('invalidsource')
  })

  it.each([
    { interactionid: undefined },
    { interactionid: {} },
    { type: 'RouteTypeNowhere' },
    { type: -1 },
    { detach: 'maybe' },
    { hints: 'text' },
  ])('is refused with "unknown" for %j', (bad) => {
    expect(refused('redirect', { ...sample, ...bad }).data['error']).toBe('unknown')
  })
})

describe('other actions of the interaction module', () => {
  it.each(['attach', 'detach'])('%s asks the interaction', (kind) => {
    expect(requestOf(kind, { interactionid: 'A' })).toEqual({ kind, requestId: 'req-1' })
  })

  it('terminate clears the call, or releases one party', () => {
    expect(requestOf('terminate', { interactionid: 'A', reason: 'Auto-stop interaction' })).toEqual({
      kind: 'terminate',
      requestId: 'req-1',
      reason: 'Auto-stop interaction',
      resource: '',
    })
    expect(requestOf('terminate', { interactionid: 'A', resource: { dn: '7001' } })).toMatchObject({ resource: '7001' })
  })

  it('accept needs a resource', () => {
    expect(requestOf('accept', { interactionid: 'A', resource: '702' })).toMatchObject({
      kind: 'accept',
      resource: '702',
    })
    expect(refused('accept', { interactionid: 'A' })).toMatchObject({
      name: 'error.interaction.accept',
      data: { error: 'invalidsource' },
    })
  })

  it.each(['attach', 'detach', 'terminate', 'accept', 'redirect'])('%s is refused without an interaction', (name) => {
    expect(refused(name, {})).toMatchObject({
      name: `error.interaction.${name}`,
      data: { requestid: 'req-1', error: 'unknown', code: 'SEG-MODULE-001' },
    })
  })

  it.each([
    ['associate', 'error.interaction.associate'],
    ['createcall', 'error.voice.createcall'],
    ['hold', 'error.voice.hold'],
    ['createmessage', 'error.msgbased.createmessage'],
    ['sendchatmessage', 'error.chat.sendchatmessage'],
  ])('%s, which no channel does yet, answers %s and is marked so', (name, event) => {
    expect(refused(name, {})).toMatchObject({ name: event, data: { error: 'unsupported', code: 'SEG-MODULE-005' } })
    expect(element(`interaction:${name}`).source.spec.isUnsupported).toBe(true)
  })
})

describe('functions of _genesys.ixn', () => {
  const slice = after(put('A', { vip: 1, details: { name: 'n', age: 45 } }), put('B'))
  const setUserData = (path: string, args: readonly unknown[]) =>
    call(path, args, { slice }).commands.map(({ mode, body }) => ({ mode, ...body }))
  const request = (id: string, change: object) => [
    {
      mode: 'once',
      to: { kind: 'interaction', id },
      message: { kind: 'request', replyKey: '', sessionId: 'S1', request: { kind: 'setUserData', ...change } },
    },
  ]

  it.each([
    ['TMediaVoice', 0],
    ['TMediaSMS', 17],
    ['TMediaCoBrowsing', 7],
    ['nothing', -1],
    ['toString', -1],
    [undefined, -1],
  ])('getMediaIntValue(%j) is %d', (media, number) => {
    expect(call('ixn.getMediaIntValue', [media]).value).toBe(number)
  })

  it('setuData asks for a change and changes nothing itself', () => {
    const put = { key: 'v', 'with-hyphen': 2, details: { name: 'x' } }

    expect(setUserData('ixn.setuData', [put, 'B'])).toEqual(request('B', { put, remove: [] }))
    expect(call('ixn.setuData', [put, 'B'], { slice }).slice).toBe(slice)
  })

  it('setuData takes the first interaction when none is named', () => {
    expect(setUserData('ixn.setuData', [{ k: true, none: null, list: ['a'] }])).toEqual(
      request('A', { put: { k: 'true', list: { 0: 'a' } }, remove: [] }),
    )
  })

  it('setuData of nothing asks for nothing', () => {
    expect(setUserData('ixn.setuData', [{}, 'A'])).toEqual([])
  })

  it.each([
    ['a mask with an object goes deeper', { details: { age: 0 } }, [['details', 'age']]],
    ['a key is deleted whatever its value', { vip: '' }, [['vip']]],
    ['a key by name', 'vip', [['vip']]],
    ['several keys by name', ['vip', 'details'], [['vip'], ['details']]],
    ['no mask: everything', undefined, [['vip'], ['details']]],
    ['an empty mask: everything', {}, [['vip'], ['details']]],
  ])('deleteuData: %s', (_title, mask, remove) => {
    expect(setUserData('ixn.deleteuData', [mask, 'A'])).toEqual(request('A', { put: {}, remove }))
  })

  it('getuData reads a key, and gives undefined for what is missing', () => {
    const read = (...args: unknown[]) => call('ixn.getuData', args, { slice }).value

    expect(read('vip', 'A')).toBe(1)
    expect(read('vip')).toBe(1)
    expect([read('none', 'A'), read('vip', 'C'), read('toString', 'A')]).toEqual([undefined, undefined, undefined])
  })

  it.each([
    ['ixn.setuData', ['text'], /"text" as input/],
    ['ixn.setuData', [{ k: 1 }, 'nobody'], /no interaction "nobody".*SEG-MODULE-009/],
    ['ixn.deleteuData', [5, 'A'], /5 as mask/],
    ['ixn.deleteuData', [[{}], 'A'], /as mask/],
    ['ixn.getuData', [], /undefined as key/],
  ])('%s(%j) throws inside the script', (path, args, message) => {
    expect(() => call(path, args, { slice })).toThrow(message)
  })

  it('setuData throws when the session has no interaction', () => {
    expect(() => call('ixn.setuData', [{ k: 1 }])).toThrow(/SEG-MODULE-009/)
  })
})
