import type { PostgresServer } from '@segue/testing'
import type { Programs } from '../build-programs.ts'
import type { Verdict } from '../crash-world.ts'

/** What a fault is tried with. */
export interface FaultContext {
  readonly programs: Programs
  /** Empty folder. */
  readonly folder: string
  readonly seed: number
  /** Server for faults of a database. */
  readonly postgres?: PostgresServer
}

/** What came of a fault; `skipped` says why it could not be tried here. */
export type FaultOutcome =
  | { readonly skipped: string }
  | (Verdict & { readonly skipped?: never; readonly seen: Readonly<Record<string, number | string>> })

/** Something that happens to a worker, its store or its disk while clients go on. Errors: rejects when it does not behave. */
export type Fault = (context: FaultContext) => Promise<FaultOutcome>
