import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Acceptance, MessageBody, PerformedEffect } from '@segue/runtime'
import { type HttpFetchOptions, httpFetchPerformer } from '../../src/http/http-fetch-performer.ts'
import { VirtualClock } from '../voice/virtual-clock.ts'

interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

async function closeLater(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A web server with the requests it has seen. */
async function webServer(answer: (seen: Seen, response: ServerResponse, count: number) => void) {
  const seen: Seen[] = []
  const port = await closeLater(
    createServer((request, response) => {
      let body = ''
      request.on('data', (bytes: Buffer) => (body += bytes.toString()))
      request.on('end', () => {
        const entry = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body }
        seen.push(entry)
        answer(entry, response, seen.length)
      })
    }),
  )
  return { seen, url: `http://127.0.0.1:${port}` }
}

const json = (response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(body)
}

function effectOf(
  body: Readonly<Record<string, unknown>>,
  options: { readonly isRepeated?: boolean; readonly acceptances?: Acceptance[] } = {},
) {
  const reports: { readonly sequence: number; readonly body: MessageBody; readonly answers: boolean }[] = []
  const done: string[] = []
  const acceptances = options.acceptances ?? []
  const effect: PerformedEffect = {
    key: 'session/S1:7:0',
    owner: { kind: 'session', id: 'S1' },
    type: 'http.fetch',
    body: { requestId: 'r1', method: 'GET', expectType: 'application/json', ...body },
    plannedAtEpochMs: 0,
    isRepeated: options.isRepeated ?? false,
    report: async (sequence, message, { answers }) => {
      reports.push({ sequence, body: message, answers })
      return acceptances.shift() ?? { status: 'accepted', version: 1 }
    },
    done: () => void done.push('done'),
  }
  return { effect, reports, done }
}

function start(
  body: Readonly<Record<string, unknown>>,
  options: Partial<HttpFetchOptions> & { readonly isRepeated?: boolean; readonly acceptances?: Acceptance[] } = {},
) {
  const clock = new VirtualClock()
  const { isRepeated, acceptances, ...rest } = options
  const made = effectOf(body, {
    ...(isRepeated === undefined ? {} : { isRepeated }),
    ...(acceptances === undefined ? {} : { acceptances }),
  })
  const abort = new AbortController()
  const ended = httpFetchPerformer({ clock, ...rest }).perform(made.effect, abort.signal)
  return { clock, abort, ended, ...made }
}

async function fetched(body: Readonly<Record<string, unknown>>, options: Parameters<typeof start>[1] = {}) {
  const started = start(body, options)
  await started.ended
  const data = Reflect.get(started.reports[0]?.body ?? {}, 'data')
  return { ...started, name: Reflect.get(started.reports[0]?.body ?? {}, 'name'), data }
}

describe('http fetch: what goes out and comes back', () => {
  it('a get gives the text of the body and the headers as hints, and answers the effect', async () => {
    const server = await webServer((_seen, response) => json(response, 200, '{"a":"ä"}', { 'x-shop': '7' }))

    const { reports } = await fetched({ url: `${server.url}/a?b=1`, headers: { 'X-Mine': 'm', none: null } })

    expect(reports).toEqual([
      {
        sequence: 1,
        answers: true,
        body: {
          kind: 'event',
          name: 'session.fetch.done',
          module: 'session',
          data: { requestid: 'r1', content: '{"a":"ä"}', hints: expect.objectContaining({ 'x-shop': '7' }) },
        },
      },
    ])
    expect(server.seen[0]).toMatchObject({ method: 'GET', url: '/a?b=1', body: '' })
    expect(server.seen[0]?.headers).toMatchObject({
      'x-mine': 'm',
      'idempotency-key': 'session/S1:7:0',
      accept: 'application/json',
    })
    expect(server.seen[0]?.headers).not.toHaveProperty('none')
  })

  it('a post sends its body with its type, and methods are compared without case', async () => {
    const server = await webServer((_seen, response) => json(response, 201, '{}'))

    const { name } = await fetched({
      url: server.url,
      method: 'post',
      requestBody: 'a=1',
      contentType: 'application/x-www-form-urlencoded',
      headers: { 'Idempotency-Key': 'mine', 'Content-Length': '99' },
    })

    expect(name).toBe('session.fetch.done')
    expect(server.seen[0]).toMatchObject({ method: 'POST', body: 'a=1' })
    expect(server.seen[0]?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': 'mine',
      'content-length': '3',
    })
  })

  it('a body in another declared encoding is decoded', async () => {
    const server = await webServer((_seen, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' })
      response.end(Buffer.from([0x47, 0xfc]))
    })

    expect((await fetched({ url: server.url, expectType: 'Text/Plain' })).data).toMatchObject({ content: 'Gü' })
  })

  it('an empty answer without a type is no mismatch, another type is one', async () => {
    const server = await webServer((seen, response) => {
      if (seen.url === '/empty') response.writeHead(204).end()
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')
    })

    expect((await fetched({ url: `${server.url}/empty` })).name).toBe('session.fetch.done')
    const { name, data } = await fetched({ url: `${server.url}/page` })
    expect(name).toBe('error.session.fetch')
    expect(data).toMatchObject({
      requestid: 'r1',
      error: 'contenttype',
      description: expect.stringContaining('"text/html"'),
    })
    expect((await fetched({ url: `${server.url}/page`, expectType: 'text/*' })).name).toBe('session.fetch.done')
  })
})

