import type { Step } from '../../src/ports/store.ts'
import { entityKey } from '../../src/entity/partition.ts'
import type { IncidentRecord, IncidentResolution } from '../../src/recovery/incident-log.ts'
import { isRecord } from '../../src/session/read-session-message.ts'
import { textOf } from './errand.ts'

type Fate = 'planned' | 'open' | 'retried' | 'skipped' | 'ended'

/** Incidents as they became durable, what was decided about them, and what has to come of that. */
export class IncidentModel {
  readonly #finds: (finding: string) => void
  /** Texts of messages and names of effects that fail whenever they are tried. */
  readonly #incurable = new Set<string>()
  readonly #open = new Map<string, IncidentRecord>()
  readonly #fates = new Map<string, Fate>()
  readonly #openings = new Map<string, number>()
  readonly #skippedEffects = new Set<string>()
  readonly #ended = new Set<string>()
  #decisions = 0

  constructor(finds: (finding: string) => void) {
    this.#finds = finds
  }

  get decisions(): number {
    return this.#decisions
  }

  /** What an operator can decide about now. */
  get open(): readonly IncidentRecord[] {
    return [...this.#open.values()]
  }

  /** Entities that an operator ended. */
  get ended(): ReadonlySet<string> {
    return this.#ended
  }

  fails(name: string): void {
    this.#incurable.add(name)
  }

  isIncurable(name: string): boolean {
    return this.#incurable.has(name)
  }

  /** What the incident is about works from now on. */
  cure({ about, message }: IncidentRecord): void {
    if (about.kind === 'message') this.#incurable.delete(textOf({ body: about.body }))
    // The name of an effect stands in the reason that its performer gave.
    if (about.kind === 'effect')
      for (const name of this.#incurable) if (message.includes(`"${name}"`)) this.#incurable.delete(name)
  }

  /** The message is on record, or will be as soon as the effect that says so is taken. */
  isAside(text: string): boolean {
    return this.#fates.has(text)
  }

  wasRetried(text: string): boolean {
    return this.#fates.get(text) === 'retried'
  }

  /** Nobody waits for the message any more. */
  isOver(text: string): boolean {
    const fate = this.#fates.get(text)
    return fate === 'skipped' || fate === 'ended'
  }

  isSkipped(effectKey: string): boolean {
    return this.#skippedEffects.has(effectKey)
  }

  /** How often a message may be taken: one that creates its entity is on record and may be sent again. */
  mostTakes(text: string): number {
    let openings = 0
    // What it causes has its text in its own.
    for (const [opened, count] of this.#openings) if (text.includes(opened)) openings += count
    return 1 + openings
  }

  /** A step of an entity became durable: it may set its message aside. */
  stepped(step: Step): void {
    for (const { body, type } of step.effects) {
      const message: unknown = type === 'message' ? JSON.parse(body).message : undefined
      if (!isRecord(message) || message['kind'] !== 'opened' || !isRecord(message['incident'])) continue
      const { about } = message['incident']
      const text = isRecord(about) ? textOf(about) : ''
      if (!this.#incurable.has(text) && !this.#fates.has(text))
        this.#finds(`${entityKey(step.ref)}: "${text}" was set aside though it does not fail`)
      this.#fates.set(text, 'planned')
    }
  }

  /** A step of the log became durable. */
  logged(step: Step): void {
    const deleted = new Map<string, IncidentRecord>()
    for (const change of step.rows) {
      if (change.kind === 'put') this.#opened(JSON.parse(change.value))
      else {
        const record = this.#open.get(change.key)
        this.#open.delete(change.key)
        if (record !== undefined) deleted.set(change.key, record)
      }
    }
    for (const line of step.trace) {
      const { action, id, kind } = JSON.parse(line)
      const record = deleted.get(String(id))
      if (kind === 'decided' && record !== undefined) this.#decided(record, String(action))
    }
  }

  /** An operator was answered. */
  answers(id: string, { status }: IncidentResolution): void {
    if (status === 'refused') this.#finds(`incident ${id}: an action that it offers was refused`)
    if (status === 'resolved' && this.#open.has(id)) this.#finds(`incident ${id} was decided and is still there`)
    if (status === 'unknown' && this.#open.has(id)) this.#finds(`incident ${id} is there and not known`)
  }

  /** Every incident is decided: what was set aside came to an end. */
  settles(isTaken: (text: string) => boolean): void {
    for (const [text, fate] of this.#fates) {
      if (fate === 'planned') this.#finds(`the incident of "${text}" was lost`)
      if (fate === 'skipped' && isTaken(text) && this.mostTakes(text) === 1)
        this.#finds(`"${text}" was skipped and taken`)
    }
  }

  #opened(record: IncidentRecord): void {
    const { about } = record
    this.#open.set(record.id, record)
    if (about.kind !== 'message') return
    const text = textOf({ body: about.body })
    if (about.creates) this.#openings.set(text, (this.#openings.get(text) ?? 0) + 1)
    this.#fates.set(text, 'open')
  }

  #decided({ about, ref }: IncidentRecord, action: string): void {
    this.#decisions++
    if (action === 'end') this.#ended.add(entityKey(ref))
    if (about.kind === 'message') {
      this.#fates.set(
        textOf({ body: about.body }),
        action === 'retry' ? 'retried' : action === 'skip' ? 'skipped' : 'ended',
      )
    }
    if (about.kind === 'effect' && action === 'skip') this.#skippedEffects.add(about.key)
  }
}
