/** Named limits of a shard (configuration reference). */
export interface ShardLimits {
  /** Macrosteps of one session for one message; the rest goes on with a message of its own. */
  readonly maxMacrostepsPerMessage: number
  /** Application versions kept without a running session. */
  readonly maxApplications: number
  /** Effects of one step; a session that plans more is ended. */
  readonly maxEffectsPerStep: number
  /** Stored form of one session; one that grows beyond it is ended. */
  readonly maxSessionBytes: number
  /** Text parameters that are JSON are parsed (`parse-start-params`). */
  readonly parsesStartParameters: boolean
}

export const defaultShardLimits: ShardLimits = {
  maxMacrostepsPerMessage: 100,
  maxApplications: 200,
  maxEffectsPerStep: 900,
  maxSessionBytes: 8_388_608,
  parsesStartParameters: true,
}
