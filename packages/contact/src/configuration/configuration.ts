/**
 * Configuration objects of a contact centre: one immutable version at a time. Files and the API make new versions;
 * scripts and routing read it. Spec: design §8, session-and-web §3.5, scxml-dialect §11.
 */
export interface Configuration {
  /** Rises with every accepted change. */
  readonly version: number
  readonly tenants: readonly Tenant[]
  readonly switches: readonly Switch[]
  readonly dns: readonly Dn[]
  readonly places: readonly Place[]
  readonly agents: readonly Agent[]
  readonly agentGroups: readonly AgentGroup[]
  readonly virtualQueues: readonly VirtualQueue[]
  readonly applications: readonly ApplicationObject[]
  readonly lists: readonly ListObject[]
  readonly dayTables: readonly DayTable[]
  readonly timeZones: readonly TimeZoneObject[]
  /** Option lookups (`getConfigOption`): section to name to value, by level. */
  readonly options: readonly OptionSet[]
  /** Names of statistics servers; others are accepted as labels with one warning. */
  readonly statServers: readonly string[]
  /** Addresses of module definition files. Read when a node starts. */
  readonly moduleDefinitions?: readonly string[]
  /** Origins from which documents may be fetched, for example `http://127.0.0.1:8080`. Read when a node starts. */
  readonly documentOrigins: readonly string[]
}

export interface Tenant {
  readonly name: string
  readonly id: number
}
export interface Switch {
  readonly name: string
  /** `simulated` today; other kinds are other adapters. */
  readonly kind: string
}
export interface Dn {
  readonly number: string
  readonly switch: string
  readonly type: 'routepoint' | 'extension' | 'queue' | 'acdposition'
  /**
   * Application started for calls that arrive here (routing points): the name of one, also as `script:<name>`, or its
   * address, or two addresses with a blank between them.
   */
  readonly application: string | undefined
  /** Where a call goes when nobody routes it (P6). */
  readonly defaultDestination: string | undefined
}
export interface Place {
  readonly name: string
  readonly dns: readonly string[]
}
export interface Agent {
  /** Employee id: the agent's name in targets. */
  readonly id: string
  readonly name: string
  /** Skill to level. */
  readonly skills: Readonly<Record<string, number>>
  /** Number of the telephone when the agent logs in without naming one. */
  readonly dn: string
  readonly place: string | undefined
}
export interface AgentGroup {
  readonly name: string
  readonly agents: readonly string[]
  /** Members by skill expression, besides the listed ones. */
  readonly skillExpression: string | undefined
}
export interface VirtualQueue {
  readonly name: string
}
export interface ApplicationObject {
  readonly name: string
  /** URL, or path relative to the configuration file. Resolved to an absolute URL. */
  readonly url: string
  readonly alternateUrl: string | undefined
  readonly parameters: Readonly<Record<string, string | number | boolean>>
  /** What the death of a node may cost its sessions. */
  readonly durability: 'durable' | 'relaxed' | 'none'
  /** Takes `_persist="false"` of the document as `relaxed`; false when absent. */
  readonly honourPersistFalse?: boolean | undefined
  readonly trace: 'off' | 'outcome' | 'full'
}
export interface ListObject {
  readonly name: string
  readonly items: Readonly<Record<string, Readonly<Record<string, string>>>>
}
/** Statistical day table: special days by name. */
export interface DayTable {
  readonly name: string
  readonly days: readonly {
    readonly name: string
    readonly date: string
    readonly from: string | undefined
    readonly to: string | undefined
  }[]
}
export interface TimeZoneObject {
  readonly name: string
  /** IANA zone. */
  readonly zone: string
}
export interface OptionSet {
  readonly level: 'strategy' | 'routepoint' | 'switch' | 'tenant' | 'router'
  /** Object that the options belong to (number, switch or tenant name); `''` for the router. */
  readonly object: string
  readonly values: Readonly<Record<string, string>>
}

/** One problem in a configuration file. */
export interface ConfigurationFinding {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly hint: string
  readonly file: string
  readonly line: number
  readonly column: number
}
