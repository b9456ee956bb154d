import type { Acceptance, MessageBody, Message, PerformedEffect, Performer } from '../entity/contract.ts'
import type { Incident } from '../entity/runtime.ts'
import type { IncidentSubject } from '../recovery/incident-log.ts'
import type { MailItem } from '../entity/entity-slot.ts'
import { EFFECTS_PER_STEP } from '../entity/plan-step.ts'
import { entityKey } from '../entity/partition.ts'
import { reasonOf, runtimeMessage, type RuntimeFaultCode } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { EffectKey, EffectRow, EntityRef } from '../ports/store.ts'
import { PerformerQueue } from './performer-queue.ts'

/** What effects need of the rest of the runtime. */
export interface EffectsPort {
  readonly clock: Clock
  readonly performers: readonly Performer[]
  readonly maxEffectsPerType: number
  /** Puts a message that is an effect into its receiver's mailbox. */
  post(message: Message, effect: NonNullable<MailItem['effect']>): void
  /** Delivers what a performer reports; not refused because of a full mailbox. */
  report(message: Message): Promise<Acceptance>
  /** Deletes the row of an effect that needs no event. */
  discard(owner: EntityRef, key: EffectKey): void
  incident(kind: string, code: RuntimeFaultCode, ref: EntityRef | undefined, message: string): void
  /** Puts an incident on record. */
  open(incident: Incident, about: IncidentSubject): void
  /** What a session takes in place of the answer of a skipped effect. */
  skipped?(type: string, body: Readonly<Record<string, unknown>>): MessageBody | undefined
}

/** How effects come to be performed. */
export interface PerformOptions {
  /** A former life may have performed them. */
  readonly isRepeated: boolean
  /** Their owner is in memory alone. */
  readonly isVolatile?: boolean
}

interface LiveEffect {
  readonly row: EffectRow
  /** Made when a performer gets the effect. */
  abort: AbortController | undefined
}

const MESSAGE = 'message'
const FIRST_RETRY_MS = 1000
const MAX_TRIES = 6

/**
 * Unanswered effects whose plan is durable: performs them, once per start of the runtime unless a performer fails.
 *
 * Spec: design P5–P8.
 */
export class Effects {
  readonly #port: EffectsPort
  readonly #live = new Map<EffectKey, LiveEffect>()
  readonly #queues = new Map<string, PerformerQueue>()
  readonly #performers = new Map<string, Performer>()
  #hasStopped = false

  constructor(port: EffectsPort) {
    this.#port = port
    for (const performer of port.performers) for (const type of performer.types) this.#performers.set(type, performer)
  }

  /** Whether the effect is durable, unanswered and not withdrawn. */
  isLive(key: EffectKey): boolean {
    return this.#live.has(key)
  }

