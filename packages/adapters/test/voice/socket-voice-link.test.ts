import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { serveSwitch, type SwitchServer } from '../../src/voice/link/serve-switch.ts'
import { createVoiceLinkClient } from '../../src/voice/link/voice-link-client.ts'
import type { LinkLimits } from '../../src/voice/link/wire.ts'
import { switchWorld, type SwitchWorld } from './switch-world.ts'
import { VirtualClock } from './virtual-clock.ts'
import { RecordingConsumer, settled, until, voiceLinkContract } from './voice-link-contract.ts'

const token = 'not a secret'

voiceLinkContract('socket', async (world, { eventWindow }) => {
  const limits = { eventWindow }
  const serverClock = new VirtualClock()
  const clientClock = new VirtualClock()
  const serve = (port: number) =>
    serveSwitch({
      simulatedSwitch: world.simulatedSwitch,
      clock: serverClock,
      address: { port },
      token,
      limits,
    })
  let server: SwitchServer | undefined = await serve(0)
  const { port } = server
  const link = createVoiceLinkClient({
    switchName: 'sim',
    port,
    token,
    clock: clientClock,
    random: () => 0.5,
    limits,
  })
  const cut = async (): Promise<void> => {
    await server?.[Symbol.asyncDispose]()
    server = undefined
  }
  return {
    link,
    cut,
    mend: async () => {
      server ??= await serve(port)
      clientClock.advance({ seconds: 5 })
    },
    [Symbol.asyncDispose]: async () => {
      await link[Symbol.asyncDispose]()
      await cut()
    },
  }
})

const closing: AsyncDisposable[] = []
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each[Symbol.asyncDispose]()
})

async function served(options: { readonly limits?: Partial<LinkLimits>; readonly world?: SwitchWorld } = {}) {
  const world = options.world ?? switchWorld()
  const clock = new VirtualClock()
  const reasons: string[] = []
  const server = await serveSwitch({
    simulatedSwitch: world.simulatedSwitch,
    clock,
    address: { port: 0 },
    token,
    report: (reason) => reasons.push(reason),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  })
  closing.push(server)
  return { world, clock, reasons, port: server.port }
}

function clientOf(port: number, options: { readonly token?: string; readonly limits?: Partial<LinkLimits> } = {}) {
  const clock = new VirtualClock()
  const reports: string[] = []
  const consumer = new RecordingConsumer()
  const link = createVoiceLinkClient({
    switchName: 'sim',
    port,
    token: options.token ?? token,
    clock,
    random: () => 0.5,
    report: (line) => reports.push(line),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  })
  closing.push(link)
  return { clock, reports, consumer, link }
}

/** A connection without manners. */
function rawConnection(port: number) {
  const socket: Socket = createConnection(port, '127.0.0.1')
  const raw = {
    received: '',
    isClosed: false,
    write: (text: string | Buffer) => socket.write(text),
    end: () => socket.destroy(),
  }
  socket.on('data', (bytes: Buffer) => (raw.received += bytes.toString()))
  socket.on('error', () => {})
  socket.on('close', () => (raw.isClosed = true))
  return raw
}

const hello = (shown = token, protocol = 1): string => `${JSON.stringify({ type: 'hello', protocol, token: shown })}\n`

