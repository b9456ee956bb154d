/** Named limits of shard processes (docs/reference/limits.md). */
export interface ShardProcessLimits {
  /** Processor time without an answer after which a shard is set apart. */
  readonly shardSetApartMs: number
  /** The same in wall time, for a shard that gets no processor. */
  readonly shardSetApartWallMs: number
  /** Processor time of one macrostep where the document has no `_processEventTimeout`. */
  readonly eventTimeoutMs: number
  /** Shards that may finish long macrosteps at a time; the one that has been at it longest is ended for the next. */
  readonly maxSetApart: number
  /** Processor time for setting up one application version. */
  readonly shardLoadMs: number
  /** How long a function waits for the front. */
  readonly askMs: number
  /** Sessions of a version that may be ended before it is put into quarantine. */
  readonly maxStrikes: number
  /** Time in which they count. */
  readonly strikeWindowMs: number
  /** Application versions that a new shard is given at once. */
  readonly maxWarmApplications: number
  /** Time that shards have to end when the node stops. */
  readonly shardStopMs: number
}

export const defaultShardProcessLimits: ShardProcessLimits = {
  shardSetApartMs: 150,
  shardSetApartWallMs: 1_000,
  eventTimeoutMs: 10_000,
  maxSetApart: 4,
  shardLoadMs: 10_000,
  askMs: 50,
  maxStrikes: 3,
  strikeWindowMs: 3_600_000,
  maxWarmApplications: 50,
  shardStopMs: 2_000,
}