  /**
   * Performs effects whose commit is done, or that are in memory alone. Order: messages in order; others start in order
   * per type.
   */
  perform(rows: readonly EffectRow[], options: PerformOptions): void {
    for (const row of rows) {
      if (this.#hasStopped || this.#live.has(row.key)) continue
      const live: LiveEffect = { row, abort: undefined }
      this.#live.set(row.key, live)
      if (row.type === MESSAGE) this.#post(row, options)
      else this.#start(live, options.isRepeated, 1)
    }
  }

  /** Their rows are gone. */
  answered(keys: readonly EffectKey[]): void {
    for (const key of keys) this.#live.delete(key)
  }

  /** No longer wanted: performers are told, messages that were not taken yet will not be. */
  withdrawn(keys: readonly EffectKey[]): void {
    for (const key of keys) {
      const live = this.#live.get(key)
      this.#live.delete(key)
      live?.abort?.abort()
    }
  }

  /** Lets go of effects of owners that are not ours any more. */
  drop(isDropped: (owner: EntityRef) => boolean): void {
    this.withdrawn([...this.#live.values()].filter((live) => isDropped(live.row.owner)).map((live) => live.row.key))
  }

  /** The receiver has forgotten what it took: open messages to it come again, but for those that still wait there. */
  announceAgain(receiver: EntityRef, isWaiting: (key: EffectKey) => boolean): void {
    const key = entityKey(receiver)
    for (const { row } of this.#live.values()) {
      if (row.type !== MESSAGE || row.mode !== 'open' || isWaiting(row.key)) continue
      const to = parseMessage(row.body)?.to
      if (to !== undefined && entityKey(to) === key) this.#post(row, { isRepeated: true })
    }
  }

  /** An operator wants an unanswered effect to be performed again. */
  retry(key: EffectKey): void {
    const live = this.#live.get(key)
    if (live !== undefined && live.row.type !== MESSAGE) this.#start(live, true, 1)
  }

  /** An operator goes on without an unanswered effect: a session that waits for the answer takes an error event. */
  skip(key: EffectKey): void {
    const live = this.#live.get(key)
    if (live === undefined) return
    const { row } = live
    live.abort?.abort()
    if (row.mode === 'once') this.#port.discard(row.owner, key)
    else void this.#port.report({ to: row.owner, source: `effect:${key}`, answers: key, body: this.#skippedBody(row) })
  }

  stop(): void {
    this.#hasStopped = true
    for (const live of this.#live.values()) live.abort?.abort()
    this.#live.clear()
  }

  #post(row: EffectRow, { isRepeated, isVolatile = false }: PerformOptions): void {
    const body = parseMessage(row.body)
    if (body === undefined) {
      this.#fail(row, 'the body is no message')
      this.#port.discard(row.owner, row.key)
      return
    }
    const isAgain = isRepeated && row.mode === 'open'
    const extras = row.mode === 'open' ? { _key: row.key, ...(isAgain ? { _repeated: true } : {}) } : {}
    const sequence = sequenceOf(row.key)
    // An open message that is announced again has to pass, whatever was taken before. One that is in memory alone comes
    // once, and another one of its owner's name may have been there before.
    const numbered = isAgain || isVolatile || sequence === undefined ? {} : { sequence }
    const message: Message = {
      to: body.to,
      ...(body.onceFor === undefined
        ? { source: entityKey(row.owner), ...numbered }
        : { source: `effect:${body.onceFor}`, sequence: 1 }),
      ...(body.answers === undefined ? {} : { answers: body.answers }),
      ...(body.creates === undefined ? {} : { creates: body.creates }),
      body: { ...body.message, ...extras },
    }
    this.#port.post(message, { key: row.key, mode: row.mode, tellsOwner: row.mode === 'open' || body.tellsOwner })
  }

  #start(live: LiveEffect, isRepeated: boolean, tries: number): void {
    const { row } = live
    const performer = this.#performers.get(row.type)
    if (performer === undefined) {
      const text = runtimeMessage('SEG-RUNTIME-005', { type: row.type, key: row.key })
      this.#port.incident('noPerformer', 'SEG-RUNTIME-005', row.owner, text)
      this.#open(row, 'noPerformer', 'SEG-RUNTIME-005', text)
      return
    }
    const abort = (live.abort ??= new AbortController())
    let queue = this.#queues.get(row.type)
    if (queue === undefined) {
      queue = new PerformerQueue(this.#port.maxEffectsPerType)
      this.#queues.set(row.type, queue)
    }
    queue.add(async () => {
      if (abort.signal.aborted) return
      try {
        await performer.perform(this.#performed(live, isRepeated || tries > 1), abort.signal)
      } catch (error) {
        if (abort.signal.aborted) return
        this.#fail(row, reasonOf(error))
        if (tries < MAX_TRIES) this.#again(live, tries)
        else this.#open(row, 'performerFailed', 'SEG-RUNTIME-006', failure(row, reasonOf(error)))
      }
    })
  }

  #again(live: LiveEffect, tries: number): void {
    const { clock } = this.#port
    clock.schedule(clock.nowMs() + FIRST_RETRY_MS * 2 ** (tries - 1), () => {
      if (this.#live.get(live.row.key) === live) this.#start(live, true, tries + 1)
    })
  }

  #performed(live: LiveEffect, isRepeated: boolean): PerformedEffect {
    const { row } = live
    const body: unknown = JSON.parse(row.body)
    return {
      key: row.key,
      owner: row.owner,
      type: row.type,
      body: isRecord(body) ? body : {},
      plannedAtEpochMs: row.plannedAtEpochMs,
      isRepeated,
      report: (sequence, event, { answers }) => this.#report(row, sequence, event, answers),
      done: () => {
        if (this.#live.has(row.key)) this.#port.discard(row.owner, row.key)
      },
    }
  }

  async #report(row: EffectRow, sequence: number, body: MessageBody, answers: boolean): Promise<Acceptance> {
    if (!this.#live.has(row.key)) return { status: 'duplicate' }
    return this.#port.report({
      to: row.owner,
      source: `effect:${row.key}`,
      sequence,
      ...(answers ? { answers: row.key } : {}),
      body,
    })
  }

  #skippedBody(row: EffectRow): MessageBody {
    if (row.owner.kind !== 'session') return { kind: 'undeliverable', key: row.key }
    const parsed: unknown = JSON.parse(row.body)
    const body = isRecord(parsed) ? parsed : {}
    const data = {
      requestid: body['requestId'],
      error: 'skipped',
      description: 'an operator went on without the answer',
    }
    return this.#port.skipped?.(row.type, body) ?? { kind: 'event', name: `error.${row.type}`, data }
  }

  #open(row: EffectRow, kind: string, code: RuntimeFaultCode, message: string): void {
    const atEpochMs = this.#port.clock.nowMs()
    const about = { kind: 'effect', key: row.key, type: row.type } as const
    this.#port.open({ kind, code, ref: row.owner, message, atEpochMs }, about)
  }

