import { contextRealm, serveShard } from '@segue/runtime'
import { ledgerModule } from './application.ts'

/** A shard process: scripts of sessions run here and nowhere else. */
serveShard({
  options: () => ({
    modules: [ledgerModule],
    realm: contextRealm,
    server: { name: 'n', cluster: 'c', url: undefined },
  }),
  eventTimeoutMs: 10_000,
  askLimitMs: 50,
})