describe('http fetch: errors', () => {
  it.each([404, 500])('status %i is the error value, as a number, with the beginning of the answer', async (status) => {
    const server = await webServer((_seen, response) => json(response, status, '{"why":"because"}'))

    const { name, data } = await fetched({ url: server.url })

    expect(name).toBe('error.session.fetch')
    expect(data).toMatchObject({ requestid: 'r1', error: status, description: expect.stringContaining('because') })
    expect(server.seen).toHaveLength(1)
  })

  it('nobody listening is refused', async () => {
    const gone = createServer()
    const port = await closeLater(gone)
    await closing.pop()?.()

    expect((await fetched({ url: `http://127.0.0.1:${port}/` })).data).toMatchObject({ error: 'refused' })
  })

  it('a server that speaks no tls is a tls failure, a broken answer a network failure', async () => {
    const plain = await webServer((_seen, response) => response.end())
    const broken = createSocketServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'))
    })
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => broken.close(() => resolve())))
    const address = broken.address()
    const port = typeof address === 'object' ? address?.port : 0

    expect((await fetched({ url: plain.url.replace('http:', 'https:') })).data).toMatchObject({ error: 'tls' })
    expect((await fetched({ url: `http://127.0.0.1:${port}/` })).data).toMatchObject({ error: 'network' })
  })

  it.each([
    ['ENOTFOUND', 'dns'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['ECONNRESET', 'network'],
  ])('%s of the platform is told as %s', async (code, error) => {
    const failing = async (): Promise<Response> => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('inner'), { code }) })
    }

    expect((await fetched({ url: 'http://host.test/' }, { fetch: failing })).data).toMatchObject({ error })
  })

  it('no answer in time is a time-out, also when the body stops half way', async () => {
    const server = await webServer((seen, response) => {
      if (seen.url === '/half') response.writeHead(200, { 'content-type': 'application/json' }).write('{')
    })
    for (const path of ['/silent', '/half']) {
      const { clock, ended, reports } = start({ url: server.url + path, timeoutS: 3 })
      await until(() => server.seen.at(-1)?.url === path)
      clock.advance({ ms: 2_999 })
      expect(reports).toHaveLength(0)

      clock.advance({ ms: 1 })
      await ended

      expect(reports[0]?.body).toMatchObject({ data: { error: 'timeout' } })
      expect(clock.pending).toBe(0)
    }
  })

  it('an answer over the limit is given up, announced or not', async () => {
    const server = await webServer((seen, response) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        ...(seen.url === '/said' ? { 'content-length': 2000 } : {}),
      })
      response.end('x'.repeat(2000))
    })
    const limits = { maxResponseBytes: 1999 }

    expect((await fetched({ url: `${server.url}/said` }, { limits })).data).toMatchObject({ error: 'toolarge' })
    expect((await fetched({ url: `${server.url}/unsaid` }, { limits })).data).toMatchObject({ error: 'toolarge' })
    expect((await fetched({ url: server.url }, { limits: { maxResponseBytes: 2000 } })).name).toBe('session.fetch.done')
  })

  it.each([
    [{ url: 'ftp://host/' }, 'is not an absolute http or https address'],
    [{ url: '/relative' }, 'is not an absolute http or https address'],
    [{ url: 'http://u:p@host/' }, 'user and password'],
    [{ url: 'http://host/', method: 'esp' }, 'method "esp"'],
    [{ url: 'http://host/', headers: { 'bad name': 'x' } }, 'header "bad name"'],
    [{ url: 'http://host/', headers: { good: 'line\r\nInjected: yes' } }, 'header "good"'],
    [{ url: 'http://host/', headers: 'x' }, 'headers are not an object'],
    [{}, 'is not an absolute'],
  ])('a request that cannot be sent is an error event: %j', async (body, reason) => {
    const { name, data } = await fetched(body)

    expect(name).toBe('error.session.fetch')
    expect(data).toMatchObject({ error: 'invalidattribute', description: expect.stringContaining(reason) })
  })
})

