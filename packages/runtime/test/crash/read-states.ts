import { openPostgresStore, openSqliteStore } from '@segue/adapters'
import {
  contextRealm,
  createInProcessShard,
  withoutEnvelope,
  type ApplicationBundle,
  type StoreCounts,
} from '@segue/runtime'
import type { StorePlace } from './contract.ts'
import { ledgerModule } from './programs/application.ts'

/** What a session holds of its events. */
export interface SessionChain {
  readonly chain: string
  readonly taken: readonly string[]
}

export interface StoredChains {
  readonly chains: ReadonlyMap<string, SessionChain>
  readonly counts: StoreCounts
}

/** Reads the chains of all sessions from a store that nobody else has open. */
export async function readChains(place: StorePlace, partitions: number): Promise<StoredChains> {
  await using store =
    place.kind === 'sqlite'
      ? await openSqliteStore({ path: place.path, partitions })
      : await openPostgresStore({ url: place.url, partitions })
  const shard = createInProcessShard({
    modules: [ledgerModule],
    realm: contextRealm,
    server: { name: 'n', cluster: 'c', url: undefined },
  })
  const found = await store.query({ kind: 'entities', entityKind: 'session', running: false, limit: 100_000 })
  const loaded = new Set<string>()
  const chains = new Map<string, SessionChain>()
  for (const entity of await store.load(found.map(({ ref }) => ref))) {
    const { attributes, redo, ref, state } = withoutEnvelope(entity)
    const hash = attributes['hash'] ?? ''
    if (!loaded.has(hash)) {
      loaded.add(hash)
      const text = await store.query({ kind: 'document', hash })
      // Written by the runtime.
      if (text !== undefined) await shard.load(JSON.parse(text) as ApplicationBundle)
    }
    if (state === undefined) throw new Error(`session "${ref.id}" has no state`)
    const shown = await shard.inspect(ref.id, { hash, state, redo })
    // The application's own variables.
    const { chain, taken } = JSON.parse(shown?.variables ?? '{}') as Partial<SessionChain>
    if (chain === undefined || taken === undefined) throw new Error(`session "${ref.id}" has no chain`)
    chains.set(ref.id, { chain, taken })
  }
  return { chains, counts: await store.query({ kind: 'counts' }) }
}
