/** A request of somebody outside that the session has taken and not answered. */
export interface TakenRequest {
  readonly id: string
  /** When its caller stops waiting. */
  readonly untilEpochMs: number
}

/** What the web module keeps of its session; `null`: no request was ever taken. Oldest request first. */
export type WsSlice = readonly TakenRequest[] | null

/** What only the module sees of the event that a request is. */
export interface RequestPayload {
  readonly requestId: string
  readonly atEpochMs: number
  readonly untilEpochMs: number
}
