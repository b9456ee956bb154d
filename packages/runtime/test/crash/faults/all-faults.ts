import { fullDisk, readOnlyDisk } from './disk-trouble.ts'
import type { Fault } from './fault.ts'
import { killedShard } from './killed-shard.ts'
import { cutConnections, killedServer } from './lost-server.ts'
import { lostAnswers, slowDisk } from './slow-disk.ts'
import { stoppedWorker } from './stopped-worker.ts'
import { tornLog } from './torn-log.ts'

/** Faults by name, with the stores that they can happen to. */
export const FAULTS: Readonly<Record<string, { readonly run: Fault; readonly stores: readonly string[] }>> = {
  'stopped-worker': { run: stoppedWorker, stores: ['sqlite', 'postgres'] },
  'slow-disk': { run: slowDisk, stores: ['sqlite', 'postgres'] },
  'lost-answers': { run: lostAnswers, stores: ['sqlite', 'postgres'] },
  'full-disk': { run: fullDisk, stores: ['sqlite'] },
  'read-only-disk': { run: readOnlyDisk, stores: ['sqlite'] },
  'killed-shard': { run: killedShard, stores: ['sqlite'] },
  'torn-log': { run: tornLog, stores: ['sqlite'] },
  'killed-server': { run: killedServer, stores: ['postgres'] },
  'cut-connections': { run: cutConnections, stores: ['postgres'] },
}
