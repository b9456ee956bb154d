import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ScenarioFile } from './scenario.ts'
import { readScenarios } from './read-scenarios.ts'
import { loadScriptScenarios } from './script-scenario.ts'

const SCENARIO_FILE = /^(?!\.).*\.scenario\.(ya?ml|m?js|m?ts)$/
const NOT_LOOKED_AT = /(^|[\\/])(node_modules|dist|\.[^\\/]+)([\\/]|$)/

/** Scenario files at a path, or below it when it is a folder. Order: by path. */
export function scenarioFilesIn(path: string): readonly string[] {
  const root = resolve(path)
  if (!existsSync(root)) return []
  if (!statSync(root).isDirectory()) return [root]
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => SCENARIO_FILE.test(name) && !NOT_LOOKED_AT.test(name))
    .toSorted()
    .map((name) => join(root, name))
}

/** Reads a scenario file, whether YAML or script. Never rejects: what is wrong with it are its findings. */
export async function loadScenarios(file: string): Promise<ScenarioFile> {
  if (/\.m?[jt]s$/.test(file)) return loadScriptScenarios(file)
  return readScenarios(file, readFileSync(file, 'utf8'))
}
