import type { RoutingTuning } from '@segue/contact'

/** What the queue module keeps of a session. */
export interface QueueSlice {
  readonly sessionId: string
  /** Routing domain of the session: the tenant it started with. */
  readonly tenant: string
  /** What functions have set: goes with every later submit. */
  readonly tuning: RoutingTuning
  /** Interactions that were submitted; a session that ends takes their requests back. Absent: none. */
  readonly submitted?: readonly string[]
}
