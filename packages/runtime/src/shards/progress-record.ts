import { closeSync, mkdtempSync, openSync, readSync, rmdirSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Which request a shard is stepping, and at which script. It stands in a file without a name that both processes hold
 * open, so that it can be read while the shard is caught in a script and after it has died.
 */
export interface Progress {
  readonly batch: number
  readonly index: number
  /** Processor time that the macrostep may take. */
  readonly limitMs: number
  /** Place of the application version among those that this process was given; -1: none. */
  readonly place: number
  /** Element and line of the script that was begun last in this step, for people; `''`: none yet. */
  readonly script: string
}

/** Writes the record in the shard. Cost: one system call each, 1 us. */
export interface ProgressWriter {
  step(batch: number, index: number, limitMs: number, place: number): void
  /** Adds the script that begins; `text` was made by `scriptText`. */
  script(text: Uint8Array): void
}

const STEP_BYTES = 16
const LENGTH_BYTES = 4
const MAX_TEXT_BYTES = 236
const RECORD_BYTES = STEP_BYTES + LENGTH_BYTES + MAX_TEXT_BYTES

/** Makes the file and returns what stands for it in this process. Errors: throws when no file can be made. */
export function openProgressFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'segue-shard-'))
  const path = join(folder, 'progress')
  const file = openSync(path, 'w+', 0o600)
  // Nothing is left behind, however the processes end.
  unlinkSync(path)
  rmdirSync(folder)
  return file
}

/** The writer of a file that the front opened. */
export function progressWriter(file: number): ProgressWriter {
  const record = new Int32Array((STEP_BYTES + LENGTH_BYTES) / 4)
  const bytes = new Uint8Array(record.buffer)
  return {
    step(batch, index, limitMs, place) {
      record[0] = batch
      record[1] = index
      record[2] = limitMs
      record[3] = place
      // The length behind it is 0: no script yet.
      writeSync(file, bytes, 0, bytes.length, 0)
    },
    script(text) {
      writeSync(file, text, 0, text.length, STEP_BYTES)
    },
  }
}

/** Part of the record for a script. */
export function scriptText(text: string): Uint8Array {
  const kept = new TextEncoder().encode(text).subarray(0, MAX_TEXT_BYTES)
  const bytes = new Uint8Array(LENGTH_BYTES + kept.length)
  new Int32Array(bytes.buffer, 0, 1)[0] = kept.length
  bytes.set(kept, LENGTH_BYTES)
  return bytes
}

/** Reads the record in the front; `undefined` while none was written. */
export function readProgress(file: number): Progress | undefined {
  const bytes = new Uint8Array(RECORD_BYTES)
  if (readSync(file, bytes, 0, RECORD_BYTES, 0) < STEP_BYTES) return undefined
  const record = new Int32Array(bytes.buffer, 0, (STEP_BYTES + LENGTH_BYTES) / 4)
  const [batch = 0, index = 0, limitMs = 0, place = -1, length = 0] = record
  const from = STEP_BYTES + LENGTH_BYTES
  const script = new TextDecoder().decode(bytes.subarray(from, from + Math.min(length, MAX_TEXT_BYTES)))
  // A text that was cut may end in half a character.
  return { batch, index, limitMs, place, script: script.replace(/\uFFFD+$/, '') }
}

/** Lets the file go. */
export function closeProgressFile(file: number): void {
  closeSync(file)
}
