import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { Duplex, Readable, Writable } from 'node:stream'
import type { ApplicationBundle, ShardQuestion, ShardStepRequest, ShardStepResponse } from '../session/contract.ts'
import { askKinds } from './ask-pipe.ts'
import { encodeFrame, FrameReader } from './frame.ts'
import { pipes } from './pipes.ts'
import { giveWay } from './processor-time.ts'
import { lostResponse, PendingWork } from './pending-work.ts'
import type { Placed } from './pending-work.ts'
import { closeProgressFile, openProgressFile, readProgress } from './progress-record.ts'
import { ProgressWatch } from './progress-watch.ts'
import type { Stay } from './progress-watch.ts'
import { diesWithFront, shardCommandLine } from './command-line.ts'
import type { ShardProgram } from './command-line.ts'
import { reasonOfEnd, textOfEnd } from './shard-end.ts'
import type { Culprit, KillReason, ShardEnd } from './shard-end.ts'
import { decodeReport, encodeCommand } from './shard-protocol.ts'
import type { InspectRequest, ShardAnswer, ShardCommand, ShardReport } from './shard-protocol.ts'

/** What a shard process tells its keeper. */
export interface ShardProcessEvents {
  answer(question: ShardQuestion): unknown
  /** It is gone; everything that it had not answered has been answered as lost, but for what `culprit` names. */
  gone(process: ShardProcess, end: ShardEnd): void
}

const SAID_CHARACTERS = 2_000
/** Time that a process rests when it is set apart. */
const REST_MS = 500

/** One shard process as the front sees it. */
export class ShardProcess {
  /** Resolves when it can take work, or never. */
  readonly ready: Promise<void>
  /** Resolves when it is gone. */
  readonly ended: Promise<void>
  readonly #child: ChildProcess
  readonly #commands: Writable
  readonly #progress: number
  readonly #events: ShardProcessEvents
  readonly #work = new PendingWork()
  readonly #watch = new ProgressWatch()
  /** Versions that were given, by their place. */
  readonly #places: ApplicationBundle[] = []
  readonly #loads = new Map<string, Promise<ShardAnswer | undefined>>()
  #becomeReady: () => void = () => undefined
  #becomeEnded: () => void = () => undefined
  #phase: 'serving' | 'apart' | 'gone' = 'serving'
  #culprit: (Culprit & Placed) | undefined
  #killedFor: KillReason | undefined
  #reports = 0
  #hasServed = false
  #said = ''

