import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
// @ts-expect-error a script of the repository, without types
import { emitDeclarations } from '../../../../scripts/declarations.mjs'

const packageFolder = fileURLToPath(new URL('../..', import.meta.url))
const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url))
const run = promisify(execFile)

/** A program of somebody who installed the package. */
const program = `import { createApplication, createSession, parse, sameRealm, standaloneHost, start, step } from '@segue/scxml'
import type { Diagnostic, ElementNamespace, SessionSnapshot, StepOutcome } from '@segue/scxml'

export async function run(text: string): Promise<StepOutcome | readonly Diagnostic[]> {
  const { chart, diagnostics } = await parse(text)
  if (chart === undefined) return diagnostics
  const session = createSession(createApplication(chart, sameRealm()), { sessionId: 's', parameters: {}, ioProcessors: '{}' })
  const first: StepOutcome = start(session, { nowMs: 0, seed: 1 }, standaloneHost())
  return first.hasMore ? step(session, undefined, { nowMs: 0, seed: 1 }, standaloneHost()) : first
}
export const none: ElementNamespace = { module: 'bell', uris: [], elements: [] }
export type Kept = SessionSnapshot
`

let folder: string
let files: readonly string[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'segue-pack-'))
  const packed = join(folder, 'packed')
  await mkdir(join(packed, 'dist'), { recursive: true })
  await copyFile(join(packageFolder, 'package.json'), join(packed, 'package.json'))
  await copyFile(join(packageFolder, 'README.md'), join(packed, 'README.md'))
  await writeFile(join(packed, 'dist/index.js'), 'export {}\n')
  await emitDeclarations(join(packed, 'dist/types'))
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--offline'], { cwd: packed })
  const [pack] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[]
  files = pack?.files.map(({ path }) => path) ?? []

  const installed = join(folder, 'user/node_modules/@segue/scxml')
  await mkdir(installed, { recursive: true })
  await run('tar', ['-xzf', join(packed, pack?.filename ?? ''), '-C', installed, '--strip-components=1'])
  for (const name of ['acorn', 'saxes', 'xmlchars'])
    await symlink(join(modules, name), join(folder, 'user/node_modules', name))
  await writeFile(join(folder, 'user/package.json'), '{"type":"module"}')
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What the compiler says about a program in the folder of the user. */
async function complaints(text: string, options: ts.CompilerOptions): Promise<readonly string[]> {
  const path = join(folder, 'user/program.ts')
  await writeFile(path, text)
  const compiled = ts.createProgram([path], {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    types: [],
    ...options,
  })
  return ts.getPreEmitDiagnostics(compiled).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

describe('the packed package', () => {
  it('holds the build and its declarations, and no sources', async () => {
    expect(files).toContain('dist/types/index.d.ts')
    expect(files.filter((path) => path.startsWith('src/') || path.startsWith('test/'))).toEqual([])
    expect((await readdir(join(folder, 'user/node_modules/@segue/scxml'))).toSorted()).toEqual([
      'README.md',
      'dist',
      'package.json',
    ])
  })

  it.each([
    ['skipLibCheck', { skipLibCheck: true }],
    ['every declaration checked', { skipLibCheck: false }],
    ['exact optional properties', { skipLibCheck: false, exactOptionalPropertyTypes: true }],
    [
      'a bundler',
      { skipLibCheck: false, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
    ],
  ])('type-checks a program of a user: %s', { timeout: 60_000 }, async (_name, options) => {
    expect(await complaints(program, options)).toEqual([])
  })

  it('finds what is wrong in a program of a user, so that the types are no "any"', { timeout: 60_000 }, async () => {
    const wrong = `import { parse } from '@segue/scxml'\nexport const chart: string = await parse(7)\n`

    const found = await complaints(wrong, { skipLibCheck: true })

    expect(found).toHaveLength(2)
    expect(found.join()).toContain("'number' is not assignable to parameter of type 'string'")
  })
})
