import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { newSessionId } from '@segue/runtime'
import { idsOf, randomOf } from './random.ts'
import type { WorkerReport } from './contract.ts'
import { APPLICATION_URL, type EventPlan } from './programs/application.ts'
import type { WorkerProcess } from './worker-process.ts'

/** An event as a client sent it. */
export interface SentEvent {
  readonly plan: EventPlan
  readonly source: string
  readonly sequence: number
  readonly session: string
}

export interface ClientOptions {
  readonly seed: number
  readonly partitions: number
  /** Sets of four sources that send to the same four sessions. */
  readonly groups: number
  /** File of acknowledgements. */
  readonly journal: string
}

interface Item {
  readonly number: number
  readonly session: string
  readonly sequence: number
  readonly body: Readonly<Record<string, unknown>> & { readonly kind: string }
  readonly event: SentEvent | undefined
}

interface Source {
  readonly name: string
  readonly sessions: readonly string[]
  readonly random: () => number
  /** Events that may be under way at once; 1: the next one goes when the one before is acknowledged. */
  readonly window: number
  readonly unanswered: Item[]
  sequence: number
  /** Last event with a timer, by session. */
  readonly armed: Map<string, string>
}

const GROUP = 4
const PIPELINED = 3
const BALLAST = 24_000

/**
 * Sends numbered events and writes each acknowledgement down before it sends the next one of that source. What is not
 * acknowledged when a worker dies is sent again, in order, to the next one.
 */
export class Clients {
  readonly sessions: readonly string[]
  readonly sent: SentEvent[] = []
  readonly problems: string[] = []
  readonly #journalPath: string
  readonly #journal: number
  readonly #sources: readonly Source[]
  readonly #byNumber = new Map<number, { readonly source: Source; readonly item: Item }>()
  readonly #ballast: () => string
  #worker: WorkerProcess | undefined
  #life = 0
  #number = 0
  #acknowledged = 0
  #isClosing = false
  #hasBallast = false
  #outgoing: Item[] = []
  #calm: (() => void)[] = []

  constructor({ seed, partitions, groups, journal }: ClientOptions) {
    const ids = idsOf(seed)
    this.#ballast = ballastOf(randomOf(seed))
    this.#journalPath = journal
    this.#journal = openSync(journal, 'a')
    const sources: Source[] = []
    const sessions: string[] = []
    for (let group = 0; group < groups; group++) {
      const own = Array.from({ length: GROUP }, () => newSessionId('AA', partitions, ids))
      sessions.push(...own)
      for (let n = 0; n < GROUP; n++) {
        sources.push({
          name: `api:s${sources.length}`,
          sessions: own,
          random: randomOf(seed * 100_000 + sources.length),
          window: n % 2 === 0 ? 1 : PIPELINED,
          unanswered: [],
          sequence: 0,
          armed: new Map(),
        })
      }
    }
    this.#sources = sources
    this.sessions = sessions
  }

  get unacknowledged(): number {
    return this.#byNumber.size
  }

  get acknowledged(): number {
    return this.#acknowledged
  }

  /** From now on events carry text that makes records large, or not. */
  set hasBallast(wanted: boolean) {
    this.#hasBallast = wanted
  }

  /** Starts all sessions; the worker has to live until they run. */
  async startSessions(worker: WorkerProcess, life: number): Promise<void> {
    this.#isClosing = true
    for (let at = 0; at < this.#sources.length; at += GROUP) {
      const source = this.#sources[at]
      for (const session of source?.sessions ?? []) {
        const start = { kind: 'start', url: APPLICATION_URL, application: '', parameters: {}, hash: '' }
        if (source !== undefined) this.#add(source, session, start, undefined)
      }
    }
    this.attach(worker, life)
    await this.drained()
    this.#isClosing = false
    for (const source of this.#sources) this.#fill(source)
    this.#flush()
  }

  /** The worker takes messages. */
  attach(worker: WorkerProcess, life: number): void {
    this.#worker = worker
    this.#life = life
    this.#outgoing = []
    for (const source of this.#sources) {
      this.#outgoing.push(...source.unanswered)
      this.#fill(source)
    }
    this.#flush()
  }

  /** The worker takes nothing more, unless another one has taken its place already. */
  detach(worker: WorkerProcess): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#outgoing = []
  }

