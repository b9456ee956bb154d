/** What the session module keeps of its session. */
export interface SessionSlice {
  readonly tenant: string
  readonly tenantId: number
  /** Base of relative addresses. */
  readonly documentUrl: string
}
