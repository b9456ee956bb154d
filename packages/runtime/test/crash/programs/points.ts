import { Worker } from 'node:worker_threads'
import type { WorkerSettings } from '../contract.ts'
import { BEGUN_AT, MOVED_AT } from '../log-index.ts'
import type { ProgressFile } from '../progress.ts'

/** A checkpoint that was over before anybody looked. */
const GIVE_UP_MS = 200

/** Counts passes of the worker's point and ends the process with SIGKILL at the one that was asked for. */
export class Points {
  readonly #kill: WorkerSettings['kill']
  readonly #progress: ProgressFile
  readonly #later: Int32Array | undefined
  #passes = 0

  constructor(kill: WorkerSettings['kill'], progress: ProgressFile) {
    this.#kill = kill
    this.#progress = progress
    if (kill?.inCheckpoint !== undefined) this.#later = startKiller(kill.inCheckpoint)
  }

  pass(point: string): void {
    if (this.#kill?.point !== point) return
    this.#passes++
    if (this.#passes < this.#kill.pass || this.#progress.inFlight < this.#kill.minInFlight) return
    this.#progress.hit()
    if (this.#later === undefined) process.kill(process.pid, 'SIGKILL')
    else {
      Atomics.store(this.#later, 0, 1)
      Atomics.notify(this.#later, 0)
      // What begins behind the point begins when somebody looks.
      Atomics.wait(this.#later, 1, 0, GIVE_UP_MS)
    }
  }
}

/** A thread that, told to, watches the index of the log and kills the process when a checkpoint has begun and is not done. */
function startKiller(setting: { readonly index: string; readonly afterMs: number }): Int32Array {
  const told = new Int32Array(new SharedArrayBuffer(8))
  const workerData = { ...setting, told, begunAt: BEGUN_AT, movedAt: MOVED_AT, giveUpMs: GIVE_UP_MS }
  new Worker(`(${watchCheckpoint.toString()})(require)`, { eval: true, workerData }).unref()
  return told
}

/** Runs from its own text. */
function watchCheckpoint(require: NodeJS.Require): void {
  const { told, index, afterMs, begunAt, movedAt, giveUpMs } = require('node:worker_threads').workerData
  const { openSync, readSync } = require('node:fs')
  const record = Buffer.alloc(4)
  Atomics.wait(told, 0, 0)
  const descriptor = openSync(index, 'r')
  const read = (at: number): number => {
    readSync(descriptor, record, 0, 4, at)
    return record.readUInt32LE(0)
  }
  Atomics.store(told, 1, 1)
  Atomics.notify(told, 1)
  const deadlineMs = performance.now() + giveUpMs
  while (read(begunAt) <= read(movedAt) && performance.now() < deadlineMs);
  const begunMs = performance.now()
  while (performance.now() < begunMs + afterMs);
  process.kill(process.pid, 'SIGKILL')
}
