import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Why `dist/` could not be built; `''` when it is up to date. */
    buildFailure: string
  }
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
const program = join(root, 'packages/cli/dist/segue.js')

/** Tests that start the program as a process need `dist/`: it is built when a source is newer. The others do not care. */
export function setup(project: TestProject): void {
  project.provide('buildFailure', builtAtMs() < newestSourceAtMs() ? build() : '')
}

function build(): string {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, encoding: 'utf8' })
  return status === 0 ? '' : `dist/ cannot be built: ${stderr}`
}

function builtAtMs(): number {
  return statSync(program, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function newestSourceAtMs(): number {
  let newest = 0
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', name, 'src')
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) continue
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      newest = Math.max(newest, statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0)
    }
  }
  return newest
}
