import { describe, expect, it } from 'vitest'
import { call, command, context, element, moduleNamed, nowMs, plan, refusal, start } from './acting.ts'
import type { Written } from './acting.ts'

const fetch = (given: Written) =>
  element('session:fetch', { ...given, attributes: { srcexpr: 'http://crm.example/find', ...given.attributes } })
const bodyOf = (given: Written) => {
  const { type, mode, body } = command(plan(fetch(given)))
  expect({ type, mode }).toEqual({ type: 'http.fetch', mode: 'open' })
  return body
}

describe('fetch', () => {
  it('plans the request as generated applications write it', () => {
    const attributes = {
      method: 'post',
      enctype: 'application/json',
      maxage: 0,
      maxstale: 0,
      type: 'application/json',
      gdelivery: 'true',
      gd_retries: 3,
      gd_retry_interval: '5',
      timeout: 10,
      headers: { 'X-Key': 'k', count: 2, none: null, absent: undefined },
    }

    expect(bodyOf({ attributes, content: { a: NaN, b: [1] } })).toEqual({
      requestId: 'req-1',
      url: 'http://crm.example/find',
      method: 'POST',
      headers: { 'X-Key': 'k', count: '2' },
      contentType: 'application/json',
      requestBody: '{"a":null,"b":[1]}',
      expectType: 'application/json',
      timeoutS: 10,
      guaranteed: true,
      retries: 3,
      retryIntervalS: 5,
      maxAgeS: 0,
      maxStaleS: 0,
    })
  })

  it('has the documented defaults', () => {
    expect(bodyOf({})).toEqual({
      requestId: 'req-1',
      url: 'http://crm.example/find',
      method: 'GET',
      headers: {},
      contentType: undefined,
      requestBody: undefined,
      expectType: 'application/json',
      timeoutS: undefined,
      guaranteed: false,
      retries: 0,
      retryIntervalS: 0,
      maxAgeS: undefined,
      maxStaleS: 0,
    })
  })

  const params = { name: 'Jo & Co', empty: undefined, list: [1, 2] }

  it.each(['get', 'delete'])('%s puts parameters into the query, those without a value empty', (method) => {
    const srcexpr = 'http://crm.example/find?v=1'

    expect(bodyOf({ attributes: { method, srcexpr }, params })['url']).toBe(
      'http://crm.example/find?v=1&name=Jo+%26+Co&empty=&list=%5B1%2C2%5D',
    )
  })

  it.each(['post', 'PUT'])('%s puts parameters into a form, those without a value empty', (method) => {
    expect(bodyOf({ attributes: { method }, params })).toMatchObject({
      url: 'http://crm.example/find',
      contentType: 'application/x-www-form-urlencoded',
      requestBody: 'name=Jo+%26+Co&empty=&list=%5B1%2C2%5D',
    })
  })

  it('post of JSON sends an object of the parameters without those that have no value', () => {
    const attributes = { method: 'post', enctype: 'application/json; charset=utf-8' }

    expect(bodyOf({ attributes, params })['requestBody']).toBe('{"name":"Jo & Co","list":[1,2]}')
  })

  it('content that is text is sent as it is, an object as a form where the form is asked for', () => {
    expect(bodyOf({ attributes: { method: 'post' }, content: '<x/>' })['requestBody']).toBe('<x/>')
    expect(bodyOf({ attributes: { method: 'post' }, content: { a: 1 } })['requestBody']).toBe('a=1')
  })

  it('a relative address is taken from that of the document', () => {
    expect(bodyOf({ attributes: { srcexpr: '../find' } })['url']).toBe('http://apps.example/find')
  })

  it('user and password of an address become a header, unless there is one', () => {
    const srcexpr = 'https://jo:p%40ss@crm.example/'

    expect(bodyOf({ attributes: { srcexpr } })).toMatchObject({
      url: 'https://crm.example/',
      headers: { authorization: `Basic ${btoa('jo:p@ss')}` },
    })
    expect(bodyOf({ attributes: { srcexpr, headers: { Authorization: 'Bearer t' } } })['headers']).toEqual({
      Authorization: 'Bearer t',
    })
  })

  it.each<[string, Written]>([
    ['no address', { attributes: { srcexpr: undefined } }],
    ['another protocol', { attributes: { srcexpr: 'file:///etc/passwd' } }],
    ['a script address', { attributes: { srcexpr: 'javascript:alert(1)' } }],
    ['an unknown method', { attributes: { method: 'brew' } }],
    ['an unknown form', { attributes: { enctype: 'text/csv' } }],
    ['a header with a line break', { attributes: { headers: { a: 'x\r\nHost: y' } } }],
    ['a header name that is none', { attributes: { headers: { 'a b': 'x' } } }],
    ['a header that is an object', { attributes: { headers: { a: {} } } }],
    ['headers that are text', { attributes: { headers: 'a: b' } }],
    ['a negative time-out', { attributes: { timeout: -1 } }],
    ['a list of names', { attributes: { namelist: 'a b' } }],
    ['parameters and content', { attributes: { method: 'post' }, params: { a: 1 }, content: 'x' }],
  ])('is refused with "invalidparams" for %s', (_title, given) => {
    expect(refusal(plan(fetch(given)))).toMatchObject({
      name: 'error.session.fetch',
      data: { requestid: 'req-1', error: 'invalidparams', description: expect.any(String) },
    })
  })

  it.each(['esp', 'URS'])('is refused with "unsupported" for method %s', (method) => {
    expect(refusal(plan(fetch({ attributes: { method } }))).data['error']).toBe('unsupported')
  })
})

