import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { StoreCounts } from '@segue/runtime'
import type { Programs } from './build-programs.ts'
import { check, wireDuplicates, type Finding } from './check.ts'
import { Clients } from './clients.ts'
import type { PortTrouble, WorkerReport, WorkerSettings } from './contract.ts'
import { Ledger } from './ledger-process.ts'
import { readProgress, type Progress } from './progress.ts'
import { readChains } from './read-states.ts'
import type { TestStore } from './test-store.ts'
import { WorkerProcess } from './worker-process.ts'

/** One store with its clients, its ledger and its workers, of which usually one runs at a time. */
export interface WorldPlan {
  readonly programs: Programs
  /** Empty folder for what the driver and the ledger write. */
  readonly folder: string
  readonly store: TestStore
  readonly seed: number
  readonly trouble?: PortTrouble
  /** Sessions are stepped in processes of their own, as `segue serve` does. */
  readonly hasShardProcesses?: boolean
}

/** What is known at the end. */
export interface Verdict {
  readonly events: number
  readonly deliveries: number
  /** Lives whose deliveries had been made before. */
  readonly wireDuplicates: readonly number[]
  /** Findings, with the life that acknowledged the event. */
  readonly findings: readonly (Finding & { readonly life: number })[]
  readonly incidents: readonly string[]
}

/** How far a worker came that was told to go. */
export interface Begun {
  readonly worker: WorkerProcess
  readonly state: 'ready' | 'refused' | 'gone'
}

export const PARTITIONS = 64
const GROUPS = 16
const CALM_TIMEOUT_MS = 60_000
const POLL_MS = 20

export class CrashWorld implements AsyncDisposable {
  readonly clients: Clients
  readonly ledger: Ledger
  readonly incidents: string[] = []
  readonly #plan: WorldPlan
  readonly #progress: string
  readonly #workers = new Set<WorkerProcess>()
  #spare: WorkerProcess
  #life = 0
  #takeCounts: (counts: StoreCounts) => void = () => undefined
  #takeShards: (pids: readonly number[]) => void = () => undefined

  constructor(plan: WorldPlan) {
    this.#plan = plan
    this.#progress = join(plan.folder, 'progress')
    this.clients = new Clients({
      seed: plan.seed,
      partitions: PARTITIONS,
      groups: GROUPS,
      journal: join(plan.folder, 'acknowledged'),
    })
    this.ledger = new Ledger(plan.programs.ledger, plan.folder)
    this.#spare = this.#spawn()
  }

  /** Number of the worker that began last. */
  get life(): number {
    return this.#life
  }

  get progress(): Progress {
    return readProgress(this.#progress)
  }

  /** The ledger runs and all sessions are started, by a worker that is killed afterwards. */
  async start(): Promise<void> {
    await this.ledger.start()
    const { worker } = await this.begin()
    await within('all sessions are started', CALM_TIMEOUT_MS, this.clients.startSessions(worker, this.#life))
    await this.end(worker)
  }

  /** Lets the spare worker go, gives it the clients when it is ready, and has the next one loaded. */
  async begin(options: Partial<WorkerSettings> = {}): Promise<Begun> {
    const { programs, store, trouble } = this.#plan
    const worker = this.#spare
    this.#life++
    const life = this.#life
    const state = await worker.go(
      {
        store: store.place,
        partitions: PARTITIONS,
        owner: `worker-${life}`,
        life,
        ledger: this.ledger.socket,
        progress: this.#progress,
        pointModule: programs.storePoints,
        ...(trouble !== undefined && { trouble }),
        ...options,
      },
      (report) => this.#take(report),
    )
    this.#spare = this.#spawn()
    if (state === 'ready' && life > 1) this.clients.attach(worker, life)
    return { worker, state }
  }

  /** Ids of a worker's shard processes, those that have sessions first. */
  shards(worker: WorkerProcess): Promise<readonly number[]> {
    return new Promise((resolve) => {
      this.#takeShards = resolve
      worker.send({ kind: 'shards' })
    })
  }

  /** Kills a worker. */
  async end(worker: WorkerProcess): Promise<void> {
    worker.signal('SIGKILL')
    await worker.gone
    this.clients.detach(worker)
  }

  /** One more life in which everything comes to its end, and one more death; then what is stored is compared with what was sent. */
  async finish(): Promise<Verdict> {
    this.clients.hasBallast = false
    const { worker, state } = await this.begin({ trouble: {} })
    if (state !== 'ready') throw new Error(`the last worker did not start: ${this.incidents.at(-1)} ${worker.stderr}`)
    await within('everything is acknowledged', CALM_TIMEOUT_MS, this.clients.close())
    await within('no effect and no timer is left', CALM_TIMEOUT_MS, this.#untilNothingIsLeft(worker))
    await this.end(worker)
    return this.#verdict()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#workers, this.ledger].map((child) => child[Symbol.asyncDispose]()))
    this.clients.end()
  }

  async #verdict(): Promise<Verdict> {
    const { chains, counts } = await readChains(this.#plan.store.place, PARTITIONS)
    const deliveries = await this.ledger.deliveries()
    const journal = this.clients.journal()
    const sent = this.clients.sent.filter(({ plan }) => journal.has(plan.id))
    const findings: Finding[] = [
      ...check({ sent, chains, deliveries }),
      ...this.clients.problems.map((text) => ({ kind: 'lost', event: '', text }) as const),
    ]
    if (counts.effects + counts.timers + counts.inbox > 0) {
      findings.push({ kind: 'phantom', event: '', text: `left over: ${JSON.stringify(counts)}` })
    }
    return {
      events: sent.length,
      deliveries: deliveries.length,
      wireDuplicates: wireDuplicates(deliveries).map(({ life }) => life),
      findings: findings.map((finding) => ({ ...finding, life: journal.get(finding.event) ?? 0 })),
      incidents: this.incidents,
    }
  }

  #spawn(): WorkerProcess {
    const { hasShardProcesses, programs } = this.#plan
    const worker = new WorkerProcess([programs.worker, ...(hasShardProcesses === true ? [programs.shard] : [])])
    this.#workers.add(worker)
    void worker.gone.then(() => this.#workers.delete(worker))
    return worker
  }

  #take(report: WorkerReport): void {
    if (report.kind === 'answer') this.clients.take(report)
    else if (report.kind === 'counts') this.#takeCounts(report.counts)
    else if (report.kind === 'shards') this.#takeShards(report.pids)
    else if (report.kind !== 'ready') this.incidents.push(`${report.code} ${report.message}`)
  }

  async #untilNothingIsLeft(worker: WorkerProcess): Promise<void> {
    for (;;) {
      const counts = await new Promise<StoreCounts>((resolve) => {
        this.#takeCounts = resolve
        worker.send({ kind: 'counts' })
      })
      if (counts.effects + counts.timers + counts.inbox === 0) return
      await pause(POLL_MS)
    }
  }
}

/** Errors: rejects when the work takes longer. */
export async function within<T>(what: string, timeoutMs: number, work: Promise<T>): Promise<T> {
  const late = new AbortController()
  try {
    return await Promise.race([
      work,
      pause(timeoutMs, undefined, { signal: late.signal }).then(() => {
        throw new Error(`not within ${timeoutMs} ms: ${what}`)
      }),
    ])
  } finally {
    late.abort()
  }
}

/** Waits until it is so. */
export async function until(what: string, timeoutMs: number, isTrue: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs
  while (!isTrue()) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await pause(1)
  }
}
