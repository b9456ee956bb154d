import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { placeOfPiece } from '@segue/scxml'
import type { PieceId } from '@segue/scxml'
import type { ShardQuestion, ShardStepRequest, ShardStepResponse } from '../session/contract.ts'
import type { CompiledApplication } from '../session/compiled-applications.ts'
import type { InProcessShardOptions, SteppingShard } from '../session/in-process-shard.ts'
import { createSteppingShard } from '../session/in-process-shard.ts'
import { questionPipe } from './ask-pipe.ts'
import { FrameReader } from './frame.ts'
import type { Frame } from './frame.ts'
import { pipes } from './pipes.ts'
import { progressWriter, scriptText } from './progress-record.ts'
import { decodeCommand, encodeReport } from './shard-protocol.ts'
import type { ShardAnswer, ShardReport } from './shard-protocol.ts'

/** How the inside of a shard process is put together. */
export interface ServeShardOptions {
  /** Makes the options of the shard; `current` gives the latest replica and settings of the front. */
  readonly options: (current: () => ShardSurroundings) => Omit<InProcessShardOptions, 'ask' | 'onStep' | 'onPiece'>
  /** Processor time of a macrostep where the document says nothing. */
  readonly eventTimeoutMs: number
  readonly askLimitMs: number
}

/** What the front has told a shard. */
export interface ShardSurroundings {
  readonly replica: unknown
  readonly settings: unknown
}

/** Answers that are ready wait this long for others. */
const REPORT_MS = 5

/** Serves the front over the pipes that it opened, until it closes them. The main program of a shard process. */
export function serveShard(options: ServeShardOptions): void {
  const served = new ServedShard(options)
  const reader = new FrameReader()
  const commands = new Socket({ fd: pipes.commands, readable: true, writable: false })
  let work: Promise<void> = Promise.resolve()
  commands.on('data', (chunk: Buffer) => {
    for (const frame of reader.read(chunk)) work = work.then(() => served.take(frame))
  })
  // Without a front there is nobody to work for: its end is ours.
  for (const end of ['end', 'error', 'close']) commands.once(end, () => process.exit(0))
  report({ kind: 'ready' })
}

class ServedShard {
  readonly #options: ServeShardOptions
  readonly #shard: SteppingShard
  readonly #progress = progressWriter(pipes.progress)
  readonly #places = new Map<string, number>()
  readonly #scripts = new WeakMap<CompiledApplication, Map<PieceId, Uint8Array>>()
  #surroundings: ShardSurroundings = { replica: undefined, settings: undefined }
  #batch = 0
  #index = 0

  constructor(options: ServeShardOptions) {
    this.#options = options
    const ask = questionPipe(options.askLimitMs)
    this.#shard = createSteppingShard({
      ...options.options(() => this.#surroundings),
      ask: (question: ShardQuestion) => ask(question),
      onStep: (compiled) => this.#note(compiled),
      onPiece: (compiled, piece) => this.#progress.script(this.#scriptOf(compiled, piece)),
    })
  }

  async take(frame: Frame): Promise<void> {
    const command = decodeCommand(frame)
    switch (command.kind) {
      case 'step':
        this.#step(command.batch, command.requests)
        return
      case 'forget':
        this.#shard.forget(command.sessionIds)
        return
      case 'replica':
        this.#surroundings = { replica: command.replica, settings: command.settings }
        this.#shard.replica(command.replica)
        return
      case 'load': {
        const { bundle, call, place } = command
        this.#places.set(bundle.hash, place)
        answer(call, { loaded: await this.#shard.load(bundle) })
        return
      }
      case 'inspect': {
        const { sessionId, stored } = command.request
        const inspection = await this.#shard.inspect(sessionId, stored)
        answer(command.call, inspection === undefined ? {} : { inspection })
        return
      }
      case 'drain':
        await this.#shard.drain()
        answer(command.call, {})
    }
  }

  /** Steps in order. Answers go out when the batch is through, or when others have waited long enough. */
  #step(batch: number, requests: readonly ShardStepRequest[]): void {
    let first = 0
    let responses: ShardStepResponse[] = []
    let reportedAt = performance.now()
    this.#batch = batch
    for (const [index, request] of requests.entries()) {
      this.#index = index
      responses.push(this.#shard.stepOne(request))
      if (index < requests.length - 1 && performance.now() - reportedAt < REPORT_MS) continue
      report({ kind: 'done', batch, first, responses })
      first = index + 1
      responses = []
      reportedAt = performance.now()
    }
  }

  #note(compiled: CompiledApplication | undefined): void {
    const limitMs = compiled?.application.chart.origin.settings.processEventTimeoutMs ?? this.#options.eventTimeoutMs
    const place = compiled === undefined ? -1 : (this.#places.get(compiled.hash) ?? -1)
    this.#progress.step(this.#batch, this.#index, limitMs, place)
  }

  #scriptOf(compiled: CompiledApplication, piece: PieceId): Uint8Array {
    let known = this.#scripts.get(compiled)
    if (known === undefined) this.#scripts.set(compiled, (known = new Map()))
    let text = known.get(piece)
    if (text === undefined) {
      const { element, line, url } = placeOfPiece(compiled.application.chart, piece)
      text = scriptText(url === compiled.url ? `${element}, line ${line}` : `${element}, line ${line} of "${url}"`)
      known.set(piece, text)
    }
    return text
  }
}

function answer(call: number, value: ShardAnswer): void {
  report({ kind: 'answer', call, value })
}

/** Writes and waits until it is written: what a shard has answered must not die with it. */
function report(said: ShardReport): void {
  const frame = encodeReport(said)
  for (let at = 0; at < frame.length;) at += writeSync(pipes.reports, frame, at)
}
