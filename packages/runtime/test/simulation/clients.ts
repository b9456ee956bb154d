import type { Message } from '../../src/entity/contract.ts'
import type { Chance } from './chance.ts'
import type { Errand } from './errand.ts'
import type { Life } from './life.ts'
import type { Model } from './model.ts'
import type { Subject } from './subject.ts'

/** Messages of one client to one entity: numbered, sent again in order until they are acknowledged. */
interface Conversation {
  readonly client: string
  readonly id: string
  /** One without sequences says everything once: what is refused is refused. */
  readonly isNumbered: boolean
  sequence: number
  /** Sent and not acknowledged, in order. */
  unacknowledged: Message[]
  /** On their way to a life; nothing more is sent until all have been answered. */
  inFlight: number
  life: number
  last: Message | undefined
}

/** People and systems outside: they send, wait for the acknowledgement, and repeat. */
export class Clients {
  readonly #chance: Chance
  readonly #model: Model
  readonly #subject: Subject
  readonly #conversations: readonly Conversation[]
  readonly #textOf = new Map<Message, string>()
  /** Messages that nobody has answered yet, by life. */
  readonly #waiting = new Map<number, number>()
  #names = 0
  #overloads = 0

  constructor(chance: Chance, model: Model, subject: Subject) {
    this.#chance = chance
    this.#model = model
    this.#subject = subject
    this.#conversations = subject.ids.flatMap((id) =>
      ['api:one', 'api:two', 'api:any'].map((client) => ({
        client,
        id,
        isNumbered: client !== 'api:any',
        sequence: 0,
        unacknowledged: [],
        inFlight: 0,
        life: 0,
        last: undefined,
      })),
    )
  }

  /** Messages that were refused because too much waited. */
  get overloads(): number {
    return this.#overloads
  }

  waitingFor(life: number): number {
    return this.#waiting.get(life) ?? 0
  }

  get isDone(): boolean {
    return this.#conversations.every(({ unacknowledged }) => unacknowledged.length === 0)
  }

  /** One conversation goes on: what is unacknowledged first, then new messages. */
  send(life: Life): string {
    const conversation = this.#conversations[this.#chance.below(this.#conversations.length)]
    if (conversation === undefined || conversation.inFlight > 0) return 'nobody sends'
    if (!conversation.isNumbered) {
      const message = this.#next(conversation)
      this.#deliver(conversation, message, life)
      return `${conversation.client} says ${this.#textOf.get(message) ?? ''} once`
    }
    while (conversation.unacknowledged.length < 1 + this.#chance.below(4)) {
      conversation.unacknowledged.push(this.#next(conversation))
    }
    return this.#sendAll(conversation, life)
  }

  /** A message that was acknowledged is sent once more. */
  repeat(life: Life): string {
    const conversation = this.#conversations[this.#chance.below(this.#conversations.length)]
    if (conversation?.last === undefined || conversation.inFlight > 0) return 'nobody repeats'
    this.#deliver(conversation, conversation.last, life)
    return `${conversation.client} repeats "${this.#textOf.get(conversation.last) ?? ''}"`
  }

  /** Everything that is still unacknowledged goes out. */
  sendRest(life: Life): void {
    for (const conversation of this.#conversations) {
      if (conversation.inFlight === 0 && conversation.unacknowledged.length > 0) this.#sendAll(conversation, life)
    }
  }

  /** Nobody asks again for what was not acknowledged. */
  giveUp(): void {
    for (const conversation of this.#conversations) conversation.unacknowledged = []
  }

  /** Nobody answers for a life any more. */
  lose(life: number): void {
    for (const conversation of this.#conversations) if (conversation.life === life) conversation.inFlight = 0
    this.#waiting.delete(life)
  }

  #sendAll(conversation: Conversation, life: Life): string {
    const texts = conversation.unacknowledged.map((message) => this.#textOf.get(message) ?? '')
    for (const message of conversation.unacknowledged) this.#deliver(conversation, message, life)
    return `${conversation.client} sends ${texts.join(', ')}`
  }

  #deliver(conversation: Conversation, message: Message, life: Life): void {
    const { number } = life
    conversation.life = number
    conversation.inFlight++
    this.#waiting.set(number, this.waitingFor(number) + 1)
    void this.#hear(conversation, message, life)
  }

  async #hear(conversation: Conversation, message: Message, life: Life): Promise<void> {
    const { number } = life
    const acceptance = await life.runtime.deliver(message)
    if (life.state === 'dead') return
    this.#waiting.set(number, this.waitingFor(number) - 1)
    if (conversation.life === number) conversation.inFlight--
    const key = `session/${conversation.id}`
    const text = this.#textOf.get(message) ?? ''
    if (acceptance.status === 'overloaded') {
      this.#overloads++
      if (!conversation.isNumbered) this.#model.refuses(key, text)
      return
    }
    this.#model.answers(number, key, text, acceptance)
    if (!conversation.isNumbered) return
    conversation.unacknowledged = conversation.unacknowledged.filter((other) => other !== message)
    conversation.last = message
  }

  #next(conversation: Conversation): Message {
    const { client, id } = conversation
    conversation.sequence++
    const errand = this.#errand(id, `${id}.${client.slice(4)}${conversation.sequence}`)
    this.#model.sends(client, errand)
    const message: Message = {
      to: { kind: 'session', id },
      source: client,
      ...(conversation.isNumbered ? { sequence: conversation.sequence } : {}),
      ...(this.#subject.start === undefined ? { creates: true } : {}),
      body: this.#subject.body(errand),
    }
    this.#textOf.set(message, errand.text)
    return message
  }

  #errand(id: string, text: string): Errand {
    const chance = this.#chance
    const others = this.#subject.ids
    const known = this.#model.timersOf(`session/${id}`)
    const to: { readonly id: string; readonly text: string; readonly asks: boolean }[] = []
    while (chance.happens(0.25) && to.length < 3) {
      const other = others[chance.below(others.length)] ?? id
      if (other === id && this.#subject.start !== undefined) break
      const asks = this.#subject.start === undefined && chance.happens(0.3)
      to.push({ id: other, text: `${text}>${other}.${to.length}`, asks })
    }
    const old = known[chance.below(known.length)]
    const ends = chance.happens(0.012)
    // The application does nothing else when it ends.
    if (ends && this.#subject.start !== undefined) return { text, to: [], withdraws: false, ends }
    return {
      text,
      to,
      ...(chance.happens(0.3) ? { ledger: { name: text, answers: this.#answers(), fails: chance.happens(0.04) } } : {}),
      ...(chance.happens(0.25) ? { set: this.#timer(old) } : {}),
      ...(old !== undefined && chance.happens(0.2) ? { cancel: old } : {}),
      withdraws: this.#subject.start === undefined && chance.happens(0.06),
      ends,
      fails: chance.happens(0.02),
    }
  }

  #answers(): boolean {
    return this.#subject.start !== undefined || this.#chance.happens(0.5)
  }

  #timer(old: string | undefined): NonNullable<Errand['set']> {
    const chance = this.#chance
    const delayMs = chance.oneOf([0, 5, 40, 1000, 10_000, 30_000, 70_000, 200_000]) + chance.below(20)
    const isAgain = old !== undefined && this.#subject.start === undefined && chance.happens(0.2)
    return { name: isAgain ? old : `n${++this.#names}`, delayMs }
  }
}
