import type { Acceptance, Durability } from '../../src/entity/contract.ts'
import { entityKey } from '../../src/entity/partition.ts'
import type { EffectRow, InboxBatch, PartitionBatch, Step } from '../../src/ports/store.ts'
import { isIncidentLog } from '../../src/recovery/incident-log.ts'
import { isRecord } from '../../src/session/read-session-message.ts'
import {
  answerTo,
  doneText,
  ENDED_TEXT,
  skippedText,
  textOf,
  timerText,
  undeliverableText,
  type Errand,
} from './errand.ts'
import { IncidentModel } from './incident-model.ts'
import { VolatileModel } from './volatile-model.ts'

/** What an entity took, read from a line of its trace. */
export interface Taken {
  readonly text: string
  readonly atEpochMs: number
  /** An open message that was announced again. */
  readonly isRepeated: boolean
}

interface ModelEntity {
  readonly key: string
  readonly durability: Durability
  version: number
  hasEnded: boolean
  /** Texts in the order of their steps. */
  readonly taken: string[]
  readonly counts: Map<string, number>
  /** Due time by name. */
  readonly timers: Map<string, number>
  /** Texts that may come from others, and those that have to. */
  readonly allowed: Set<string>
  readonly required: Set<string>
  /** Position of the last message taken, by sender. */
  readonly lastBySender: Map<string, number>
}

interface PlannedEffect {
  readonly row: EffectRow
  isAnswered: boolean
  performed: number
}

/** An answer that came before its step was stored. */
interface EarlyAnswer {
  readonly text: string
  readonly life: number
  readonly version: number
}

/** A timer may be this late while the node is busy. */
const GRACE_MS = 2000

/**
 * What is durable, kept beside the store from the commits that landed, and everything that must hold of it: each rule
 * is looked at as soon as it can be broken.
 */
