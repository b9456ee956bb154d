import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Writes a module with the body of `onPoint(name)`; `fs` is at hand in it. Gives its path. */
export async function pointModule(folder: string, body: string): Promise<string> {
  const path = join(folder, `points-${body.length}.cjs`)
  await writeFile(path, `const fs = require('node:fs')\nexports.onPoint = (name) => { ${body} }\n`)
  return path
}