describe('switch server against hostile connections', () => {
  const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`

  it.each([
    ['garbage', 'GET / HTTP/1.1\r\n\r\n', 'line is not of the protocol'],
    ['a wrong token', hello('guess'), 'wrong token'],
    ['another protocol', hello(token, 2), 'protocol 2 is not 1'],
    [
      'a command before the token',
      '{"type":"command","key":"k","command":{"kind":"clear","callId":"x"}}\n',
      'must be a hello',
    ],
    ['a long line before the token', 'x'.repeat(5_000), 'line too long'],
    ['bytes that are not utf-8', Buffer.from([0xff, 0xfe, 0x0a]), 'not utf-8'],
    ['a second hello', hello() + hello(), 'a second hello came'],
    [
      'a command of no known kind',
      `${hello()}{"type":"command","key":"k","command":{"kind":"explode","callId":"x"}}\n`,
      'not of the protocol',
    ],
    [
      'user data that is too deep',
      `${hello()}{"type":"command","key":"k","command":{"kind":"setUserData","callId":"x","remove":[],"put":${deep}}}\n`,
      'not of the protocol',
    ],
    ['a null', `${hello()}null\n`, 'not of the protocol'],
  ])('%s closes that connection with a reason and harms nobody else', async (_what, bytes, reason) => {
    const { world, port, reasons } = await served()
    const raw = rawConnection(port)

    raw.write(bytes)
    await until(() => raw.isClosed)

    expect(raw.received).toContain('"type":"bye"')
    expect(raw.received).toContain(reason)
    expect(reasons.join()).toContain(reason)
    const good = clientOf(port)
    await good.link.connect(good.consumer)
    world.call()
    await until(() => good.consumer.events.length === 2)
  })

  it('a line over the limit closes the connection that sent it', async () => {
    const { port } = await served({ limits: { maxLineBytes: 10_000 } })
    const raw = rawConnection(port)

    raw.write(hello())
    raw.write('y'.repeat(10_001))
    await until(() => raw.isClosed)

    expect(raw.received).toContain('line too long')
  })

  it('a half line followed by a broken connection is nothing', async () => {
    const { world, port } = await served()
    const callId = world.call()
    const raw = rawConnection(port)
    raw.write(`${hello()}{"type":"command","key":"k","command":{"kind":"clear","callId":"${callId}"}}`)
    await until(() => raw.received.includes('welcome'))

    raw.end()
    await settled()

    expect(world.simulatedSwitch.endStates()).toEqual([])
  })

  it('a stranger who says nothing is sent away, and only so many may stand at the door', async () => {
    const { clock, port, reasons } = await served({ limits: { maxUnauthenticated: 2 } })
    const first = [rawConnection(port), rawConnection(port)]
    await settled()
    const third = rawConnection(port)
    await until(() => third.isClosed)
    expect(first.map((raw) => raw.isClosed)).toEqual([false, false])

    clock.advance({ seconds: 5 })
    await until(() => first.every((raw) => raw.isClosed))

    expect(reasons).toEqual(['no token came', 'no token came'])
  })

  it('a client that falls silent is cut off after three missed heartbeats', async () => {
    const { clock, port } = await served()
    const raw = rawConnection(port)
    raw.write(hello())
    await until(() => raw.received.includes('snapshotEnd'))

    clock.advance({ seconds: 10 })
    await until(() => raw.received.split('"ping"').length === 3)
    expect(raw.isClosed).toBe(false)
    clock.advance({ seconds: 5 })
    await until(() => raw.isClosed)

    expect(raw.received).toContain('nothing was heard')
  })

  it('acknowledging events that were never sent changes nothing', async () => {
    const { world, port } = await served()
    const raw = rawConnection(port)
    raw.write(`${hello()}{"type":"ack","sequence":9007199254740991}\n`)
    await until(() => raw.received.includes('snapshotEnd'))

    world.call()
    await until(() => raw.received.includes('routeRequest'))

    expect(world.simulatedSwitch.events.acknowledged).toBe(world.simulatedSwitch.events.last - 2)
  })

  it('a new connection with the token takes the place of the old one', async () => {
    const { port, reasons } = await served()
    const old = clientOf(port)
    await old.link.connect(old.consumer)
    const fresh = clientOf(port)
    await fresh.link.connect(fresh.consumer)
    await until(() => !old.consumer.isUp)

    expect(fresh.consumer.isUp).toBe(true)
    expect(reasons).toEqual(['another connection took over'])
  })

  it('a port that is taken is told with the address', async () => {
    const { world, clock, port } = await served()

    const second = serveSwitch({ simulatedSwitch: world.simulatedSwitch, clock, address: { port }, token })

    await expect(second).rejects.toMatchObject({ code: 'SEG-SWITCH-005', message: expect.stringContaining(`:${port}`) })
  })

  it('works over a socket in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'switch-link-'))
    const world = switchWorld()
    const clock = new VirtualClock()
    const address = { path: join(folder, 's') } as const
    closing.push({ [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }) })
    closing.push(await serveSwitch({ simulatedSwitch: world.simulatedSwitch, clock, address, token }))
    const consumer = new RecordingConsumer()
    const link = createVoiceLinkClient({ switchName: 'sim', ...address, token, clock, random: () => 0 })
    closing.push(link)

    await link.connect(consumer)

    expect(consumer.isUp).toBe(true)
  })
})

/** A server that answers each connection with fixed bytes. */
async function pretender(bytes: string | Buffer) {
  const sockets = new Set<Socket>()
  let connections = 0
  const server: Server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.write(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push({
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  })
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, connections: () => connections }
}

describe('voice link client', () => {
  const welcome = '{"type":"welcome","protocol":1,"switchName":"sim"}\n'
  const event = (sequence: number): string =>
    `{"type":"event","event":{"sequence":${sequence},"atEpochMs":1,"event":{"kind":"callEnded","callId":"c","cause":"lost"}}}\n`

  it.each([
    ['garbage', 'SSH-2.0-x\r\n', 'not of the protocol'],
    ['no welcome', '{"type":"ping"}\n', 'the first line was no welcome'],
    ['a welcome of another protocol', welcome.replace('1,', '7,'), 'it speaks protocol 7'],
    ['a welcome of another switch', welcome.replace('sim', 'other'), 'its name is "other"'],
    ['an event that is missing', welcome + event(1) + event(3), 'event 2 is missing, 3 came'],
    [
      'a snapshot with a hole before it',
      `${welcome}${event(1)}{"type":"snapshotEnd","sequence":5,"agents":[]}\n`,
      'snapshot of 5 came after event 1',
    ],
    [
      'an event without a call',
      `${welcome}{"type":"event","event":{"sequence":1,"atEpochMs":1,"event":{"kind":"routeRequest"}}}\n`,
      'not of the protocol',
    ],
    ['an endless line', 'z'.repeat(70_000), 'line too long'],
  ])('%s ends the connection with a reason, and it is tried again', async (_what, bytes, reason) => {
    const server = await pretender(bytes)
    const { link, consumer, reports, clock } = clientOf(server.port, { limits: { maxLineBytes: 65_536 } })

    await link.connect(consumer)
    expect(reports).toHaveLength(1)
    expect(reports[0]).toMatch(/^SEG-SWITCH-00[34] /)
    expect(reports[0]).toContain(reason)
    expect(consumer.isUp).toBe(false)

    clock.advance({ seconds: 5 })
    await until(() => server.connections() === 2)
  })

  it('a wrong token is reported as a refusal', async () => {
    const { port } = await served()
    const { link, consumer, reports } = clientOf(port, { token: 'guess' })

    await link.connect(consumer)

    expect(reports).toEqual(['SEG-SWITCH-003 switch refused the connection: wrong token'])
  })

  it('pauses between tries grow from 75 ms up to 3.75 s', async () => {
    const server = await pretender('nonsense\n')
    const { link, consumer, clock, reports } = clientOf(server.port)
    await link.connect(consumer)
    const pauses: number[] = []

    for (let tries = 1; tries <= 8; tries += 1) {
      let waitedMs = 0
      while (clock.pending > 0 && reports.length === tries && server.connections() === tries) {
        clock.advance({ ms: 25 })
        waitedMs += 25
        await settled()
      }
      await until(() => reports.length === tries + 1)
      pauses.push(waitedMs)
    }

    expect(pauses).toEqual([75, 150, 300, 600, 1_200, 2_400, 3_750, 3_750])
  })

  it('a switch that welcomes and falls silent is left after three heartbeats, and waiting commands get no answer', async () => {
    const server = await pretender(`${welcome}{"type":"snapshotEnd","sequence":0,"agents":[]}\n`)
    const { link, consumer, clock, reports } = clientOf(server.port, { limits: { commandTimeoutMs: 60_000 } })
    await link.connect(consumer)
    expect(consumer.isUp).toBe(true)
    const answer = link.command('k', { kind: 'clear', callId: 'c' }, new AbortController().signal)
    const door = link.door({ kind: 'hangup', callId: 'c' })

    clock.advance({ seconds: 15 })

    expect(await answer).toBeUndefined()
    expect(await door).toMatchObject({ error: 'linkdown' })
    expect(consumer.isUp).toBe(false)
    expect(reports[0]).toContain('nothing was heard')
  })

  it('a command that is not answered in time has no answer, and pending commands are bounded', async () => {
    const server = await pretender(`${welcome}{"type":"snapshotEnd","sequence":0,"agents":[]}\n`)
    const { link, consumer, clock } = clientOf(server.port, {
      limits: { commandTimeoutMs: 1_000, maxPendingCommands: 1 },
    })
    await link.connect(consumer)
    const command = { kind: 'clear', callId: 'c' } as const
    const first = link.command('k1', command, new AbortController().signal)

    expect(await link.command('k2', command, new AbortController().signal)).toBeUndefined()
    clock.advance({ seconds: 1 })

    expect(await first).toBeUndefined()
    expect(consumer.isUp).toBe(true)
  })

  it('a closed link stays closed', async () => {
    const { port } = await served()
    const { link, consumer, clock } = clientOf(port)
    await link.connect(consumer)

    await link[Symbol.asyncDispose]()
    clock.advance({ seconds: 60 })
    await settled()

    expect(consumer.isUp).toBe(false)
    expect(clock.pending).toBe(0)
  })
})
