/** Named limits of routing. Units in the names. */
export const routingLimits = {
  /** How long an agent stays reserved for a document that routes by itself (`route="false"`). */
  reservationMs: 10_000,
  /** How long an agent stays blocked after routing until the call is seen at the telephone. */
  verificationMs: 10_000,
  /** How long an agent is set aside after a call was not answered. */
  noAnswerPauseMs: 10_000,
  /** How long an agent is set aside after the switch refused to route there. */
  refusedPauseMs: 2000,
  /** Tries to route one request before it fails. */
  maxRouteAttempts: 5,
  /** Requests looked at in one pass over a scanned set. */
  maxScannedRequests: 50,
  /** Interval at which thresholds and statistics are looked at again. */
  pulseMs: 1000,
  /** Waiting requests of one domain. */
  maxWaitingRequests: 200_000,
  /** Ended interactions that a domain remembers, so that a late submit for one is refused. */
  maxEndedInteractions: 10_000,
  /** A request routed within this time counts for the service level. */
  serviceLevelMs: 20_000,
} as const
