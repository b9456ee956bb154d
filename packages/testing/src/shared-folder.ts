import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Folder with fixtures and suites that are not part of the repository: `SEGUE_SHARED`, else `shared` beside the
 * repository. `undefined` where there is none: tests that need it are then skipped with a printed reason.
 */
export function sharedFolder(): string | undefined {
  const repository = fileURLToPath(new URL('../../..', import.meta.url))
  const folder = resolve(process.env['SEGUE_SHARED'] ?? join(repository, '..', 'shared'))
  return existsSync(folder) ? folder : undefined
}
