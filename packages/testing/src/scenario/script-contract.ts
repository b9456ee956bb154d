import type { World } from '../world-contract.ts'

/** What a scenario of a script works with. */
export interface ScriptTools {
  readonly world: World
  /** Lets things happen: the same keys as `when` of a scenario file, in the order written. */
  when(steps: unknown): Promise<void>
  /** Checks: the same keys as `then` of a scenario file. Throws when something is not so. */
  expect(expected: unknown): Promise<void>
  /** A word for the story of a failure. */
  note(text: string): void
  /** Id of a call, interaction or session that a step has named. */
  idOf(name: string): string | undefined
}

/** The function of a scenario in a script. */
export type ScriptRun = (tools: ScriptTools) => unknown
