import type {
  ApplicationBundle,
  Shard,
  ShardQuestion,
  ShardStepRequest,
  ShardStepResponse,
} from '../session/contract.ts'
import { Blame, shardIncident } from './blame.ts'
import type { ShardProcesses, ShardProcessesOptions } from './contract.ts'
import { defaultShardProcessLimits } from './limits.ts'
import type { ShardProcessLimits } from './limits.ts'
import { lostResponse } from './pending-work.ts'
import { judgeApart, judgeServing } from './shard-watch.ts'
import type { ShardEnd } from './shard-end.ts'
import { ShardProcess } from './shard-process.ts'
import { encodeCommand } from './shard-protocol.ts'

/** Keeps the shard processes of a node: places sessions, watches, sets apart, replaces. Spec: design §7, P14. */
export function createShardProcesses(options: ShardProcessesOptions): ShardProcesses {
  return new Keeper(options)
}

interface Lane {
  process: ShardProcess | undefined
  /** Whoever waits for a process to be there. */
  waiting: ((process: ShardProcess | undefined) => void)[]
}

const WATCH_MS = 20
/** A watch that comes so late says more about the front than about shards. */
const LATE_WATCH_MS = 200
/** How often the memory of a process is looked at, in watches. */
const MEMORY_EVERY = 5
/** A warm process that was used is replaced after this time. */
const SPARE_PAUSE_MS = 500
const MAX_BUNDLES = 200
/** Processes that end before they have answered anything: so many are replaced at once, later ones after a pause. */
const FREE_FAILURES = 3
const FAILURE_PAUSE_MS = 1_000

class Keeper implements ShardProcesses {
  readonly #options: ShardProcessesOptions
  readonly #limits: ShardProcessLimits
  readonly #lanes: Lane[]
  readonly #apart = new Set<ShardProcess>()
  /** Versions that were loaded, the last used at the end. */
  readonly #bundles = new Map<string, ApplicationBundle>()
  readonly #blame: Blame
  readonly #watch: NodeJS.Timeout
  #spare: ShardProcess | undefined
  #replica: Buffer | undefined
  #watches = 0
  #watchedAtMs = performance.now()
  #failures = 0
  #isStopping = false