export class Model {
  readonly findings: string[] = []
  /** What became durable or was acknowledged since somebody looked, for people. */
  news: string[] = []
  readonly incidents = new IncidentModel((finding) => this.#finds(finding))
  readonly volatile = new VolatileModel((finding) => this.#finds(finding))
  readonly #read: (line: unknown) => Taken | undefined
  readonly #classOf: (id: string) => Durability
  readonly #entities = new Map<string, ModelEntity>()
  readonly #errands = new Map<string, Errand>()
  /** Sender and place in its order, by text of a message. */
  readonly #sent = new Map<string, { readonly sender: string; readonly place: number; readonly isOrdered: boolean }>()
  readonly #effects = new Map<string, PlannedEffect>()
  readonly #inbox = new Map<number, { readonly key: string; readonly text: string }>()
  /** Acknowledged texts, by entity. */
  readonly #acknowledged = new Map<string, Set<string>>()
  /** Of relaxed entities, by key. */
  readonly #early = new Map<string, EarlyAnswer[]>()
  /** Texts of messages without a sequence that were refused, and those of which the store gave no clear answer. */
  readonly #refused = new Set<string>()
  readonly #doubtful = new Set<string>()
  /** How often a text was sent by entities of which nothing is stored: each incarnation may take the errand again. */
  readonly #sentByVolatile = new Map<string, number>()
  #place = 0
  #calmSinceEpochMs = Number.POSITIVE_INFINITY

  constructor(read: (line: unknown) => Taken | undefined, classOf: (id: string) => Durability) {
    this.#read = read
    this.#classOf = classOf
  }

  /** Effects that were planned for the performer. */
  get plannedEffects(): number {
    return this.#effects.size
  }

  get takenTexts(): number {
    return [...this.#entities.values()].reduce((sum, { taken }) => sum + taken.length, 0)
  }

  takenBy(key: string): readonly string[] {
    return this.#of(key).taken
  }

  hasEnded(key: string): boolean {
    return this.#of(key).hasEnded
  }

  timersOf(key: string): readonly string[] {
    return [...this.#of(key).timers.keys()]
  }

  /** Somebody outside sends a message, in this order. */
  sends(client: string, errand: Errand): void {
    if (this.#errands.has(errand.text)) return
    this.#errands.set(errand.text, errand)
    if (errand.fails === true) this.incidents.fails(errand.text)
    if (errand.ledger?.fails === true) this.incidents.fails(errand.ledger.name)
    this.#sent.set(errand.text, { sender: client, place: this.#place++, isOrdered: true })
  }

  /** The sender was answered: what is acknowledged has to be durable now, and stays so. */
  answers(life: number, key: string, text: string, acceptance: Acceptance): void {
    const entity = this.#of(key)
    const { status } = acceptance
    this.news.push(`${key} ${status} "${text}"`)
    if (status === 'overloaded') return
    if (entity.durability === 'none') {
      this.volatile.answers(life, key, text, acceptance)
      return
    }
    if (status === 'unknown') {
      if (!entity.hasEnded && !this.incidents.isAside(text)) this.#finds(`${key}: "${text}" was refused as unknown`)
      return
    }
    if (entity.durability === 'relaxed') {
      if (status === 'duplicate') return
      const early = this.#early.get(key) ?? []
      early.push({ text, life, version: acceptance.version })
      this.#early.set(key, early)
      return
    }
    if (!this.#isDurable(entity, text) && !entity.hasEnded)
      this.#finds(`${key}: "${text}" was answered ${status} and is not durable`)
    const acknowledged = this.#acknowledged.get(key) ?? new Set()
    this.#acknowledged.set(key, acknowledged.add(text))
  }

  /** A message without a sequence was refused: it is not taken, now or later. */
  refuses(key: string, text: string): void {
    this.#refused.add(text)
    this.news.push(`${key} refused "${text}"`)
    if (this.#isDurable(this.#of(key), text)) this.#checkRefused(key, text)
  }

  /** The answer of the store is lost: nobody knows whether these messages are durable. */
  doubts(texts: readonly string[]): void {
    for (const text of texts) this.#doubtful.add(text)
  }

  /** Texts that a batch takes. */
  textsIn(batch: PartitionBatch): readonly string[] {
    return batch.steps.flatMap((step) => this.#takenIn(step).map(({ text }) => text))
  }

  classOf(id: string): Durability {
    return this.#classOf(id)
  }

  /** An entity of which nothing is stored took something. */
  stepsVolatile(life: number, key: string, text: string, options: { readonly isNew: boolean }): void {
    const mayRepeat = this.incidents.mostTakes(text) > 1 || (this.#sentByVolatile.get(text) ?? 0) > 1
    this.volatile.stepped(life, key, text, { ...options, mayRepeat })
    const errand = this.#errands.get(text)
    for (const message of errand?.to ?? []) {
      this.#of(`session/${message.id}`).allowed.add(message.text)
      this.#sentByVolatile.set(message.text, (this.#sentByVolatile.get(message.text) ?? 0) + 1)
    }
  }

  /** A performer is asked to do something. */
  performs(
    effect: { readonly key: string; readonly body: unknown; readonly isRepeated: boolean },
    answeredBefore: ReadonlySet<string>,
  ): void {
    const planned = this.#effects.get(effect.key)
    if (this.#isOfNone(effect.key)) {
      if (planned !== undefined) this.#finds(`effect ${effect.key} was stored`)
      return
    }
    if (planned === undefined) {
      this.#finds(`effect ${effect.key} is performed before its commit`)
      return
    }
    if (planned.performed > 0 && !effect.isRepeated) this.#finds(`effect ${effect.key} is performed twice as a first`)
    if (answeredBefore.has(effect.key)) this.#finds(`effect ${effect.key} is performed after its answer`)
    if (JSON.stringify(effect.body) !== planned.row.body) this.#finds(`effect ${effect.key} is performed differently`)
    planned.performed++
    this.news.push(`${effect.key} is performed`)
  }

  /** From now on nothing fails: what falls due later is on time. */
  calms(epochMs: number): void {
    this.#calmSinceEpochMs = epochMs
  }

  /** `undefined`: nothing of the effect is stored. */
  isOpen(key: string): boolean | undefined {
    const planned = this.#effects.get(key)
    return planned === undefined ? undefined : planned.row.mode === 'open'
  }

  answeredEffects(): ReadonlySet<string> {
    return new Set([...this.#effects].filter(([, { isAnswered }]) => isAnswered).map(([key]) => key))
  }

  /** Inbox rows became durable. */
  appended({ messages }: InboxBatch, sequences: readonly number[]): void {
    for (const [at, { to, body }] of messages.entries()) {
      const key = entityKey(to)
      const text = textOf(JSON.parse(body))
      this.#inbox.set(sequences[at] ?? -1, { key, text })
      this.#checkRefused(key, text)
      if (this.#of(key).durability === 'none') this.#finds(`${key}: a row was written for "${text}"`)
    }
  }

  /** A batch became durable. */
  committed(batch: PartitionBatch, life: number): void {
    for (const step of batch.steps) this.#step(step, life)
    for (const key of batch.answered ?? []) this.#answered(key)
    for (const sequence of batch.taken ?? []) this.#inbox.delete(sequence)
  }

  /** Looks at what has to be true when nothing is left to do. */
  settles(life: number): void {
    this.incidents.settles((text) => [...this.#entities.values()].some(({ counts }) => counts.has(text)))
    for (const entity of this.#entities.values()) {
      if (entity.hasEnded || entity.durability === 'none') continue
      if (this.incidents.ended.has(entity.key) && entity.version > 0)
        this.#finds(`${entity.key} goes on though an operator ended it`)
      for (const { life: of, text } of this.#early.get(entity.key) ?? []) {
        if (of === life && !this.#isDurable(entity, text))
          this.#finds(`${entity.key}: "${text}" was acknowledged and is lost though nobody died`)
      }
      for (const name of entity.timers.keys()) this.#finds(`${entity.key}: timer "${name}" was lost`)
      for (const text of entity.required) {
        if (!entity.counts.has(text)) this.#finds(`${entity.key}: "${text}" never came`)
      }
      for (const text of this.#acknowledged.get(entity.key) ?? []) {
        if (!entity.counts.has(text) && !this.incidents.isOver(text))
          this.#finds(`${entity.key}: "${text}" was acknowledged and is lost`)
      }
    }
    for (const { row, isAnswered, performed } of this.#effects.values()) {
      if (!isAnswered) this.#finds(`effect ${row.key} was never answered`)
      else if (row.type === 'ledger' && row.mode === 'once' && performed === 0)
        this.#finds(`effect ${row.key} was never performed`)
    }
    if (this.#inbox.size > 0) this.#finds(`${this.#inbox.size} inbox rows are left`)
  }

  #step(step: Step, life: number): void {
    const key = entityKey(step.ref)
    const entity = this.#of(key)
    if (entity.durability === 'none') this.#finds(`${key}: version ${step.version} was stored`)
    if (isIncidentLog(step.ref)) this.incidents.logged(step)
    else this.incidents.stepped(step)
    if (entity.hasEnded) this.#finds(`${key}: version ${step.version} after its end`)
    if (step.expectedVersion !== entity.version || step.version !== entity.version + 1)
      this.#finds(`${key}: version ${step.version} came after ${entity.version}`)
    entity.version = step.version
    const [taken, ...own] = this.#takenIn(step)
    for (const row of step.effects) {
      if (this.#effects.has(row.key)) this.#finds(`effect ${row.key} was planned twice`)
      this.#effects.set(row.key, { row, isAnswered: false, performed: 0 })
      if (row.mode === 'open') for (const text of answersOf(row)) entity.allowed.add(text)
    }
    const errand = taken === undefined ? undefined : this.#take(entity, taken)
    const mayWithdraw = errand?.withdraws === true || step.change.kind === 'end'
    // What a session sent to itself without delay is taken in the same step.
    for (const later of own) this.#take(entity, later)
    for (const effectKey of step.answered) this.#answered(effectKey, taken?.text, mayWithdraw)
    for (const sequence of step.taken) this.#inbox.delete(sequence)
    this.#checkEarly(entity, step.version, life)
    if (step.change.kind !== 'end') return
    entity.hasEnded = true
    entity.timers.clear()
    this.#checkWithdrawn(key, step)
    for (const [sequence, row] of this.#inbox) if (row.key === key) this.#inbox.delete(sequence)
  }

  #isDurable({ counts, key }: ModelEntity, text: string): boolean {
    const isRow = [...this.#inbox.values()].some((row) => row.key === key && row.text === text)
    return counts.has(text) || isRow || this.incidents.isAside(text)
  }

  /** Refused means not accepted, whatever happens to the node. */
  #checkRefused(key: string, text: string): void {
    if (this.#refused.has(text) && !this.#doubtful.has(text) && !this.incidents.isAside(text))
      this.#finds(`${key}: "${text}" was refused and is durable`)
  }

  /** Of what one life acknowledged early nothing is missing before something that is stored. */
  #checkEarly(entity: ModelEntity, version: number, life: number): void {
    for (const answer of this.#early.get(entity.key) ?? []) {
      if (answer.life === life && answer.version <= version && !this.#isDurable(entity, answer.text))
        this.#finds(`${entity.key}: "${answer.text}" was acknowledged and is missing before version ${version}`)
    }
  }

  #isOfNone(effectKey: string): boolean {
    const [, id = ''] = /^session\/(.*):\d+:\d+$/.exec(effectKey) ?? []
    return this.#classOf(id) === 'none'
  }

  /** Of an entity that ends only what its last step planned is still performed (P6). */
  #checkWithdrawn(key: string, step: Step): void {
    const last = new Set(step.effects.map((row) => row.key))
    for (const { row, isAnswered } of this.#effects.values()) {
      if (row.mode === 'open' && !isAnswered && entityKey(row.owner) === key && !last.has(row.key))
        this.#finds(`effect ${row.key} stays open after the end of ${key}`)
    }
  }

  #takenIn(step: Step): readonly Taken[] {
    return step.trace.map((line) => this.#read(JSON.parse(line))).filter((taken) => taken !== undefined)
  }

  #take(entity: ModelEntity, { text, atEpochMs, isRepeated }: Taken): Errand | undefined {
    const errand = this.#errands.get(text)
    const sent = this.#sent.get(text)
    const count = (entity.counts.get(text) ?? 0) + 1
    entity.counts.set(text, count)
    entity.taken.push(text)
    this.news.push(`${entity.key} took "${text}"`)
    // A timer may be set again; whether it was is looked at below.
    const isOfTimer = text.startsWith(timerText(''))
    const most = Math.max(this.incidents.mostTakes(text), this.#sentByVolatile.get(text) ?? 0)
    if (count > most && !isRepeated && !isOfTimer) this.#finds(`${entity.key}: "${text}" was taken ${count} times`)
    this.#checkRefused(entity.key, text)
    const isEnding = text === ENDED_TEXT && this.incidents.ended.has(entity.key)
    if (sent === undefined && !isEnding && !entity.allowed.has(text))
      this.#finds(`${entity.key}: "${text}" came from nowhere`)
    if (sent?.isOrdered === true && !this.incidents.wasRetried(text)) {
      if (sent.place < (entity.lastBySender.get(sent.sender) ?? -1))
        this.#finds(`${entity.key}: "${text}" of ${sent.sender} was overtaken`)
      entity.lastBySender.set(sent.sender, sent.place)
    }
    this.#takeTimer(entity, text, atEpochMs)
    if (errand === undefined || count > this.incidents.mostTakes(text)) return undefined
    this.#does(entity, errand, atEpochMs)
    return errand
  }

  #takeTimer(entity: ModelEntity, text: string, atEpochMs: number): void {
    if (!text.startsWith(timerText(''))) return
    const name = text.slice(timerText('').length)
    const dueEpochMs = entity.timers.get(name)
    if (dueEpochMs === undefined) this.#finds(`${entity.key}: timer "${name}" fired and is not set`)
    else if (dueEpochMs > atEpochMs) this.#finds(`${entity.key}: timer "${name}" fired early`)
    else if (dueEpochMs > this.#calmSinceEpochMs + GRACE_MS && atEpochMs > dueEpochMs + GRACE_MS)
      this.#finds(`${entity.key}: timer "${name}" fired ${atEpochMs - dueEpochMs} ms late`)
    entity.timers.delete(name)
  }

  #does(entity: ModelEntity, errand: Errand, atEpochMs: number): void {
    if (errand.cancel !== undefined) entity.timers.delete(errand.cancel)
    if (errand.set !== undefined) {
      entity.timers.set(errand.set.name, atEpochMs + errand.set.delayMs)
      entity.allowed.add(timerText(errand.set.name))
    }
    for (const { id, text, asks } of errand.to) {
      const receiver = this.#of(`session/${id}`)
      receiver.allowed.add(text)
      // One that asks may be withdrawn on its way; its effect says whether it came to an end.
      if (!asks && receiver.durability !== 'none') receiver.required.add(text)
      this.#sent.set(text, { sender: entity.key, place: this.#place++, isOrdered: !asks })
    }
  }

  #answered(key: string, text?: string, mayWithdraw = true): void {
    const planned = this.#effects.get(key)
    if (planned === undefined || planned.isAnswered) return
    planned.isAnswered = true
    this.news.push(`${key} is answered`)
    const { row } = planned
    if (row.mode !== 'open' || mayWithdraw || text === undefined) return
    if (!answersOf(row).includes(text)) this.#finds(`effect ${key} was answered by "${text}"`)
    if (text.startsWith(skippedText('')) && !this.incidents.isSkipped(key))
      this.#finds(`effect ${key} was skipped and nobody decided so`)
  }

  #of(key: string): ModelEntity {
    let entity = this.#entities.get(key)
    if (entity === undefined) {
      entity = {
        key,
        durability: key.startsWith('session/') ? this.#classOf(key.slice('session/'.length)) : 'durable',
        version: 0,
        hasEnded: false,
        taken: [],
        counts: new Map(),
        timers: new Map(),
        allowed: new Set(),
        required: new Set(),
        lastBySender: new Map(),
      }
      this.#entities.set(key, entity)
    }
    return entity
  }

  #finds(finding: string): void {
    this.findings.push(finding)
  }
}

/** Texts that answer an open effect. */
function answersOf(row: EffectRow): readonly string[] {
  const body: unknown = JSON.parse(row.body)
  if (!isRecord(body)) return []
  const { message, name } = body
  const asked = isRecord(message) ? [answerTo(String(message['text']))] : []
  return [...asked, undeliverableText(row.key), doneText(String(name)), skippedText(String(name))]
}
