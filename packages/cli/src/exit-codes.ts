/** Exit codes of `segue`, the same for every command. */
export const EXIT = {
  ok: 0,
  findings: 1,
  usage: 2,
  configuration: 3,
  unreachable: 4,
  notFound: 5,
  conflict: 6,
  denied: 7,
  timeout: 8,
  bug: 70,
  interrupted: 130,
} as const

/** Ends a command with a message on stderr. */
export class CommandFailure extends Error {
  readonly exitCode: number
  readonly hint: string | undefined
  constructor(exitCode: number, message: string, hint?: string) {
    super(message)
    this.name = 'CommandFailure'
    this.exitCode = exitCode
    this.hint = hint
  }
}
