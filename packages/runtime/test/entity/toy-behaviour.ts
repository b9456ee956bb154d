import { createHash } from 'node:crypto'
import type {
  Behaviour,
  Durability,
  EntityKind,
  EntityStep,
  Message,
  PlannedEffect,
  StepRequest,
  StepResponse,
  StoredEntity,
} from '@segue/runtime'

/** State of a toy entity: everything it took, as a chain and as a list. */
export interface ToyState {
  readonly chain: string
  readonly taken: readonly string[]
}

export interface Toy extends Behaviour {
  /** Calls of `forget`. */
  readonly forgotten: string[]
  /** Sizes of the batches that were stepped. */
  readonly batches: number[]
  /** Stops inside of steps until released. */
  block(): () => void
  /** Texts whose step fails, and how often still. */
  readonly failures: Map<string, number>
  /** Kind of message at which an entity ends. */
  endsOn: string | undefined
  /** Durability by id; `durable` when absent. */
  readonly durabilities: Map<string, Durability>
}

const empty: ToyState = { chain: '', taken: [] }

/** Adds a text to a chain of digests. */
export function link(chain: string, text: string): string {
  return createHash('md5').update(`${chain}|${text}`).digest('hex')
}

/** Reads the state of a stored toy entity, redo records folded. */
export function toyState(stored: StoredEntity | undefined): ToyState {
  if (stored === undefined) return empty
  const [first, ...redo] = [...(stored.state === undefined ? [] : [stored.state]), ...stored.redo].map(
    (bytes): unknown => JSON.parse(new TextDecoder().decode(bytes)),
  )
  const start = stored.state === undefined ? empty : asState(first)
  const texts = stored.state === undefined && first !== undefined ? [first, ...redo] : redo
  return texts.map(String).reduce<ToyState>(take, start)
}

function asState(value: unknown): ToyState {
  if (typeof value !== 'object' || value === null || !('chain' in value) || !('taken' in value)) return empty
  return { chain: String(value.chain), taken: Array.isArray(value.taken) ? value.taken.map(String) : [] }
}

function take(state: ToyState, text: string): ToyState {
  return { chain: link(state.chain, text), taken: [...state.taken, text] }
}

/**
 * Entities that chain the texts of their messages and do what messages ask for: effects, timers, messages to others,
 * withdrawal, end. Saves redo records and, every eighth, a snapshot.
 */
export function toyBehaviour(kind: EntityKind): Toy {
  const states = new Map<string, ToyState>()
  const forgotten: string[] = []
  const batches: number[] = []
  const failures = new Map<string, number>()
  let gate: Promise<void> | undefined

  function stepOne(request: StepRequest): StepResponse {
    const { context, message, stored } = request
    const { id } = context.ref
    if (stored !== undefined) states.set(id, stored === 'new' ? empty : toyState(stored))
    const before = states.get(id)
    if (before === undefined) return { ok: false, message: `nothing known of "${id}"` }
    const text = textOf(message)
    const left = failures.get(text) ?? 0
    if (left > 0) {
      failures.set(text, left - 1)
      states.delete(id)
      return { ok: false, message: 'asked to fail' }
    }
    const state = take(before, text)
    states.set(id, state)
    const step = toyStep(request, state, text)
    const durability = toy.durabilities.get(id) ?? 'durable'
    return { ok: true, step: { ...step, durability, hasEnded: step.hasEnded || message.body.kind === toy.endsOn } }
  }

  const toy: Toy = {
    kind,
    endsOn: undefined,
    durabilities: new Map(),
    forgotten,
    batches,
    failures,
    block() {
      let open: () => void = () => {}
      gate = new Promise((resolve) => {
        open = resolve
      })
      return () => {
        gate = undefined
        open()
      }
    },
    async step(requests) {
      batches.push(requests.length)
      if (gate !== undefined) await gate
      return requests.map(stepOne)
    },
    forget(refs) {
      for (const { id } of refs) {
        states.delete(id)
        forgotten.push(id)
      }
    },
  }
  return toy
}

function textOf({ body }: Message): string {
  if (body.kind === 'timer') return `timer ${String(body['id'])}`
  if (body.kind === 'undeliverable') return 'undeliverable'
  if (body.kind === 'event') return String(body['name'])
  return String(body['text'])
}

function toyStep({ context, message, effectKey }: StepRequest, state: ToyState, text: string): EntityStep {
  const { body } = message
  const isSnapshot = (context.wantsSnapshot ?? 0) >= 7
  const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
  const effects: PlannedEffect[] = list(body['effects']).filter(isEffect)
  if (body['answer'] === true && effectKey !== undefined) {
    effects.push({
      mode: 'once',
      type: 'message',
      body: { to: sourceRef(message.source), message: { kind: 'text', text: `answer to ${text}` }, answers: effectKey },
    })
  }
  return {
    effects,
    withdrawn: body['withdraw'] === true ? context.openEffects.map((effect) => effect.key) : [],
    timersPut: list(body['timers']).filter(isTimer),
    timersDeleted: list(body['cancel']).map(String),
    rows: [],
    trace: [{ kind: 'took', atEpochMs: context.nowMs, text }],
    ...(isSnapshot ? { save: 'snapshot', snapshot: encode(state) } : { save: 'redo', redo: encode(text) }),
    hasEnded: body['end'] === true,
  }
}

function sourceRef(source: string): unknown {
  const at = source.indexOf('/')
  return { kind: source.slice(0, at), id: source.slice(at + 1) }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isEffect(value: unknown): value is PlannedEffect {
  return typeof value === 'object' && value !== null && 'mode' in value && 'type' in value && 'body' in value
}

function isTimer(value: unknown): value is { readonly id: string; readonly dueEpochMs: number } {
  return typeof value === 'object' && value !== null && 'id' in value && 'dueEpochMs' in value
}
