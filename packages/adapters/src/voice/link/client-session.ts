import { createConnection, type Socket } from 'node:net'
import type { Scheduled } from '@segue/runtime'
import type { CallSnapshot, DoorAnswer, SwitchAnswer, VoiceConsumer } from '@segue/contact'
import { EventIntake } from './event-intake.ts'
import { LineReader } from './line-reader.ts'
import type { VoiceLinkClientOptions } from './link-options.ts'
import { type ClientLine, type LinkLimits, linkProtocol, parseServerLine, type ServerLine, toLine } from './wire.ts'

/** What one connection tells the link it belongs to. */
export interface SessionOwner {
  isUp(): void
  answered(key: string, answer: SwitchAnswer): void
  doorAnswered(id: number, answer: DoorAnswer): void
  /** `isRefused`: before the two sides had agreed. */
  ended(reason: string, isRefused: boolean): void
}

/** One connection from its first try to its end. */
export class ClientSession {
  readonly hasEnded: Promise<void>
  readonly #options: VoiceLinkClientOptions
  readonly #limits: LinkLimits
  readonly #owner: SessionOwner
  readonly #intake: EventIntake
  readonly #socket: Socket
  readonly #lines: LineReader
  #snapshotCalls: CallSnapshot[] = []
  #isWelcome = false
  #isOver = false
  #ackWanted: number | undefined
  #heardAtMs: number
  #timer: Scheduled

  constructor(options: VoiceLinkClientOptions, limits: LinkLimits, consumer: VoiceConsumer, owner: SessionOwner) {
    const { clock, token } = options
    this.#options = options
    this.#limits = limits
    this.#owner = owner
    this.#lines = new LineReader(limits.maxLineBytes)
    this.#intake = new EventIntake(consumer, {
      acknowledge: (sequence) => this.#acknowledge(sequence),
      synchronised: () => owner.isUp(),
      failed: (reason) => this.close(reason),
    })
    this.#heardAtMs = clock.nowMs()
    this.#timer = clock.schedule(this.#heardAtMs + limits.connectTimeoutMs, () => this.close('no welcome came'))
    this.#socket =
      'path' in options ? createConnection(options.path) : createConnection(options.port, options.host ?? '127.0.0.1')
    this.#socket.setNoDelay(true)
    this.#socket.on('connect', () => this.send({ type: 'hello', protocol: linkProtocol, token }))
    this.#socket.on('data', (bytes: Buffer) => this.#read(bytes))
    this.#socket.on('error', (error) => this.close(error.message))
    this.hasEnded = new Promise((resolve) => {
      this.#socket.on('close', () => {
        this.close('the switch closed the connection')
        resolve()
      })
    })
  }

  send(message: ClientLine): void {
    if (this.#isOver || !this.#socket.writable) return
    this.#socket.write(toLine(message))
    if (this.#socket.writableLength > this.#limits.maxBufferedBytes) this.close('the switch reads too slowly')
  }

  close(reason: string, isRefused = false): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#timer.cancel()
    this.#intake.close()
    this.#socket.destroy()
    this.#owner.ended(reason, isRefused)
  }

  #read(bytes: Buffer): void {
    this.#heardAtMs = this.#options.clock.nowMs()
    const fault = this.#lines.push(bytes, (line) => {
      if (this.#isOver) return
      const message = parseServerLine(line)
      if (message === undefined) return this.close('the switch sent a line that is not of the protocol')
      if (message.type === 'bye') return this.close(message.reason, !this.#isWelcome)
      if (this.#isWelcome) this.#take(message)
      else this.#enter(message)
    })
    if (fault !== undefined) this.close(fault)
  }

  #enter(message: ServerLine): void {
    if (message.type !== 'welcome') return this.close('the first line was no welcome', true)
    if (message.protocol !== linkProtocol) return this.close(`it speaks protocol ${message.protocol}`, true)
    if (message.switchName !== this.#options.switchName) {
      return this.close(`its name is "${message.switchName}"`, true)
    }
    this.#isWelcome = true
    this.#timer.cancel()
    this.#beat()
  }

  #take(message: ServerLine): void {
    switch (message.type) {
      case 'event':
        return this.#intake.event(message.event)
      case 'snapshotCalls':
        this.#snapshotCalls.push(...message.calls)
        return
      case 'snapshotEnd': {
        const calls = this.#snapshotCalls
        this.#snapshotCalls = []
        return this.#intake.snapshot({ sequence: message.sequence, calls, agents: message.agents })
      }
      case 'answer':
        return this.#owner.answered(message.key, message.answer)
      case 'doorAnswer':
        return this.#owner.doorAnswered(message.id, message.answer)
      case 'welcome':
        return this.close('a second welcome came')
      case 'bye':
      case 'ping':
        return
    }
  }

  /** One line for all events that became durable together. */
  #acknowledge(sequence: number): void {
    const isScheduled = this.#ackWanted !== undefined
    this.#ackWanted = sequence
    if (isScheduled) return
    queueMicrotask(() => {
      const wanted = this.#ackWanted
      this.#ackWanted = undefined
      if (wanted !== undefined) this.send({ type: 'ack', sequence: wanted })
    })
  }

  #beat(): void {
    const { clock } = this.#options
    this.#timer = clock.schedule(clock.nowMs() + this.#limits.heartbeatMs, () => {
      if (clock.nowMs() - this.#heardAtMs >= this.#limits.heartbeatMs * 3) return this.close('nothing was heard')
      this.send({ type: 'ping' })
      this.#beat()
    })
  }
}
