import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import type { Clock, Scheduled } from '@segue/runtime'
import type { SwitchSnapshot } from '@segue/contact'
import { AdapterError } from '../../errors.ts'
import type { SimulatedSwitch } from '../simulated/switch.ts'
import { EventFeed } from './event-feed.ts'
import { LineReader } from './line-reader.ts'
import type { LinkAddress } from './link-options.ts'
import {
  type ClientLine,
  defaultLinkLimits,
  type LinkLimits,
  linkProtocol,
  parseClientLine,
  type ServerLine,
  toLine,
} from './wire.ts'

/** What is needed to open a switch to Segue. */
export interface ServeSwitchOptions {
  readonly simulatedSwitch: SimulatedSwitch
  /** Not the switch's own clock when that one runs faster: heartbeats count here. */
  readonly clock: Clock
  readonly address: LinkAddress
  /** Whoever shows it may command every call. */
  readonly token: string
  readonly limits?: Partial<LinkLimits>
  /** For the log: why a connection was closed. */
  readonly report?: (reason: string) => void
}

/** An open door of a switch. */
export interface SwitchServer extends AsyncDisposable {
  /** Port that was given; 0 for a socket in a file. */
  readonly port: number
}

/**
 * Serves a switch to one Segue at a time: a new connection with the right token takes the place of the old one.
 *
 * Errors: SEG-SWITCH-005 when the address cannot be listened on.
 */
export async function serveSwitch(options: ServeSwitchOptions): Promise<SwitchServer> {
  const limits: LinkLimits = { ...defaultLinkLimits, ...options.limits }
  const tokenDigest = digest(options.token)
  const strangers = new Set<Connection>()
  let current: Connection | undefined
  const server = createServer((socket) => {
    if (strangers.size >= limits.maxUnauthenticated) {
      socket.destroy()
      return
    }
    const connection = new Connection(socket, options, limits, {
      mayEnter: (token) => timingSafeEqual(digest(token), tokenDigest),
      entered: () => {
        strangers.delete(connection)
        current?.close('another connection took over')
        current = connection
      },
      closed: () => {
        strangers.delete(connection)
        if (current === connection) current = undefined
      },
    })
    strangers.add(connection)
  })
  await listen(server, options.address)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const stranger of strangers) stranger.close('switch is stopping')
        current?.close('switch is stopping')
      }),
  }
}

interface Gate {
  mayEnter(token: string): boolean
  entered(): void
  closed(): void
}

class Connection {
  readonly #socket: Socket
  readonly #options: ServeSwitchOptions
  readonly #limits: LinkLimits
  readonly #gate: Gate
  readonly #lines: LineReader
  #feed: EventFeed | undefined
  #timer: Scheduled
  #heardAtMs: number
  #isClosed = false

  constructor(socket: Socket, options: ServeSwitchOptions, limits: LinkLimits, gate: Gate) {
    this.#socket = socket
    this.#options = options
    this.#limits = limits
    this.#gate = gate
    this.#lines = new LineReader(limits.maxHelloBytes)
    this.#heardAtMs = options.clock.nowMs()
    this.#timer = options.clock.schedule(this.#heardAtMs + limits.helloTimeoutMs, () => this.close('no token came'))
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    socket.on('error', () => this.close('connection broke'))
    socket.on('close', () => this.close('the other side closed'))
  }

  close(reason: string): void {
    if (this.#isClosed) return
    this.#send({ type: 'bye', reason })
    this.#isClosed = true
    this.#timer.cancel()
    this.#feed?.close()
    this.#gate.closed()
    this.#options.report?.(reason)
    this.#socket.end()
    this.#socket.destroySoon()
  }

  #read(bytes: Buffer): void {
    if (this.#isClosed) return
    this.#heardAtMs = this.#options.clock.nowMs()
    const fault = this.#lines.push(bytes, (line) => {
      if (this.#isClosed) return
      const message = parseClientLine(line)
      if (message === undefined) return this.close('line is not of the protocol')
      if (this.#feed === undefined) this.#enter(message)
      else this.#take(message, this.#feed)
    })
    if (fault !== undefined) this.close(fault)
  }

  #enter(message: ClientLine): void {
    if (message.type !== 'hello') return this.close('the first line must be a hello')
    if (!this.#gate.mayEnter(message.token)) return this.close('wrong token')
    if (message.protocol !== linkProtocol) {
      return this.close(`protocol ${message.protocol} is not ${linkProtocol}, the one spoken here`)
    }
    this.#gate.entered()
    this.#lines.maxLineBytes = this.#limits.maxLineBytes
    this.#timer.cancel()
    this.#beat()
    const { simulatedSwitch } = this.#options
    this.#send({ type: 'welcome', protocol: linkProtocol, switchName: simulatedSwitch.switchName })
    this.#feed = new EventFeed(simulatedSwitch, this.#limits.eventWindow, {
      event: (event) => this.#send({ type: 'event', event }),
      snapshot: (snapshot) => this.#sendSnapshot(snapshot),
      fellBehind: () => this.close('events were not acknowledged in time'),
    })
    this.#feed.pump()
  }

  #take(message: ClientLine, feed: EventFeed): void {
    const { simulatedSwitch } = this.#options
    switch (message.type) {
      case 'hello':
        return this.close('a second hello came')
      case 'ack':
        return feed.acknowledge(message.sequence)
      case 'command':
        return this.#send({
          type: 'answer',
          key: message.key,
          answer: simulatedSwitch.perform(message.key, message.command),
        })
      case 'door':
        return this.#send({ type: 'doorAnswer', id: message.id, answer: simulatedSwitch.door(message.action) })
      case 'ping':
        return
    }
  }

  /** In parts, so that no line grows with the number of calls. */
  #sendSnapshot(snapshot: SwitchSnapshot): void {
    for (let from = 0; from < snapshot.calls.length; from += 8) {
      this.#send({ type: 'snapshotCalls', calls: snapshot.calls.slice(from, from + 8) })
    }
    this.#send({ type: 'snapshotEnd', sequence: snapshot.sequence, agents: snapshot.agents ?? [] })
  }

  #beat(): void {
    const { clock } = this.#options
    this.#timer = clock.schedule(clock.nowMs() + this.#limits.heartbeatMs, () => {
      if (clock.nowMs() - this.#heardAtMs >= this.#limits.heartbeatMs * 3) return this.close('nothing was heard')
      this.#send({ type: 'ping' })
      this.#beat()
    })
  }

  #send(message: ServerLine): void {
    if (this.#isClosed || this.#socket.destroyed || !this.#socket.writable) return
    this.#socket.write(toLine(message))
    if (this.#socket.writableLength > this.#limits.maxBufferedBytes) {
      // No farewell: nobody reads it.
      this.#socket.destroy()
      this.close('the other side reads too slowly')
    }
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function listen(server: Server, address: LinkAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const where = 'path' in address ? address.path : `${address.host ?? '127.0.0.1'}:${address.port}`
    server.once('error', (error) => {
      reject(new AdapterError('SEG-SWITCH-005', { address: where, reason: error.message }, error))
    })
    if ('path' in address) server.listen(address.path, resolve)
    else server.listen(address.port, address.host ?? '127.0.0.1', resolve)
  })
}
