// Emits the type declarations of @segue/scxml for projects outside of this repository: only what its index reaches, with
// the relative addresses that every resolution of modules understands. Types are not checked here: "npm run check" does.
import { execFile } from 'node:child_process'
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'packages/scxml/src')
/** Addresses in declarations, of files of the package itself. */
const relative = /(?<=(?:from |import\(|import )')(\.[^']+)\.ts(?=')/g

/** Writes `index.d.ts` and what it needs into a folder, in place of what is there. */
export async function emitDeclarations(folder = join(root, 'packages/scxml/dist/types')) {
  const work = await mkdtemp(join(tmpdir(), 'segue-types-'))
  try {
    const project = join(work, 'tsconfig.json')
    await writeFile(
      project,
      JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions: {
          noEmit: false,
          declaration: true,
          emitDeclarationOnly: true,
          noCheck: true,
          types: [],
          rootDir: source,
          outDir: join(work, 'out'),
        },
        include: [],
        files: [join(source, 'index.ts')],
      }),
    )
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
    await promisify(execFile)(process.execPath, [tsc, '-p', project])
    await rm(folder, { recursive: true, force: true })
    const reached = ['index.d.ts']
    for (const name of reached) {
      const text = await readFile(join(work, 'out', name), 'utf8')
      for (const [, path] of text.matchAll(relative)) {
        const next = join(dirname(name), `${path}.d.ts`)
        if (!reached.includes(next)) reached.push(next)
      }
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), text.replaceAll(relative, '$1.js'))
    }
    return reached
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
