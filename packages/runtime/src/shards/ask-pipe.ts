import { readSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { ShardQuestion } from '../session/contract.ts'
import { encodeFrame, FrameReader } from './frame.ts'
import { pipes } from './pipes.ts'

/** Kinds of frames on the pipe of questions. */
export const askKinds = { question: 1, answer: 2 } as const

/** Tries in a row before the processor is given to others. */
const BUSY_TRIES = 4
const MIN_NAP_MS = 0.02
const MAX_NAP_MS = 1
const CHUNK_BYTES = 65_536

/**
 * Asks the front while a script waits, over a pipe of its own. Whoever asks stands still meanwhile: a step is
 * synchronous. After `limitMs` the answer is `undefined`, and one that comes too late is thrown away.
 */
export function questionPipe(limitMs: number): (question: ShardQuestion) => unknown {
  const socket = new Socket({ fd: pipes.questions, readable: false, writable: false })
  // Not read by events: a read that finds nothing must come back at once.
  socket.unref()
  const reader = new FrameReader()
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  const sleeper = new Int32Array(new SharedArrayBuffer(4))
  let last = 0

  const answerOf = (question: number): unknown => {
    const deadline = performance.now() + limitMs
    let napMs = MIN_NAP_MS
    for (let tries = 0; ; tries += 1) {
      const size = readNow(chunk)
      // A copy, for a frame may go on in the next chunk.
      for (const { text } of size === 0 ? [] : reader.read(Buffer.from(chunk.subarray(0, size)))) {
        // JSON border: written by the front of the same build.
        const [answered, value] = JSON.parse(text) as [number, unknown?]
        if (answered === question) return value
      }
      if (size > 0 || tries < BUSY_TRIES) continue
      if (performance.now() > deadline) return undefined
      Atomics.wait(sleeper, 0, 0, napMs)
      napMs = Math.min(napMs * 1.5, MAX_NAP_MS)
    }
  }
  return (question) => {
    last += 1
    try {
      writeSync(pipes.questions, encodeFrame(askKinds.question, JSON.stringify([last, question])))
      return answerOf(last)
    } catch {
      // The front does not read its pipe: it does not know.
      return undefined
    }
  }
}

/** Bytes that are there; 0 when there are none. */
function readNow(chunk: Buffer): number {
  const { stackTraceLimit } = Error
  // The usual case is an exception, and its stack is most of its cost.
  Error.stackTraceLimit = 0
  try {
    return readSync(pipes.questions, chunk, 0, chunk.length, null)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0
    throw error
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