  take(report: Extract<WorkerReport, { kind: 'answer' }>): void {
    const found = this.#byNumber.get(report.number)
    if (found === undefined) return
    const { item, source } = found
    if (report.status === 'accepted' || report.status === 'duplicate') this.#acknowledge(source, item)
    else this.problems.push(`${source.name} ${item.sequence} was answered with "${report.status}"`)
  }

  /** Sends nothing new; resolves when everything is acknowledged. */
  async close(): Promise<void> {
    this.#isClosing = true
    await this.drained()
  }

  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#calm.push(resolve)
      this.#checkCalm()
    })
  }

  /** Ids of acknowledged events with the life that acknowledged them, as they stand in the file. */
  journal(): ReadonlyMap<string, number> {
    const lines = readFileSync(this.#journalPath, 'utf8').split('\n')
    return new Map(
      lines.flatMap((line) => {
        const [id = '', life] = line.split(' ')
        return life === undefined || id === '' ? [] : [[id, Number(life)] as const]
      }),
    )
  }

  end(): void {
    closeSync(this.#journal)
  }

  #acknowledge(source: Source, item: Item): void {
    if (item.event !== undefined) {
      writeSync(this.#journal, `${item.event.plan.id} ${this.#life}\n`)
      this.#acknowledged++
    }
    this.#byNumber.delete(item.number)
    source.unanswered.splice(source.unanswered.indexOf(item), 1)
    this.#fill(source)
    if (this.#outgoing.length > 0) queueMicrotask(() => this.#flush())
    this.#checkCalm()
  }

  #fill(source: Source): void {
    while (!this.#isClosing && source.unanswered.length < source.window) {
      const { random, sessions } = source
      const session = sessions[Math.floor(random() * sessions.length)] ?? ''
      const plan = this.#plan(source, session)
      const event = { plan, source: source.name, sequence: source.sequence + 1, session }
      this.sent.push(event)
      this.#add(source, session, { kind: 'event', name: 'do', data: plan }, event)
    }
  }

  #plan({ armed, name, random, sequence, sessions }: Source, session: string): EventPlan {
    const id = `${name.slice('api:'.length)}.${sequence + 1}`
    const cancel = random() < 0.2 ? armed.get(session) : undefined
    if (cancel !== undefined) armed.delete(session)
    const arms = random() < 0.2
    if (arms) armed.set(session, id)
    const tell = random() < 0.15 ? sessions[Math.floor(random() * sessions.length)] : undefined
    return {
      id,
      ...(random() < 0.3 && { put: true }),
      ...(random() < 0.2 && { ask: true }),
      ...(arms && { armMs: 20 + Math.floor(random() * 600) }),
      ...(cancel !== undefined && { cancel }),
      ...(tell !== undefined && tell !== session && { tell }),
      ...(this.#hasBallast && { ballast: this.#ballast() }),
    }
  }

  #add(source: Source, session: string, body: Item['body'], event: SentEvent | undefined): void {
    source.sequence++
    const item: Item = { number: ++this.#number, session, sequence: source.sequence, body, event }
    source.unanswered.push(item)
    this.#byNumber.set(item.number, { source, item })
    this.#outgoing.push(item)
  }

  #flush(): void {
    const items = this.#outgoing
    if (this.#worker === undefined || items.length === 0) return
    this.#outgoing = []
    this.#worker.send(
      ...items.map((item) => {
        const { body, number, sequence, session } = item
        const source = this.#byNumber.get(number)?.source.name ?? ''
        const to = { kind: 'session', id: session } as const
        return {
          kind: 'deliver',
          number,
          message: { to, source, sequence, creates: body.kind === 'start', body },
        } as const
      }),
    )
  }

  #checkCalm(): void {
    if (this.#byNumber.size > 0) return
    const waiters = this.#calm
    this.#calm = []
    for (const waiter of waiters) waiter()
  }
}

/** Text that does not compress and is another one each time. */
function ballastOf(random: () => number): () => string {
  let text = ''
  while (text.length < BALLAST) text += random().toString(36).slice(2)
  return () => {
    const at = Math.floor(random() * text.length)
    return text.slice(at) + text.slice(0, at)
  }
}