describe('http fetch: redirects', () => {
  it('a redirect is followed, a post becomes a get, credentials stay with their origin', async () => {
    const target = await webServer((_seen, response) => json(response, 200, '{}'))
    const server = await webServer((_seen, response) => {
      response.writeHead(302, { location: `${target.url}/new` }).end('moved')
    })

    const { name } = await fetched({
      url: server.url,
      method: 'POST',
      requestBody: 'secret',
      contentType: 'text/plain',
      headers: { authorization: 'Bearer x', 'x-other': 'y' },
    })

    expect(name).toBe('session.fetch.done')
    expect(server.seen[0]?.headers.authorization).toBe('Bearer x')
    expect(target.seen[0]).toMatchObject({ method: 'GET', url: '/new', body: '' })
    expect(target.seen[0]?.headers).not.toHaveProperty('authorization')
    expect(target.seen[0]?.headers).not.toHaveProperty('content-type')
    expect(target.seen[0]?.headers['x-other']).toBe('y')
  })

  it('307 keeps method and body', async () => {
    const server = await webServer((seen, response) => {
      if (seen.url === '/') response.writeHead(307, { location: '/again' }).end()
      else json(response, 200, '{}')
    })

    await fetched({ url: server.url, method: 'PUT', requestBody: 'b' })

    expect(server.seen[1]).toMatchObject({ method: 'PUT', url: '/again', body: 'b' })
  })

  it('a circle, and a redirect to another scheme, are errors', async () => {
    const server = await webServer((seen, response) => {
      response.writeHead(301, { location: seen.url === '/file' ? 'file:///etc/passwd' : '/' }).end()
    })

    expect((await fetched({ url: server.url })).data).toMatchObject({ error: 'redirect' })
    expect(server.seen).toHaveLength(11)
    expect((await fetched({ url: `${server.url}/file` })).data).toMatchObject({
      error: 'redirect',
      description: expect.stringContaining('"file:"'),
    })
  })
})

