import type { ApplicationBundle, ShardStepRequest, ShardStepResponse } from '../session/contract.ts'

/** Why a process was killed by its keeper. */
export type KillReason = 'time' | 'crowd' | 'memory' | 'stuck' | 'answered' | 'stopped'

/** How a process ended. */
export interface ShardEnd {
  readonly reason: KillReason | 'unknown'
  /** Signal or exit code, for people. */
  readonly text: string
  /** Last lines of what it wrote. */
  readonly said: string
  /** Request that it was stepping, with whoever waits for the answer. */
  readonly culprit: Culprit | undefined
  readonly hasServed: boolean
}

/** A request that has a process for itself. */
export interface Culprit {
  readonly request: ShardStepRequest
  /** Version that the session runs, where it is known. */
  readonly bundle: ApplicationBundle | undefined
  readonly limitMs: number
  /** Element and line of the script that was begun last; `''`: none was. */
  readonly script: string
  resolve(response: ShardStepResponse): void
}

/** Signals with which V8 gives up when memory runs out. */
const memorySignals: readonly unknown[] = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS']
const ABORT_EXIT_CODE = 134

/** Why a process ended that nobody killed, as far as its end tells. */
export function reasonOfEnd(code: number | null, signal: NodeJS.Signals | null): ShardEnd['reason'] {
  return memorySignals.includes(signal) || code === ABORT_EXIT_CODE ? 'memory' : 'unknown'
}

/** The same for people. */
export function textOfEnd(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ?? (code === null ? 'it did not start' : `exit code ${code}`)
}