describe('other actions of the session module', () => {
  it('start hands over address and parameters; a time that has passed is now', () => {
    const planned = plan(
      element('session:start', { attributes: { src: 'child.scxml', idealtime: 5000 }, params: { a: 1 } }),
    )

    expect(command(planned)).toEqual({
      type: 'session.start',
      mode: 'open',
      body: {
        requestId: 'req-1',
        url: 'http://apps.example/bank/child.scxml',
        parameters: { a: 1 },
      },
    })
  })

  it('a later start is kept under the id of the session that is to come, and answered at once', () => {
    const idealtime = nowMs + 60_000
    const planned = plan(
      element('session:start', { attributes: { src: 'child.scxml', idealtime }, params: { a: 'x' } }),
    )

    const { body, mode, type } = command(planned)
    const events = planned.kind === 'planned' ? planned.events : undefined
    expect({ type, mode }).toEqual({ type: 'message', mode: 'once' })
    const sessionid = String(events?.[0]?.data['sessionid'])
    expect(sessionid).toMatch(/^[0-9A-Z]{32}$/)
    expect(events).toEqual([{ name: 'session.start.done', data: { requestid: 'req-1', sessionid } }])
    expect(body).toEqual({
      to: { kind: 'domain', id: `$start-${sessionid}` },
      creates: true,
      message: {
        kind: 'schedule',
        sessionId: sessionid,
        dueEpochMs: idealtime,
        url: 'http://apps.example/bank/child.scxml',
        parameters: {},
        encodedParameters: { a: '"x"' },
        startedBy: 'S1',
        requestId: 'req-1',
      },
    })
  })

  it.each([
    ['start', { src: 'child.scxml', idealtime: 9e15 }],
    ['updatestart', { sessionid: 'S9' }],
    ['updatestart', { idealtime: 5 }],
    ['updatestart', { sessionid: 'S9', idealtime: 9e15 }],
    ['updatestart', { sessionid: '../x y', idealtime: 5 }],
  ])('%s with %j is refused with "invalidparams"', (name, attributes) => {
    expect(refusal(plan(element(`session:${name}`, { attributes })))).toMatchObject({
      data: { error: 'invalidparams' },
    })
  })

  it('terminate names the session', () => {
    expect(command(plan(element('session:terminate', { attributes: { sessionid: 'X' } })))).toEqual({
      type: 'session.terminate',
      mode: 'open',
      body: { requestId: 'req-1', sessionId: 'X' },
    })
  })

  it.each([
    ['start', 'invalidparams'],
    ['terminate', 'invalidparams'],
    ['updatestart', 'invalidparams'],
  ])('%s without attributes is refused with "%s"', (name, error) => {
    expect(refusal(plan(element(`session:${name}`)))).toMatchObject({ name: `error.session.${name}`, data: { error } })
  })
})

