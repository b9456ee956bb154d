import { contextRealm } from '../../src/realm/context-realm.ts'
import { serveShard } from '../../src/shards/serve-shard.ts'
import { tinyModule } from '../session/tiny-module.ts'
import { askingModule } from './asking-module.ts'

serveShard({
  options: (current) => ({
    modules: [tinyModule, askingModule],
    realm: contextRealm,
    server: { name: 'n', cluster: 'c', url: 'http://127.0.0.1:1' },
    traceLevel: () => (current().settings === 'full' ? 'full' : 'outcome'),
  }),
  eventTimeoutMs: 10_000,
  askLimitMs: 50,
})
