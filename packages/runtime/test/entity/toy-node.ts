import type {
  Incident,
  Message,
  MessageBody,
  PerformedEffect,
  Performer,
  Runtime,
  RuntimeLimits,
  Store,
} from '@segue/runtime'
import { createRuntime, withoutEnvelope } from '@segue/runtime'
import { memoryStore } from '@segue/adapters'
import { seededIds, virtualClock, type VirtualClock } from '@segue/testing'
import { toyBehaviour, toyState, type Toy, type ToyState } from './toy-behaviour.ts'

export const PARTITIONS = 8
export const START_EPOCH_MS = 1_700_000_000_000

/** A runtime with toy sessions and a performer `ledger` that writes down what it is asked to do. */
export interface ToyNode {
  readonly runtime: Runtime
  readonly store: Store
  readonly clock: VirtualClock
  readonly toy: Toy
  readonly ledger: PerformedEffect[]
  readonly aborted: string[]
  readonly incidents: Incident[]
  /** Message to a session, numbered by the test. */
  say(id: string, text: string, extras?: Readonly<Record<string, unknown>>): Message
  state(id: string): Promise<ToyState>
}

/** Starts nothing yet: `node.runtime.start()`. */
export function toyNode(options: {
  readonly store?: Store
  readonly clock?: VirtualClock
  readonly limits?: Partial<RuntimeLimits>
  readonly perform?: (effect: PerformedEffect) => Promise<void>
  readonly performers?: readonly Performer[]
  readonly onUntaken?: (message: Message) => void
}): ToyNode {
  const store = options.store ?? memoryStore({ partitions: PARTITIONS })
  const clock = options.clock ?? virtualClock(START_EPOCH_MS)
  const toy = toyBehaviour('session')
  const ledger: PerformedEffect[] = []
  const aborted: string[] = []
  const incidents: Incident[] = []
  const performer: Performer = {
    types: ['ledger'],
    async perform(effect, signal) {
      ledger.push(effect)
      signal.addEventListener('abort', () => aborted.push(effect.key))
      await options.perform?.(effect)
    },
  }
  const runtime = createRuntime({
    store,
    clock,
    ids: seededIds(1),
    owner: 'test',
    cell: 'AA',
    partitions: PARTITIONS,
    behaviours: [toy],
    performers: [performer, ...(options.performers ?? [])],
    onIncident: (incident) => incidents.push(incident),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.onUntaken === undefined ? {} : { onUntaken: options.onUntaken }),
  })
  return {
    runtime,
    store,
    clock,
    toy,
    ledger,
    aborted,
    incidents,
    say: (id, text, extras = {}) => ({
      to: { kind: 'session', id },
      source: 'api:test',
      creates: true,
      body: { kind: 'text', text, ...extras } satisfies MessageBody,
    }),
    async state(id) {
      const [stored] = await store.load([{ kind: 'session', id }])
      return toyState(stored === undefined ? undefined : withoutEnvelope(stored))
    },
  }
}
