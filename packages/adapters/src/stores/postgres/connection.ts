import { Socket } from 'node:net'
import type { Clock } from '@segue/runtime'
import { Client, types } from 'pg'
import { StoreError } from '../errors.ts'
import type { PostgresLimits } from './limits.ts'
import { failureKind, failureText, mayConnectLater } from './pg-errors.ts'

/** Where a connection leads and what it is like. */
export interface ConnectionOptions {
  readonly url: string
  /** For people: the address without the password. */
  readonly location: string
  readonly limits: PostgresLimits
  readonly clock: Clock
  /** Shown by the server beside its statements. */
  readonly applicationName: string
  /** Prepares every new connection. */
  connected(client: Client): Promise<void>
}

const INT8 = 20

/**
 * One connection to a server, made again when it is gone.
 *
 * Order: work is done one after the other, in the order it was asked for.
 */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #sockets = new WeakMap<Client, Socket>()
  #client: Client | undefined
  #tail: Promise<unknown> = Promise.resolve()
  #waiting = 0
  /** No try to connect before. */
  #retryAtMs = 0
  #backoffMs: number
  #failure: StoreError | undefined
  #hasClosed = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#backoffMs = options.limits.minBackoffMs
  }

  /** Resolves when everything that was asked for until now is done. */
  get settled(): Promise<unknown> {
    return this.#tail
  }

  /**
   * Does work on the connection; when that breaks, once more on the next one, with `isRepeated`. Work that may be done
   * only once finds out there what came of it.
   *
   * Errors: rejects with SEG-STORE-005 when the server refuses, -006 after the end, -007 when it cannot be reached, -008 when too
   * much waits.
   */
  do<T>(operation: string, work: (client: Client, isRepeated: boolean) => Promise<T>): Promise<T> {
    const { location, limits, clock } = this.#options
    if (this.#hasClosed) return Promise.reject(new StoreError('SEG-STORE-006', { location }))
    if (this.#waiting >= limits.maxWaitingCalls) {
      return Promise.reject(new StoreError('SEG-STORE-008', { location, waiting: this.#waiting }))
    }
    this.#waiting++
    // From now on, not from its turn: many calls that wait for a server that is away give up together.
    const deadlineMs = clock.nowMs() + limits.reconnectWaitMs
    const done = this.#tail.then(() => this.#try(operation, deadlineMs, work)).finally(() => this.#waiting--)
    this.#tail = done.catch(() => undefined)
    return done
  }

  /** The first connection. */
  async open(): Promise<void> {
    const { clock, limits } = this.#options
    await this.#connect(clock.nowMs() + limits.openWaitMs)
  }

  async end(): Promise<void> {
    this.#hasClosed = true
    await this.#tail
    await this.#client?.end().catch(() => undefined)
    this.#client = undefined
  }

  async #try<T>(
    operation: string,
    queuedUntilMs: number,
    work: (client: Client, isRepeated: boolean) => Promise<T>,
  ): Promise<T> {
    const { location, limits, clock } = this.#options
    let deadlineMs = queuedUntilMs
    let isRepeated = false
    for (;;) {
      const client = this.#client ?? (await this.#connect(deadlineMs))
      try {
        return await work(client, isRepeated)
      } catch (error) {
        if (error instanceof StoreError) throw error
        const kind = failureKind(error)
        if (kind === 'connection') this.#drop(client)
        // What was under way when the connection broke has a right to find out, however long it had waited before.
        if (!isRepeated) deadlineMs = Math.max(deadlineMs, clock.nowMs() + limits.reconnectWaitMs)
        const hasTime = clock.nowMs() < deadlineMs
        if (kind === 'refused' || (kind === 'again' && !hasTime)) {
          throw new StoreError('SEG-STORE-005', { location, operation, reason: failureText(error) }, error)
        }
        if (!hasTime) throw new StoreError('SEG-STORE-007', { location, reason: failureText(error) }, error)
        // A server that breaks every connection at once is not asked in a tight circle.
        if (isRepeated) await pause(clock, limits.minBackoffMs)
        isRepeated = true
      }
    }
  }

  /** Tries until there is a connection or the time is over. Tries have their pauses, however many calls want one. */
  async #connect(deadlineMs: number): Promise<Client> {
    const { location, limits, clock } = this.#options
    for (;;) {
      if (this.#retryAtMs > clock.nowMs()) {
        if (this.#failure !== undefined && this.#retryAtMs > deadlineMs) throw this.#failure
        await pause(clock, this.#retryAtMs - clock.nowMs())
      }
      const client = this.#newClient()
      try {
        await client.connect()
        await this.#options.connected(client)
        this.#client = client
        this.#backoffMs = limits.minBackoffMs
        return client
      } catch (error) {
        this.#drop(client)
        if (error instanceof StoreError) throw error
        this.#failure = new StoreError('SEG-STORE-007', { location, reason: failureText(error) }, error)
        this.#retryAtMs = clock.nowMs() + this.#backoffMs
        this.#backoffMs = Math.min(this.#backoffMs * 2, limits.maxBackoffMs)
        if (!mayConnectLater(error)) throw this.#failure
      }
    }
  }

  #newClient(): Client {
    const { url, limits, applicationName } = this.#options
    const socket = new Socket()
    const client = new Client({
      connectionString: url,
      stream: () => socket,
      application_name: applicationName,
      keepAlive: true,
      connectionTimeoutMillis: limits.connectTimeoutMs,
      query_timeout: limits.answerTimeoutMs,
      types: { getTypeParser: parserOf },
    })
    this.#sockets.set(client, socket)
    // Without a listener a connection that the server closes would end the process.
    client.on('error', () => this.#drop(client))
    return client
  }

  #drop(client: Client): void {
    if (this.#client === client) this.#client = undefined
    // A server that does not answer any more gets no farewell.
    this.#sockets.get(client)?.destroy()
  }
}

/** Whole numbers of eight bytes are counters and times here, well below 2^53. */
function parserOf(type: number, format?: 'text' | 'binary'): (value: string) => unknown {
  return type === INT8 ? Number : types.getTypeParser(type, format === 'binary' ? 'text' : format)
}

function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.schedule(clock.nowMs() + delayMs, resolve))
}
