import type { WorkerSettings } from '../contract.ts'

/** What a thread of the worker has to know. */
export interface KillSetting {
  readonly kill: NonNullable<WorkerSettings['kill']>
  readonly progress: string
}

const VARIABLE = 'SEGUE_CRASH_KILL'

/** Gives the setting to threads that start from now on. */
export function killIntoEnvironment({ kill, progress }: WorkerSettings): void {
  if (kill !== undefined) process.env[VARIABLE] = JSON.stringify({ kill, progress } satisfies KillSetting)
}

/** Reads it in a thread. */
export function killFromEnvironment(environment: NodeJS.ProcessEnv): KillSetting | undefined {
  const text = environment[VARIABLE]
  // Written by `killIntoEnvironment`.
  return text === undefined ? undefined : (JSON.parse(text) as KillSetting)
}
