import type { Configuration } from '@segue/contact'
import type { ModuleContext } from '@segue/runtime'
import { isRecord } from './values.ts'

/** Stands for a configuration that has not been given yet. */
const empty: Configuration = {
  version: 0,
  tenants: [],
  switches: [],
  dns: [],
  places: [],
  agents: [],
  agentGroups: [],
  virtualQueues: [],
  applications: [],
  lists: [],
  dayTables: [],
  timeZones: [],
  options: [],
  statServers: [],
  documentOrigins: [],
}

/** The configuration that a module reads. Its one border: the runtime passes it on without knowing its type. */
export function configurationOf(context: ModuleContext): Configuration {
  return isConfiguration(context.replica) ? context.replica : empty
}

function isConfiguration(replica: unknown): replica is Configuration {
  return isRecord(replica) && Object.keys(empty).every((name) => name in replica)
}
