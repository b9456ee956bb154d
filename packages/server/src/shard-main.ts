import { modulesOf } from '@segue/modules'
import { contextRealm, defaultShardProcessLimits, serveShard } from '@segue/runtime'
import { basicHttpProcessors } from './basic-http-processors.ts'
import { readShardSettings, traceLevelOf } from './shard-settings.ts'

/**
 * The program of a shard process: everything that runs customers' scripts, and nothing else. It holds no port, no store
 * and no address; what it knows of the node comes over the pipes of the front.
 */
const [, , eventTimeout = '', ask = '', definitions = '', maxSessionBytes = ''] = process.argv

serveShard({
  options: (current) => ({
    modules: modulesOf(definitions),
    realm: contextRealm,
    ...(maxSessionBytes !== '' && { limits: { maxSessionBytes: Number(maxSessionBytes) } }),
    server: {
      get name() {
        return readShardSettings(current().settings).nodeName
      },
      get cluster() {
        return readShardSettings(current().settings).cluster
      },
      get url() {
        return readShardSettings(current().settings).url
      },
    },
    traceLevel: (url) => traceLevelOf(current().replica, url),
    ioProcessors: (sessionId) => basicHttpProcessors(readShardSettings(current().settings).url, sessionId),
  }),
  eventTimeoutMs: Number(eventTimeout) || defaultShardProcessLimits.eventTimeoutMs,
  askLimitMs: Number(ask) || defaultShardProcessLimits.askMs,
})
