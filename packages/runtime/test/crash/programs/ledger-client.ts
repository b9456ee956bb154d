import { createConnection, type Socket } from 'node:net'
import { eachLine } from '../lines.ts'

interface Waiting {
  readonly line: string
  readonly done: () => void
}

const RETRY_MS = 10

/** Gives effects to the ledger; while that is away it goes on trying, with the same key. */
export class LedgerClient {
  readonly #address: string
  readonly #life: number
  readonly #waiting = new Map<string, Waiting>()
  #socket: Socket | undefined
  #outgoing = ''

  constructor(address: string, life: number) {
    this.#address = address
    this.#life = life
    this.#connect()
  }

  /** Resolves when the ledger has written it down. */
  put(key: string, name: string): Promise<void> {
    return new Promise((done) => {
      const line = `${key}\t${name}\t${this.#life}\n`
      this.#waiting.set(key, { line, done })
      this.#send(line)
    })
  }

  #send(line: string): void {
    if (this.#socket === undefined) return
    if (this.#outgoing === '') queueMicrotask(() => this.#flush())
    this.#outgoing += line
  }

  #flush(): void {
    this.#socket?.write(this.#outgoing)
    this.#outgoing = ''
  }

  #connect(): void {
    const socket = createConnection(this.#address)
    socket.on('connect', () => {
      this.#socket = socket
      this.#outgoing = ''
      for (const { line } of this.#waiting.values()) this.#send(line)
    })
    eachLine(socket, (key) => {
      const waiting = this.#waiting.get(key)
      this.#waiting.delete(key)
      waiting?.done()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#socket = undefined
      setTimeout(() => this.#connect(), RETRY_MS)
    })
  }
}