  constructor(program: ShardProgram, events: ShardProcessEvents) {
    this.#events = events
    this.#progress = openProgressFile()
    this.ready = new Promise((resolve) => (this.#becomeReady = resolve))
    this.ended = new Promise((resolve) => (this.#becomeEnded = resolve))
    const [command, ...words] = shardCommandLine(program)
    this.#child = spawn(command, words, {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', this.#progress],
      // Nothing of ours: neither words of power nor settings of Node.
      env: {},
      // Ctrl-C reaches the whole foreground group: shards end when the front has let go of them.
      detached: true,
    })
    const streams: readonly unknown[] = this.#child.stdio
    const errors = this.#child.stderr
    const [commands, reports, questions] = [pipes.commands, pipes.reports, pipes.questions].map((at) => streams[at])
    this.#commands = commands instanceof Writable ? commands : new Writable()
    for (const stream of [commands, errors, reports, questions])
      if (stream instanceof EventEmitter) stream.on('error', () => undefined)
    errors?.on('data', (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(-SAID_CHARACTERS)))
    if (reports instanceof Readable) this.#readReports(reports)
    if (questions instanceof Duplex) this.#answerQuestions(questions)
    this.#child.once('error', (error) => {
      this.#said += error.message
      if (this.#child.pid === undefined) this.#end(null, null)
    })
    // Not `exit`: what it said before its end is still in the pipes.
    this.#child.once('close', (code, signal) => this.#end(code, signal))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get isIdle(): boolean {
    return this.#work.isEmpty && this.#culprit === undefined
  }

  /** Request that has the process for itself since it was set apart. */
  get culprit(): Culprit | undefined {
    return this.#culprit
  }

  /** Steps in order; answers in the same order. Never rejects. */
  step(requests: readonly ShardStepRequest[]): Promise<readonly ShardStepResponse[]> {
    if (this.#phase !== 'serving' || requests.length === 0) return Promise.resolve(requests.map(() => lostResponse))
    return this.#work.addBatch(requests, (batch) => this.#send({ kind: 'step', batch, requests }))
  }

  /** Gives the process an application version. `undefined`: it was lost meanwhile. */
  async load(bundle: ApplicationBundle): Promise<ShardAnswer['loaded']> {
    let place = this.#places.findIndex(({ hash }) => hash === bundle.hash)
    if (place < 0) place = this.#places.push(bundle) - 1
    let load = this.#loads.get(bundle.hash)
    if (load === undefined) {
      load = this.#call((call) => ({ kind: 'load', call, place, bundle }))
      this.#loads.set(bundle.hash, load)
      void load.finally(() => this.#loads.delete(bundle.hash))
    }
    return (await load)?.loaded
  }

  /** `undefined`: it was lost meanwhile. */
  inspect(request: InspectRequest): Promise<ShardAnswer | undefined> {
    return this.#call((call) => ({ kind: 'inspect', call, request }))
  }

  forget(sessionIds: readonly string[]): void {
    this.#send({ kind: 'forget', sessionIds })
  }

  /** A frame that was made once for all processes. */
  sendFrame(frame: Buffer): void {
    if (this.#phase === 'serving') this.#commands.write(frame)
  }

  /** Has it finish what it has, and lets it end. Resolves when that is done or the process is gone. */
  async drain(): Promise<void> {
    await this.#call((call) => ({ kind: 'drain', call }))
    this.#killedFor ??= 'stopped'
    this.#commands.end()
  }

  kill(reason: KillReason): void {
    this.#killedFor ??= reason
    this.#child.kill('SIGKILL')
  }

  /** For how long the process has been at the one thing it is at; `undefined`: it waits for work. */
  stay(nowMs: number): Stay | undefined {
    if (this.isIdle) {
      this.#watch.forget()
      return undefined
    }
    return this.#watch.stay(this.pid, this.#reports, readProgress(this.#progress), nowMs)
  }

  /** The front itself stood still: what it saw before does not count. */
  lookAgain(): void {
    this.#watch.forget()
  }

  /** Whether it is stepping, as opposed to loading or looking at something. */
  get isStepping(): boolean {
    return this.#running() !== undefined
  }

  /**
   * Leaves the process to the request that it is stepping: everything else it has is answered as lost, and what it
   * says of it from now on does not count.
   */
  setApart(): Culprit | undefined {
    const running = this.#running()
    this.#phase = 'apart'
    if (running !== undefined) this.#culprit = this.#culpritOf(running)
    this.#work.loseAll()
    if (running === undefined) this.kill('stuck')
    else {
      giveWay(this.pid)
      this.#rest()
    }
    return this.#culprit
  }

  /** Stands still while its neighbours catch up elsewhere. One that does not end with its front might stand still for ever. */
  #rest(): void {
    if (!diesWithFront()) return
    this.#child.kill('SIGSTOP')
    setTimeout(() => {
      // Gone meanwhile: its number may be somebody else's.
      if (this.#phase === 'gone') return
      // Again: the system may refuse it for a moment.
      giveWay(this.pid)
      this.#child.kill('SIGCONT')
    }, REST_MS).unref()
  }

  #running(): (Placed & Omit<Culprit, 'resolve'>) | undefined {
    const progress = readProgress(this.#progress)
    const placed = this.#work.running(progress)
    if (progress === undefined || placed === undefined) return undefined
    const { limitMs, place, script } = progress
    return { ...placed, limitMs, script, bundle: this.#places[place] }
  }

  /** The request gets its answer from whoever knows how the process ends. */
  #culpritOf(running: Placed & Omit<Culprit, 'resolve'>): Placed & Culprit {
    return { ...running, resolve: this.#work.answerLater(running) }
  }

  #call(command: (call: number) => ShardCommand): Promise<ShardAnswer | undefined> {
    if (this.#phase !== 'serving') return Promise.resolve(undefined)
    return this.#work.addCall((call) => this.#send(command(call)))
  }

  #send(command: ShardCommand): void {
    this.sendFrame(encodeCommand(command))
  }

  #readReports(reports: Readable): void {
    const reader = new FrameReader()
    reports.on('data', (chunk: Buffer) => {
      this.#reports += 1
      // A process that says what no shard says is not ours any more.
      try {
        for (const frame of reader.read(chunk)) this.#take(decodeReport(frame))
      } catch (error) {
        this.#said += error instanceof Error ? (error.stack ?? error.message) : String(error)
        this.kill('stuck')
      }
    })
  }

  #take(report: ShardReport): void {
    if (report.kind !== 'ready') this.#hasServed = true
    switch (report.kind) {
      case 'ready':
        this.#becomeReady()
        return
      case 'answer':
        this.#work.answer(report.call, report.value)
        return
      case 'done':
        if (this.#culprit === undefined) this.#work.done(report)
        else this.#doneApart(this.#culprit, report)
    }
  }

  #doneApart(culprit: Culprit & Placed, report: Extract<ShardReport, { kind: 'done' }>): void {
    const response = report.batch === culprit.batch ? report.responses[culprit.index - report.first] : undefined
    if (response === undefined) return
    this.#culprit = undefined
    this.kill('answered')
    culprit.resolve(response)
  }

  #answerQuestions(questions: Duplex): void {
    const reader = new FrameReader()
    questions.on('data', (chunk: Buffer) => {
      for (const { text } of reader.read(chunk)) {
        // JSON border: written by the shard of the same build; what scripts put in stands in `about`.
        const [number, question] = JSON.parse(text) as [number, ShardQuestion]
        const value = this.#events.answer(question)
        questions.write(encodeFrame(askKinds.answer, JSON.stringify(value === undefined ? [number] : [number, value])))
      }
    })
  }

  #end(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#phase === 'gone') return
    let culprit: Culprit | undefined = this.#culprit
    const running = this.#phase === 'serving' ? this.#running() : undefined
    if (running !== undefined) culprit = this.#culpritOf(running)
    this.#phase = 'gone'
    this.#culprit = undefined
    this.#work.loseAll()
    closeProgressFile(this.#progress)
    const reason = this.#killedFor ?? reasonOfEnd(code, signal)
    const text = textOfEnd(code, signal)
    this.#events.gone(this, { reason, text, said: this.#said, culprit, hasServed: this.#hasServed })
    this.#becomeEnded()
  }
}
