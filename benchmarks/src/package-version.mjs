// Versions of what is measured, from the packages themselves.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** Version of an installed package, whether or not it exports its `package.json`. */
export function packageVersion(name) {
  for (const folder of require.resolve.paths(name)) {
    const file = join(folder, name, 'package.json')
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).version
  }
  throw new Error(`package "${name}" is not installed in ${dirname(import.meta.url)}`)
}
