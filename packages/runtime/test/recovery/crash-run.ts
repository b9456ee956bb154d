import type { Message, PerformedEffect, Store } from '@segue/runtime'
import { seededRandom, virtualClock, type VirtualClock } from '@segue/testing'
import { link, type ToyState } from '../entity/toy-behaviour.ts'
import { START_EPOCH_MS, toyNode, type ToyNode } from '../entity/toy-node.ts'
import { crashingStore, type CrashingStore } from './crashing-store.ts'

/** One run of the world under crashes. */
export interface CrashRun {
  readonly seed: number
  readonly entities: number
  readonly messages: number
  /** Opens the data for the next life. */
  open(): Promise<Store>
  /** The life before is over. */
  close(store: Store): Promise<void>
}

/** What a run came to, for comparison with what had to come. */
export interface CrashOutcome {
  readonly crashes: number
  readonly repeatedEffects: number
  /** What is wrong; empty when nothing is. */
  readonly findings: readonly string[]
}

interface Life {
  readonly node: ToyNode
  readonly store: Store
  readonly crashing: CrashingStore
}

interface Expected {
  /** Texts of one source in the order in which they have to be taken, by entity. */
  readonly inOrder: Map<string, Map<string, string[]>>
  readonly ledger: Set<string>
}

/**
 * Sends numbered messages that plan effects, messages and timers, kills the node at random operations of the store,
 * starts another, sends again what was not acknowledged, and compares what was taken with what was sent.
 */
export async function crashRun(run: CrashRun): Promise<CrashOutcome> {
  const random = seededRandom(run.seed)
  const clock = virtualClock(START_EPOCH_MS)
  const { script, expected } = plan(run, random)
  const performed = new Map<string, Set<string>>()
  const findings: string[] = []
  const lives: ToyNode[] = []
  let repeatedEffects = 0
  let crashes = 0
  let isCalm = false

  async function begin(): Promise<Life> {
    const store = await run.open()
    const operations = isCalm ? Number.POSITIVE_INFINITY : 2 + Math.floor(random() * 25)
    const crashing = crashingStore(store, { operations, happens: random() < 0.5 })
    const node = toyNode({ store: crashing.store, clock, perform: (effect) => perform(effect, crashing) })
    lives.push(node)
    const started = node.runtime.start()
    if (isCalm) await started
    return { node, store, crashing }
  }

  async function perform(effect: PerformedEffect, crashing: CrashingStore): Promise<void> {
    if (crashing.hasCrashed) return
    if (effect.isRepeated) repeatedEffects++
    const name = String(effect.body['name'])
    const keys = performed.get(name) ?? new Set()
    performed.set(name, keys.add(effect.key))
    if (effect.body['answers'] === true)
      await effect.report(1, { kind: 'text', text: `done ${name}` }, { answers: true })
    else effect.done()
  }

  let life = await begin()
  const unacknowledged = new Map([...script].map(([id, messages]) => [id, [...messages]]))
  for (let round = 0; [...unacknowledged.values()].some((messages) => messages.length > 0); round++) {
    if (round > 20_000) throw new Error(`seed ${run.seed}: no end`)
    if (life.crashing.hasCrashed) {
      crashes++
      await run.close(life.store)
      life = await begin()
    }
    await sendSome(life, unacknowledged, random, clock)
  }

  // The last life, after one more crash, is a calm one: everything that was planned comes to its end.
  life.crashing.crash()
  await run.close(life.store)
  isCalm = true
  life = await begin()
  for (let round = 0; round < 300; round++) {
    await clock.advanceMs(1000)
    await life.node.runtime.idle()
    // Waits for what the store is asked meanwhile, too: it answers in order.
    await life.store.query({ kind: 'counts' })
  }

  const counts = await life.store.query({ kind: 'counts' })
  if (counts.effects + counts.timers + counts.inbox > 0) findings.push(`left over: ${JSON.stringify(counts)}`)
  for (const [id, bySource] of expected.inOrder) findings.push(...compare(id, await life.node.state(id), bySource))
  for (const name of expected.ledger) {
    const keys = performed.get(name)?.size ?? 0
    if (keys !== 1) findings.push(`effect "${name}" was performed under ${keys} keys`)
  }
  findings.push(...lives.flatMap((node) => node.incidents.map((incident) => incident.message)))
  await life.node.runtime.stop()
  await run.close(life.store)
  return { crashes, repeatedEffects, findings }
}