  constructor(options: ShardProcessesOptions) {
    this.#options = options
    this.#limits = { ...defaultShardProcessLimits, ...options.limits }
    this.#blame = new Blame({
      quarantine: options.quarantine,
      maxSetApart: this.#limits.maxSetApart,
      memoryMb: options.program.memoryMb,
      nowEpochMs: options.nowEpochMs,
      ...(options.onIncident && { onIncident: options.onIncident }),
    })
    this.#lanes = Array.from({ length: Math.max(1, options.count) }, () => ({
      process: this.#spawn(),
      waiting: [],
    }))
    this.#spare = this.#spawn()
    // Processes live in real time, whatever the clock of the sessions shows.
    this.#watch = setInterval(() => this.#look(), WATCH_MS)
    this.#watch.unref()
  }

  async ready(): Promise<void> {
    await Promise.all(this.#lanes.map((_lane, at) => this.#laneReady(at)))
  }

  pids(): readonly number[] {
    return [...this.#lanes.map(({ process }) => process), this.#spare].flatMap((one) => one?.pid ?? [])
  }

  apart(): readonly number[] {
    return Array.from(this.#apart, ({ pid }) => pid)
  }

  lane(sessionId: string): number {
    let hash = 0
    for (let at = 0; at < sessionId.length; at += 1) hash = (Math.imul(hash, 31) + sessionId.charCodeAt(at)) | 0
    return (hash >>> 0) % this.#lanes.length
  }

  /** In every process, also the warm one; the answer is that of those that have sessions. */
  async load(bundle: ApplicationBundle): Promise<{ readonly ok: boolean; readonly message: string }> {
    this.#keep(bundle)
    void this.#spare?.load(bundle)
    const loaded = await Promise.all(this.#lanes.map((_lane, at) => this.#loadIn(at, bundle)))
    return loaded.find(({ ok }) => !ok) ?? { ok: true, message: '' }
  }

  async step(requests: readonly ShardStepRequest[]): Promise<readonly ShardStepResponse[]> {
    const [first] = requests
    if (first === undefined) return []
    const lane = this.lane(first.sessionId)
    // The usual case: whoever dispatches asked for lanes.
    if (requests.every(({ sessionId }) => this.lane(sessionId) === lane)) return this.#stepIn(lane, requests)
    const parts = new Map<number, number[]>()
    for (const [index, { sessionId }] of requests.entries()) {
      const at = this.lane(sessionId)
      const part = parts.get(at)
      if (part === undefined) parts.set(at, [index])
      else part.push(index)
    }
    const responses: ShardStepResponse[] = []
    await Promise.all(
      Array.from(parts, async ([at, indices]) => {
        const answers = await this.#stepIn(
          at,
          indices.flatMap((index) => requests[index] ?? []),
        )
        for (const [position, index] of indices.entries()) responses[index] = answers[position] ?? lostResponse
      }),
    )
    return responses
  }

  forget(sessionIds: readonly string[]): void {
    const parts = new Map<number, string[]>()
    for (const id of sessionIds) {
      const lane = this.lane(id)
      parts.set(lane, [...(parts.get(lane) ?? []), id])
    }
    for (const [lane, ids] of parts) this.#lanes[lane]?.process?.forget(ids)
  }

  replica(replica: unknown): void {
    const frame = encodeCommand({ kind: 'replica', replica, settings: this.#options.settings() })
    this.#replica = frame
    for (const { process } of this.#lanes) process?.sendFrame(frame)
    this.#spare?.sendFrame(frame)
  }

  async inspect(...[sessionId, stored]: Parameters<Shard['inspect']>): ReturnType<Shard['inspect']> {
    const lane = this.lane(sessionId)
    const first = await (await this.#processOf(lane))?.inspect({ sessionId, stored })
    if (first !== undefined) return first.inspection
    return (await (await this.#processOf(lane))?.inspect({ sessionId, stored }))?.inspection
  }

  async drain(): Promise<void> {
    if (this.#isStopping) return
    this.#isStopping = true
    clearInterval(this.#watch)
    for (const process of this.#apart) process.kill('stopped')
    const serving = [...this.#lanes.map(({ process }) => process), this.#spare].flatMap((one) => one ?? [])
    const late = setTimeout(() => {
      for (const process of serving) process.kill('stopped')
    }, this.#limits.shardStopMs)
    await Promise.all(serving.map((process) => process.drain()))
    await Promise.all(serving.map((process) => process.ended))
    clearTimeout(late)
    for (const lane of this.#lanes) this.#settle(lane, undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain()
  }

  async #stepIn(lane: number, requests: readonly ShardStepRequest[]): Promise<readonly ShardStepResponse[]> {
    const process = this.#lanes[lane]?.process ?? (await this.#processOf(lane))
    if (process === undefined) return requests.map(() => lostResponse)
    const responses = await process.step(requests)
    this.#blame.clear(requests, responses)
    const missing = responses.some((response) => !response.ok && response.missingHash !== undefined)
    return missing ? this.#stepMissing(process, requests, responses) : responses
  }

  /** A version that another process has, or that this one has dropped, is given to it without asking anybody. */
  async #stepMissing(
    process: ShardProcess,
    requests: readonly ShardStepRequest[],
    responses: readonly ShardStepResponse[],
  ): Promise<readonly ShardStepResponse[]> {
    const answers = [...responses]
    const again: number[] = []
    for (const [index, response] of responses.entries()) {
      const bundle = response.ok ? undefined : this.#bundles.get(response.missingHash ?? '')
      if (bundle === undefined) continue
      const loaded = await process.load(bundle)
      if (loaded === undefined) answers[index] = lostResponse
      else if (loaded.ok) again.push(index)
    }
    if (again.length === 0) return answers
    const second = await process.step(again.flatMap((index) => requests[index] ?? []))
    for (const [position, index] of again.entries()) answers[index] = second[position] ?? lostResponse
    return answers
  }

  async #loadIn(lane: number, bundle: ApplicationBundle): Promise<{ readonly ok: boolean; readonly message: string }> {
    const first = await (await this.#processOf(lane))?.load(bundle)
    const loaded = first ?? (await (await this.#processOf(lane))?.load(bundle))
    return loaded ?? { ok: false, message: 'no shard process could set the application up' }
  }

  #keep(bundle: ApplicationBundle): void {
    this.#bundles.delete(bundle.hash)
    this.#bundles.set(bundle.hash, bundle)
    for (const oldest of this.#bundles.keys()) {
      if (this.#bundles.size <= MAX_BUNDLES) return
      this.#bundles.delete(oldest)
    }
  }

  /** A process may end before it was ready: then it is the next one that counts. */
  async #laneReady(lane: number): Promise<void> {
    const process = await this.#processOf(lane)
    if (process === undefined) return
    const isReady = await Promise.race([process.ready.then(() => true), process.ended.then(() => false)])
    if (!isReady) await this.#laneReady(lane)
  }

  /** The process of a lane, when there is one. */
  #processOf(lane: number): Promise<ShardProcess | undefined> {
    const found = this.#lanes[lane]
    if (found === undefined || found.process !== undefined || this.#isStopping) return Promise.resolve(found?.process)
    return new Promise((resolve) => found.waiting.push(resolve))
  }

  #spawn(): ShardProcess {
    const process = new ShardProcess(this.#options.program, {
      answer: (question) => this.#answer(question),
      gone: (gone, end) => this.#gone(gone, end),
    })
    if (this.#replica !== undefined) process.sendFrame(this.#replica)
    const warm = [...this.#bundles.values()].slice(-this.#limits.maxWarmApplications)
    for (const bundle of warm) void process.load(bundle)
    return process
  }

  #answer(question: ShardQuestion): unknown {
    try {
      return this.#options.answer?.(question)
    } catch {
      // The front does not know; its own defects are reported where they are.
      return undefined
    }
  }

  #look(): void {
    const nowMs = performance.now()
    const isLate = nowMs - this.#watchedAtMs > LATE_WATCH_MS
    this.#watchedAtMs = nowMs
    this.#watches += 1
    const { memoryMb } = this.#options.program
    const watch = { nowMs, limits: this.#limits, memoryMb, looksAtMemory: this.#watches % MEMORY_EVERY === 0 }
    for (const [at, { process }] of this.#lanes.entries()) {
      if (process === undefined) continue
      if (isLate) process.lookAgain()
      const verdict = judgeServing(process, watch)
      if (verdict === 'memory') process.kill('memory')
      else if (verdict !== undefined) this.#setApart(at, process, verdict)
    }
    for (const process of this.#apart) {
      const reason = judgeApart(process, watch)
      if (reason !== undefined) process.kill(reason)
    }
  }

  #setApart(lane: number, process: ShardProcess, stay: object): void {
    const culprit = process.setApart()
    this.#options.onNotice?.('a shard is set apart', {
      pid: process.pid,
      ...stay,
      ...(culprit !== undefined && { sessionId: culprit.request.sessionId, url: culprit.bundle?.url }),
    })
    this.#apart.add(process)
    const [longest] = this.#apart
    if (this.#apart.size > this.#limits.maxSetApart) longest?.kill('crowd')
    this.#replace(lane)
  }

  /** The warm process takes the lane, and a new one is warmed. */
  #replace(at: number): void {
    const lane = this.#lanes[at]
    if (lane === undefined || this.#isStopping) return
    lane.process = undefined
    const next = this.#spare
    this.#spare = undefined
    if (next === undefined) {
      this.#respawn()
      return
    }
    this.#settle(lane, next)
    // Sessions first: starting a process takes the processor that they need to catch up.
    setTimeout(() => this.#respawn(), SPARE_PAUSE_MS).unref()
  }

  #settle(lane: Lane, process: ShardProcess | undefined): void {
    lane.process = process
    const { waiting } = lane
    lane.waiting = []
    for (const resolve of waiting) resolve(process)
  }

  /** Fills what is empty: lanes first, then the warm place. */
  #respawn(): void {
    if (this.#isStopping) return
    for (const lane of this.#lanes) if (lane.process === undefined) this.#settle(lane, this.#spawn())
    this.#spare ??= this.#spawn()
  }

  #gone(process: ShardProcess, end: ShardEnd): void {
    this.#apart.delete(process)
    this.#options.onNotice?.('a shard has ended', {
      reason: end.reason,
      end: end.text,
      ...(end.reason === 'unknown' && { said: end.said }),
    })
    this.#blame.judge(end)
    if (this.#isStopping) return
    const lane = this.#lanes.findIndex((one) => one.process === process)
    const isSpare = this.#spare === process
    if (lane < 0 && !isSpare) return
    this.#failures = end.hasServed ? 0 : this.#failures + 1
    if (isSpare) this.#spare = undefined
    if (this.#failures < FREE_FAILURES) {
      if (lane < 0) this.#respawn()
      else this.#replace(lane)
      return
    }
    const empty = this.#lanes[lane]
    if (empty !== undefined) empty.process = undefined
    const parameters = { end: end.text, reason: end.said.trim().split('\n').at(-1) ?? '' }
    this.#options.onIncident?.(shardIncident('SEG-SHARD-006', parameters))
    setTimeout(() => this.#respawn(), FAILURE_PAUSE_MS).unref()
  }
}
