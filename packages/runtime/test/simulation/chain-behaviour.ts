import { createHash } from 'node:crypto'
import type {
  Behaviour,
  Durability,
  EntityStep,
  Message,
  PlannedEffect,
  StepRequest,
} from '../../src/entity/contract.ts'
import type { StoredEntity } from '../../src/ports/store.ts'
import { answerTo, ENDED_TEXT, errandOf, timerText, undeliverableText, type Errand } from './errand.ts'
import type { Taken } from './model.ts'
import { isRecord } from '../../src/session/read-session-message.ts'

interface ChainState {
  readonly chain: string
  readonly length: number
}

export interface ChainBehaviour extends Behaviour {
  /** Working copies in memory. */
  readonly size: number
}

const EMPTY: ChainState = { chain: '', length: 0 }

/** Adds texts to a chain of digests. */
export function chainOf(texts: readonly string[], start = ''): string {
  return texts.reduce((chain, text) => createHash('md5').update(`${chain}|${text}`).digest('hex'), start)
}

/** Reads a stored chain, redo records folded. */
export function readChain({ state, redo }: Pick<StoredEntity, 'state' | 'redo'>): ChainState {
  const start: ChainState = state === undefined ? EMPTY : JSON.parse(text(state))
  return redo.reduce((chain, record) => linked(chain, String(JSON.parse(text(record)))), start)
}

/** What a chain took with a step, from its trace. */
export function readTaken(line: unknown): Taken | undefined {
  if (!isRecord(line) || line['kind'] !== 'took') return undefined
  return {
    text: String(line['text']),
    atEpochMs: Number(line['atEpochMs']),
    isRepeated: line['isRepeated'] === true,
  }
}

/**
 * Sessions as small as they can be that do everything an entity may: each is a chain of digests of what it took. Saves
 * redo records and, every sixth, a snapshot.
 */
export function chainBehaviour(classOf: (id: string) => Durability): ChainBehaviour {
  const states = new Map<string, ChainState>()
  return {
    kind: 'session',
    get size() {
      return states.size
    },
    step: (requests) =>
      Promise.resolve(
        requests.map((request) => {
          const { context, message, stored } = request
          const { id } = context.ref
          if (stored !== undefined) states.set(id, stored === 'new' ? EMPTY : readChain(stored))
          const before = states.get(id)
          if (before === undefined) return { ok: false, message: `nothing known of "${id}"` }
          const errand = takenErrand(message)
          const state = linked(before, errand.text)
          states.set(id, state)
          return { ok: true, step: { ...chainStep(request, errand, state, classOf), durability: classOf(id) } }
        }),
      ),
    forget(refs) {
      for (const { id } of refs) states.delete(id)
    },
  }
}

function linked(state: ChainState, added: string): ChainState {
  return { chain: chainOf([added], state.chain), length: state.length + 1 }
}

function takenErrand({ body }: Message): Errand {
  const nothing = { to: [], withdraws: false, ends: false }
  if (body.kind === 'timer') return { ...nothing, text: timerText(String(body['id'])) }
  if (body.kind === 'terminate') return { ...nothing, ends: true, text: ENDED_TEXT }
  if (body.kind === 'undeliverable') return { ...nothing, text: undeliverableText(String(body['key'])) }
  return errandOf(body)
}

function chainStep(
  request: StepRequest,
  errand: Errand,
  state: ChainState,
  classOf: (id: string) => Durability,
): EntityStep {
  const { context, message } = request
  const isSnapshot = (context.wantsSnapshot ?? 0) >= 5
  const line = {
    kind: 'took',
    atEpochMs: context.nowMs,
    text: errand.text,
    isRepeated: message.body['_repeated'] === true,
  }
  return {
    effects: effectsOf(request, errand, classOf),
    withdrawn: errand.withdraws ? context.openEffects.filter(isOpen).map(({ key }) => key) : [],
    timersPut:
      errand.set === undefined ? [] : [{ id: errand.set.name, dueEpochMs: context.nowMs + errand.set.delayMs }],
    timersDeleted: errand.cancel === undefined ? [] : [errand.cancel],
    rows: [],
    trace: [line],
    ...(isSnapshot ? { save: 'snapshot', snapshot: bytes(state) } : { save: 'redo', redo: bytes(errand.text) }),
    hasEnded: errand.ends,
  }
}

function effectsOf(
  { message, effectKey }: StepRequest,
  { ledger, text, to }: Errand,
  classOf: (id: string) => Durability,
): readonly PlannedEffect[] {
  const effects: PlannedEffect[] = []
  if (ledger !== undefined) {
    effects.push({
      mode: ledger.answers ? 'open' : 'once',
      type: 'ledger',
      body: { name: ledger.name, isOpen: ledger.answers },
    })
  }
  for (const { id, text, asks } of to) {
    effects.push({
      mode: asks ? 'open' : 'once',
      type: 'message',
      body: {
        to: { kind: 'session', id },
        // Nobody but a client brings an entity into being that is in memory alone.
        creates: classOf(id) !== 'none',
        message: { kind: 'text', text },
        isOpen: asks,
      },
    })
  }
  if (message.body['_key'] !== undefined && effectKey !== undefined) {
    const [, id = ''] = message.source.split('/')
    const answer = { kind: 'text', text: answerTo(text) }
    effects.push({
      mode: 'once',
      type: 'message',
      body: { to: { kind: 'session', id }, message: answer, answers: effectKey },
    })
  }
  return effects
}

/** Only open effects are withdrawn: what has to happen once happens. */
function isOpen({ body }: { readonly body: Readonly<Record<string, unknown>> }): boolean {
  return body['isOpen'] === true
}

function bytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function text(stored: Uint8Array): string {
  return new TextDecoder().decode(stored)
}
