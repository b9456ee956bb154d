import type { EffectRow, EntityRef, Store, StoreCounts } from '../ports/store.ts'

const PAGE = 5000
const ALL = 1_000_000

/** What a partition's former life left to do; entities themselves are read when their next message comes. */
export interface Leftover {
  /** Unanswered effects, oldest first. */
  readonly effects: readonly EffectRow[]
  /** Entities with messages in the inbox. */
  readonly waiting: readonly EntityRef[]
  readonly counts: StoreCounts
}

/**
 * Reads what has to be done again or still for partitions that were just claimed.
 *
 * Spec: design P5, P9; law 6.
 */
export async function readLeftover(store: Store, partitions: readonly number[]): Promise<Leftover> {
  const effects: EffectRow[] = []
  for (;;) {
    const after = effects.at(-1)?.key
    const page = await store.query({
      kind: 'effects',
      partitions,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    })
    effects.push(...page)
    if (page.length < PAGE) break
  }
  const waiting = await store.query({ kind: 'waiting', partitions, limit: ALL })
  return { effects, waiting, counts: await store.query({ kind: 'counts' }) }
}