describe('_genesys.session', () => {
  const value = (path: string, ...args: unknown[]) => call(`session.${path}`, args).value

  it('shows tenant and server; the address is absent when the node has none', () => {
    const module = moduleNamed('session')
    const server = { name: 'orc1', cluster: 'orc', url: 'http://orc1:8080' }

    expect(module.view(module.initial(start), context)).toEqual({
      tenant: 'Environment',
      tenantid: 1,
      server: { name: 'orc1', cluster: 'orc' },
    })
    expect(module.view(module.initial(start), { ...context, server })).toMatchObject({ server })
    expect(module.roots[0]?.constants).toMatchObject({
      lookupseq: { StartFromStrategy: -1, StartFromTserver: 1, StartFromRouter: 3 },
      day: { Sunday: 0, Saturday: 6 },
    })
  })

  it('getListItemValue reads a key, or the whole item as a fresh object', () => {
    expect(value('getListItemValue', 'Branch', 'OPM', 'greeting')).toBe('hello.wav')
    expect(value('getListItemValue', 'Branch', 'OPM', 'missing')).toBe('')
    expect(value('getListItemValue', 'Branch', 'OPM')).toEqual({ greeting: 'hello.wav', vq: 'VQ_Branch' })
    expect(value('getListItemValue', 'Branch', 'OPM', '')).toEqual({ greeting: 'hello.wav', vq: 'VQ_Branch' })
    expect(value('listLookupValue', 'Branch', 'OPM', 'vq')).toBe('VQ_Branch')
  })

  it('getConfigOption walks from its level upwards; a missing option is ""', () => {
    expect(value('getConfigOption', 'A', 'greeting', 1)).toBe('switch.wav')
    expect(value('getConfigOption', 'A', 'greeting', 2)).toBe('tenant.wav')
    expect(value('getConfigOption', 'A', 'missing', 1)).toBe('')
  })

  it('knows date, time and day of the week in a zone', () => {
    expect(value('dateInZone', 'PST')).toBe('2024-05-01')
    expect(value('timeInZone', 'PST')).toBe('03:30:00')
    expect(value('dayInZone', 'Europe/Paris')).toBe(3)
  })

  it.each([
    [['Holidays', ''], 1],
    [['Holidays', 'Labour Day'], 1],
    [['Holidays', 'Other Day'], 0],
    [['Holidays', '', 'UTC', true], 1],
    [['Holidays', '', 'ECT', true], 0],
    [['Holidays', '', 'ECT', false], 1],
  ])('isSpecialDay(%j) is %d', (args, expected) => {
    expect(value('isSpecialDay', ...args)).toBe(expected)
  })

  it('setTenant changes tenant and id', () => {
    const module = moduleNamed('session')

    expect(module.view(call('session.setTenant', ['Retail']).slice, context)).toMatchObject({
      tenant: 'Retail',
      tenantid: 102,
    })
  })

  it.each([
    ['getListItemValue', ['Nowhere', 'OPM', 'k'], /Nowhere/],
    ['getListItemValue', ['Branch', 'Nothing', 'k'], /Nothing/],
    ['getListItemValue', [], /SEG-MODULE-008/],
    ['getConfigOption', ['A', {}], /SEG-MODULE-008/],
    ['isSpecialDay', ['Nowhere', ''], /Nowhere/],
    ['dayInZone', ['Mars'], /Mars/],
    ['setTenant', ['Nobody'], /SEG-MODULE-010/],
  ])('%s(%j) throws inside the script', (name, args, message) => {
    expect(() => call(`session.${name}`, args)).toThrow(message)
    expect(() => call(`session.${name}`, args)).toThrow(expect.objectContaining({ name: 'FunctionError' }))
  })

  it('without a configuration look-ups throw and nothing breaks', () => {
    expect(() =>
      call('session.getListItemValue', ['Branch', 'OPM'], { context: { ...context, replica: undefined } }),
    ).toThrow(expect.objectContaining({ name: 'FunctionError' }))
  })
})

describe('_genesys.statistic', () => {
  it('gives 0 for what is not known', () => {
    expect(call('statistic.sData', ['Cards@stat.GA', 'StatAgentsAvailable']).value).toBe(0)
    expect(call('statistic.getAvgData', [['a@.A', 'b@.A'], 'StatAgentLoading']).value).toBe(0)
    expect(call('statistic.sData', ['Cards@stat.GA', { Params: {} }]).value).toBe(0)
  })

  it.each([[[]], [['Cards@stat.GA']], [[{}, 'x']]])('sData(%j) throws inside the script', (args) => {
    expect(() => call('statistic.sData', args)).toThrow(/SEG-MODULE-008/)
  })
})
