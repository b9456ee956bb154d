import { ProgressFile } from '../progress.ts'
import { Points } from './points.ts'
import { killFromEnvironment } from './kill-setting.ts'

/**
 * Points inside of the store, for its thread: built as a CommonJS module, told by the environment what to do, because a
 * thread shares no objects with the worker.
 */
const setting = killFromEnvironment(process.env)
const progress = setting === undefined ? undefined : new ProgressFile(setting.progress, 'join')
const points = setting === undefined || progress === undefined ? undefined : new Points(setting.kill, progress)

/** Called by the store with the name of each point that it passes. */
export function onPoint(name: string): void {
  progress?.refresh()
  points?.pass(name)
}