/** Several messages of some entities at once; those that are not acknowledged are sent again, in order. */
async function sendSome(
  life: Life,
  unacknowledged: ReadonlyMap<string, Message[]>,
  random: () => number,
  clock: VirtualClock,
): Promise<void> {
  const turn = { waiting: 0 }
  async function send(messages: Message[], message: Message): Promise<void> {
    turn.waiting++
    const { status } = await life.node.runtime.deliver(message)
    turn.waiting--
    const at = messages.indexOf(message)
    if ((status === 'accepted' || status === 'duplicate') && at >= 0) messages.splice(at, 1)
  }

  for (const messages of unacknowledged.values()) {
    if (random() < 0.5) continue
    for (const message of messages.slice(0, 1 + Math.floor(random() * 4))) void send(messages, message)
  }
  for (let round = 0; turn.waiting > 0 && !life.crashing.hasCrashed && round < 1000; round++) {
    await clock.advanceMs(Math.floor(random() * 30))
  }
}

function plan(
  run: CrashRun,
  random: () => number,
): { readonly script: Map<string, Message[]>; readonly expected: Expected } {
  const inOrder = new Map<string, Map<string, string[]>>()
  const ledger = new Set<string>()
  const script = new Map<string, Message[]>()
  const ids = Array.from({ length: run.entities }, (_, at) => `e${at}`)
  const expect = (id: string, source: string, text: string): void => {
    const bySource = inOrder.get(id) ?? new Map<string, string[]>()
    inOrder.set(id, bySource)
    bySource.set(source, [...(bySource.get(source) ?? []), text])
  }
  for (const id of ids) {
    const messages: Message[] = []
    script.set(id, messages)
    for (let sequence = 1; sequence <= run.messages; sequence++) {
      const name = `${id}-${sequence}`
      const effects: object[] = []
      const timers: object[] = []
      expect(id, 'api', `api ${name}`)
      if (random() < 0.5) {
        const answers = random() < 0.5
        effects.push({ mode: answers ? 'open' : 'once', type: 'ledger', body: { name, answers } })
        ledger.add(name)
        if (answers) expect(id, `done ${name}`, `done ${name}`)
      }
      for (let n = 0; n < 2 && random() < 0.5; n++) {
        const other = ids[Math.floor(random() * ids.length)] ?? id
        const text = `${id} ${name}.${n}`
        const message = { kind: 'text', text }
        effects.push({
          mode: 'once',
          type: 'message',
          body: { to: { kind: 'session', id: other }, creates: true, message },
        })
        expect(other, id, text)
      }
      if (random() < 0.3) {
        timers.push({ id: name, dueEpochMs: START_EPOCH_MS + Math.floor(random() * 200_000) })
        expect(id, `timer ${name}`, `timer ${name}`)
      }
      messages.push({
        to: { kind: 'session', id },
        source: 'api:test',
        sequence,
        creates: true,
        body: { kind: 'text', text: `api ${name}`, effects, timers },
      })
    }
  }
  return { script, expected: { inOrder, ledger } }
}

function compare(id: string, state: ToyState, bySource: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const findings: string[] = []
  if (state.taken.reduce(link, '') !== state.chain) findings.push(`${id}: the chain does not fit what was taken`)
  let total = 0
  for (const [source, texts] of bySource) {
    const wanted = new Set(texts)
    total += texts.length
    const taken = state.taken.filter((text) => wanted.has(text))
    if (taken.join() !== texts.join())
      findings.push(`${id} from "${source}": expected ${texts.join()}; took ${taken.join()}`)
  }
  if (state.taken.length !== total) findings.push(`${id}: took ${state.taken.length} messages instead of ${total}`)
  return findings
}
