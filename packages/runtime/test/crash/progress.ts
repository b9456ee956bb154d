import { existsSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'

/**
 * What a worker has in flight, in a file that outlives it: written at every change, read by the driver after the death
 * and by the points inside of the store, which run in another thread.
 */
export interface Progress {
  /** Steps whose commit was not confirmed to the runtime. */
  readonly inFlight: number
  /** Steps whose commit was confirmed. */
  readonly committed: number
  /** Whether the worker killed itself at its point. */
  readonly wasHit: boolean
}

const BYTES = 12
/** The two counters; whether the point was hit stands behind them, because another thread writes it. */
const COUNTS = 8

/** The worker's side of the record. */
export class ProgressFile {
  readonly #descriptor: number
  readonly #record = Buffer.alloc(BYTES)

  /** Opens the record; a worker begins with an empty one, a thread of it goes on with what is there. */
  constructor(path: string, mode: 'begin' | 'join') {
    this.#descriptor = openSync(path, mode === 'begin' ? 'w+' : 'r+')
    if (mode === 'begin') writeSync(this.#descriptor, this.#record, 0, BYTES, 0)
  }

  get inFlight(): number {
    return this.#record.readInt32LE(0)
  }

  stepped(count: number): void {
    this.#record.writeInt32LE(this.inFlight + count, 0)
    this.#write()
  }

  confirmed(count: number, committed: number): void {
    this.#record.writeInt32LE(this.inFlight - count, 0)
    this.#record.writeInt32LE(this.#record.readInt32LE(4) + committed, 4)
    this.#write()
  }

  /** Takes over what another thread wrote. */
  refresh(): void {
    readSync(this.#descriptor, this.#record, 0, BYTES, 0)
  }

  hit(): void {
    writeSync(this.#descriptor, Buffer.from([1, 0, 0, 0]), 0, BYTES - COUNTS, COUNTS)
  }

  #write(): void {
    writeSync(this.#descriptor, this.#record, 0, COUNTS, 0)
  }
}

/** Reads the record of a worker, alive or dead; nothing in flight when it has not begun. */
export function readProgress(path: string): Progress {
  const record = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  if (record.length < BYTES) return { inFlight: 0, committed: 0, wasHit: false }
  return {
    inFlight: record.readInt32LE(0),
    committed: record.readInt32LE(4),
    wasHit: record.readInt32LE(8) === 1,
  }
}
