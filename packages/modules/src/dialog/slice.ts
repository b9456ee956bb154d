/** What the dialog module keeps of a session: who asks. Answers change nothing. */
export interface DialogSlice {
  readonly sessionId: string
}
