import type { Scheduled } from '@segue/runtime'
import type { DoorAction, DoorAnswer, SwitchAnswer, SwitchCommand, VoiceConsumer, VoiceLink } from '@segue/contact'
import { adapterFaultText } from '../../errors.ts'
import { ClientSession } from './client-session.ts'
import type { VoiceLinkClientOptions } from './link-options.ts'
import { type ClientLine, defaultLinkLimits, type LinkLimits } from './wire.ts'

/**
 * A link to a switch process over a socket. It connects again by itself, with pauses that grow up to `maxBackoffMs`.
 * `connect` resolves when the first try has ended, well or not; `linkState` tells which.
 */
export function createVoiceLinkClient(options: VoiceLinkClientOptions): VoiceLink {
  return new VoiceLinkClient(options)
}

interface PendingCommand {
  readonly line: ClientLine
  settle(answer: SwitchAnswer | undefined): void
}

class VoiceLinkClient implements VoiceLink {
  readonly switchName: string
  readonly #options: VoiceLinkClientOptions
  readonly #limits: LinkLimits
  readonly #commands = new Map<string, Set<PendingCommand>>()
  readonly #doors = new Map<number, (answer: DoorAnswer) => void>()
  #consumer: VoiceConsumer | undefined
  #session: ClientSession | undefined
  #retry: Scheduled | undefined
  #failures = 0
  #nextDoor = 0
  #pendingCount = 0
  #isUp = false
  #isClosed = false
  #firstTry: (() => void) | undefined

  constructor(options: VoiceLinkClientOptions) {
    this.switchName = options.switchName
    this.#options = options
    this.#limits = { ...defaultLinkLimits, ...options.limits }
  }

  connect(consumer: VoiceConsumer): Promise<void> {
    this.#consumer = consumer
    return new Promise((resolve) => {
      this.#firstTry = resolve
      this.#open()
    })
  }

  command(key: string, command: SwitchCommand, signal: AbortSignal): Promise<SwitchAnswer | undefined> {
    const session = this.#session
    const isFull = this.#pendingCount >= this.#limits.maxPendingCommands
    if (session === undefined || !this.#isUp || isFull || signal.aborted) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const { clock } = this.#options
      const giveUp = (): void => pending.settle(undefined)
      const timeout = clock.schedule(clock.nowMs() + this.#limits.commandTimeoutMs, giveUp)
      const pending: PendingCommand = {
        line: { type: 'command', key, command },
        settle: (answer) => {
          if (this.#commands.get(key)?.delete(pending) !== true) return
          if (this.#commands.get(key)?.size === 0) this.#commands.delete(key)
          this.#pendingCount -= 1
          timeout.cancel()
          signal.removeEventListener('abort', giveUp)
          resolve(answer)
        },
      }
      signal.addEventListener('abort', giveUp, { once: true })
      const same = this.#commands.get(key)
      if (same === undefined) this.#commands.set(key, new Set([pending]))
      else same.add(pending)
      this.#pendingCount += 1
      session.send(pending.line)
    })
  }

  door(action: DoorAction): Promise<DoorAnswer> {
    const session = this.#session
    const isFull = this.#pendingCount >= this.#limits.maxPendingCommands
    if (session === undefined || !this.#isUp || isFull) return Promise.resolve(linkDown)
    return new Promise((resolve) => {
      const { clock } = this.#options
      const id = (this.#nextDoor += 1)
      const settle = (answer: DoorAnswer): void => {
        if (!this.#doors.delete(id)) return
        this.#pendingCount -= 1
        timeout.cancel()
        resolve(answer)
      }
      const timeout = clock.schedule(clock.nowMs() + this.#limits.commandTimeoutMs, () => settle(linkDown))
      this.#doors.set(id, settle)
      this.#pendingCount += 1
      session.send({ type: 'door', id, action })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#retry?.cancel()
    const session = this.#session
    session?.close('link was closed')
    await session?.hasEnded
  }

  #open(): void {
    const consumer = this.#consumer
    if (this.#isClosed || consumer === undefined) return
    this.#session = new ClientSession(this.#options, this.#limits, consumer, {
      isUp: () => {
        this.#failures = 0
        this.#isUp = true
        consumer.linkState(true)
        this.#endFirstTry()
      },
      answered: (key, answer) => {
        for (const pending of this.#commands.get(key) ?? []) pending.settle(answer)
      },
      doorAnswered: (id, answer) => this.#doors.get(id)?.(answer),
      ended: (reason, isRefused) => this.#sessionEnded(reason, isRefused),
    })
  }

  #sessionEnded(reason: string, isRefused: boolean): void {
    this.#session = undefined
    const wasUp = this.#isUp
    this.#isUp = false
    for (const same of this.#commands.values()) for (const pending of same) pending.settle(undefined)
    for (const settle of this.#doors.values()) settle(linkDown)
    if (wasUp) this.#consumer?.linkState(false)
    this.#endFirstTry()
    if (this.#isClosed) return
    const code = isRefused ? 'SEG-SWITCH-003' : 'SEG-SWITCH-004'
    this.#options.report?.(adapterFaultText(code, { switchName: this.switchName, reason }))
    this.#failures += 1
    const { clock, random = Math.random } = this.#options
    const ceilingMs = Math.min(
      this.#limits.maxBackoffMs,
      this.#limits.minBackoffMs * 2 ** Math.min(this.#failures - 1, 20),
    )
    const delayMs = Math.round(ceilingMs / 2 + (ceilingMs / 2) * random())
    this.#retry = clock.schedule(clock.nowMs() + delayMs, () => this.#open())
  }

  #endFirstTry(): void {
    this.#firstTry?.()
    this.#firstTry = undefined
  }
}

const linkDown: DoorAnswer = { ok: false, error: 'linkdown', description: 'no connection to the switch' }