describe('http fetch: guaranteed delivery and crashes', () => {
  it('a guaranteed post is tried again after 5xx with the same key, after the interval', async () => {
    const server = await webServer((_seen, response, count) => json(response, count < 3 ? 503 : 200, '{}'))
    const { clock, ended, reports } = start({
      url: server.url,
      method: 'POST',
      guaranteed: true,
      retries: 3,
      retryIntervalS: 5,
    })
    await until(() => clock.nextInMs === 5_000)
    clock.advance({ ms: 4_999 })
    expect(server.seen).toHaveLength(1)
    clock.advance({ ms: 1 })
    await until(() => server.seen.length === 2 && clock.nextInMs === 5_000)
    clock.advance({ seconds: 5 })
    await ended

    expect(reports[0]?.body).toMatchObject({ name: 'session.fetch.done' })
    expect(new Set(server.seen.map((seen) => seen.headers['idempotency-key']))).toEqual(new Set(['session/S1:7:0']))
  })

  it('4xx is not tried again, and tries end after their number', async () => {
    const server = await webServer((seen, response) => json(response, seen.url === '/bad' ? 400 : 500, '{}'))
    const body = { guaranteed: true, retries: 2, retryIntervalS: 0 }

    await fetched({ ...body, url: `${server.url}/bad` })
    expect(server.seen).toHaveLength(1)
    const { clock, ended, reports } = start({ ...body, url: `${server.url}/down` })
    await until(() => server.seen.length === 2 && clock.nextInMs === 1)
    clock.advance({ ms: 1 })
    await ended

    expect(server.seen).toHaveLength(3)
    expect(reports[0]?.body).toMatchObject({ data: { error: 500 } })
  })

  it.each([
    ['GET', {}, {}, true],
    ['PUT', {}, {}, true],
    ['DELETE', {}, {}, true],
    ['POST', { guaranteed: true }, {}, true],
    ['POST', {}, { resendPost: true }, true],
    ['POST', {}, {}, false],
  ])('after a crash %s %j %j is sent again: %s', async (method, more, options, isSent) => {
    const server = await webServer((_seen, response) => json(response, 200, '{}'))

    const { name, data } = await fetched({ url: server.url, method, ...more }, { isRepeated: true, ...options })

    expect(server.seen).toHaveLength(isSent ? 1 : 0)
    expect(name).toBe(isSent ? 'session.fetch.done' : 'error.session.fetch')
    if (!isSent) expect(data).toMatchObject({ error: 'interrupted', requestid: 'r1' })
  })

  it('an effect that is withdrawn ends without a report, on the wire and between tries', async () => {
    const server = await webServer((seen, response) => {
      if (seen.url === '/fails') json(response, 500, '{}')
    })
    const onWire = start({ url: server.url })
    await until(() => server.seen.length === 1)
    onWire.abort.abort()
    await onWire.ended
    const between = start({ url: `${server.url}/fails`, guaranteed: true, retries: 9, retryIntervalS: 60 })
    await until(() => between.clock.nextInMs === 60_000)
    between.abort.abort()
    await between.ended

    expect([onWire.reports, between.reports]).toEqual([[], []])
    expect([onWire.clock.pending, between.clock.pending]).toEqual([0, 0])
  })

  it('a full mailbox is asked again with the same sequence, an ended session is left alone', async () => {
    const server = await webServer((_seen, response) => json(response, 200, '{}'))
    const full = start({ url: server.url }, { acceptances: [{ status: 'overloaded', retryAfterS: 2 }] })
    await until(() => full.reports.length === 1 && full.clock.pending === 1)
    full.clock.advance({ seconds: 2 })
    await full.ended
    const ended = await fetched({ url: server.url }, { acceptances: [{ status: 'unknown' }] })

    expect(full.reports.map((report) => report.sequence)).toEqual([1, 1])
    expect(ended.done).toEqual(['done'])
  })
})

describe('http fetch: bounds', () => {
  it('one slow server does not hold up another, and too many waiting requests are refused', async () => {
    const clock = new VirtualClock()
    const performer = httpFetchPerformer({
      clock,
      limits: { maxConcurrent: 10, maxConcurrentPerOrigin: 2, maxWaiting: 1 },
    })
    const held: ServerResponse[] = []
    const slow = await webServer((_seen, response) => void held.push(response))
    const quick = await webServer((_seen, response) => json(response, 200, '{}'))
    const run = (url: string) => {
      const made = effectOf({ url })
      return { ...made, ended: performer.perform(made.effect, new AbortController().signal) }
    }
    const first = [run(slow.url), run(slow.url), run(slow.url)]
    await until(() => held.length === 2)

    const refused = run(slow.url)
    await refused.ended
    const other = run(quick.url)
    await other.ended

    expect(refused.reports[0]?.body).toMatchObject({ data: { error: 'overloaded' } })
    expect(other.reports[0]?.body).toMatchObject({ name: 'session.fetch.done' })
    expect(slow.seen).toHaveLength(2)
    for (const response of held) json(response, 200, '{}')
    await until(() => held.length === 3)
    for (const response of held.slice(2)) json(response, 200, '{}')
    await Promise.all(first.map((each) => each.ended))
  })
})
