import type { EndState } from './journal.ts'

/** One row of the table of ended calls. */
export interface EndedCall {
  readonly callId: string
  readonly endState: EndState
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Counts since the switch began, over restarts when it has a journal. */
export interface SwitchCounters {
  /** Calls that ever arrived. */
  readonly arrived: number
  readonly alive: number
  /** Calls that were treated at least once. */
  readonly treated: number
  /** Times that a call began to wait at a routing point. */
  readonly queued: number
  /** Route commands that were performed. */
  readonly routed: number
  /** Of these, per telephone or other destination. */
  readonly routedTo: Readonly<Record<string, number>>
  readonly notAnswered: number
  readonly ended: Readonly<Record<EndState, number>>
}

const endStates: readonly EndState[] = ['answered', 'abandoned', 'cleared', 'released', 'lost']

/** Exactly one end per call. Holds the last `limit` rows and the counts of all. */
export class EndTable {
  readonly #rows = new Map<string, EndedCall>()
  readonly #ended = new Map<EndState, number>(endStates.map((state) => [state, 0]))
  readonly #limit: number
  #forgotten = new Map<EndState, number>()

  constructor(limit: number) {
    this.#limit = limit
  }

  has(callId: string): boolean {
    return this.#rows.has(callId)
  }

  /** `false`: the call had already ended. */
  end(row: EndedCall): boolean {
    if (this.#rows.has(row.callId)) return false
    this.#rows.set(row.callId, row)
    this.#add(this.#ended, row.endState, 1)
    if (this.#rows.size > this.#limit) this.#forgetOldest()
    return true
  }

  /** Takes counts of calls whose rows are gone. */
  addForgotten(counts: Readonly<Partial<Record<EndState, number>>>): void {
    for (const state of endStates) {
      this.#add(this.#ended, state, counts[state] ?? 0)
      this.#add(this.#forgotten, state, counts[state] ?? 0)
    }
  }

  rows(): readonly EndedCall[] {
    return [...this.#rows.values()]
  }

  counts(): Readonly<Record<EndState, number>> {
    return asRecord(this.#ended)
  }

  /** Counts of ended calls that have no row any more. */
  forgotten(): Readonly<Record<EndState, number>> {
    return asRecord(this.#forgotten)
  }

  #forgetOldest(): void {
    for (const [callId, row] of this.#rows) {
      this.#rows.delete(callId)
      this.#add(this.#forgotten, row.endState, 1)
      return
    }
  }

  #add(counts: Map<EndState, number>, state: EndState, by: number): void {
    counts.set(state, (counts.get(state) ?? 0) + by)
  }
}

function asRecord(counts: ReadonlyMap<EndState, number>): Readonly<Record<EndState, number>> {
  const of = (state: EndState): number => counts.get(state) ?? 0
  return {
    answered: of('answered'),
    abandoned: of('abandoned'),
    cleared: of('cleared'),
    released: of('released'),
    lost: of('lost'),
  }
}