  #fail(row: EffectRow, reason: string): void {
    this.#port.incident('performerFailed', 'SEG-RUNTIME-006', row.owner, failure(row, reason))
  }
}

function failure({ key, type }: EffectRow, reason: string): string {
  return runtimeMessage('SEG-RUNTIME-006', { key, type, reason })
}

interface ParsedMessage {
  readonly to: EntityRef
  readonly message: MessageBody
  readonly creates: boolean | undefined
  readonly answers: EffectKey | undefined
  readonly onceFor: EffectKey | undefined
  /** The body says what the owner takes instead when there is no receiver. */
  readonly tellsOwner: boolean
}

function parseMessage(text: string): ParsedMessage | undefined {
  const body: unknown = JSON.parse(text)
  if (!isRecord(body)) return undefined
  const { to, message, creates, answers, onceFor } = body
  if (!isRef(to) || !isMessageBody(message)) return undefined
  return {
    to,
    message,
    creates: typeof creates === 'boolean' ? creates : undefined,
    answers: typeof answers === 'string' ? answers : undefined,
    onceFor: typeof onceFor === 'string' ? onceFor : undefined,
    tellsOwner: isMessageBody(body['undeliverable']),
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isRef(value: unknown): value is EntityRef {
  return (
    isRecord(value) &&
    (value['kind'] === 'session' || value['kind'] === 'interaction' || value['kind'] === 'domain') &&
    typeof value['id'] === 'string'
  )
}

function isMessageBody(value: unknown): value is MessageBody {
  return isRecord(value) && typeof value['kind'] === 'string'
}

/** `<kind>/<id>:<version>:<n>` → `version * 1000 + n`. */
function sequenceOf(key: EffectKey): number | undefined {
  const match = /:(\d+):(\d+)$/.exec(key)
  return match === null ? undefined : Number(match[1]) * EFFECTS_PER_STEP + Number(match[2])
}
