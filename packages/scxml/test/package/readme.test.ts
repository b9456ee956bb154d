import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { describe, expect, inject, it } from 'vitest'
import { bundleForBrowser } from './bundle.ts'
import { readmeExamples, readmeSizes } from './readme.ts'

const packageFolder = fileURLToPath(new URL('../..', import.meta.url))
const examples = readmeExamples()

/** Timers of the child fall due at once and in order, on a clock that moves with them. */
const virtualTime = `
let nowMs = 1e12
const waiting = []
Date.now = () => nowMs
globalThis.clearTimeout = (timer) => {
  const index = waiting.indexOf(timer)
  if (index >= 0) waiting.splice(index, 1)
}
globalThis.setTimeout = (work, delayMs = 0) => {
  const timer = { dueMs: nowMs + delayMs, work }
  waiting.push(timer)
  waiting.sort((one, other) => one.dueMs - other.dueMs)
  setImmediate(() => {
    const next = waiting.shift()
    if (next === undefined) return
    nowMs = Math.max(nowMs, next.dueMs)
    next.work()
  })
  return timer
}`

describe('the README of the package', () => {
  it('begins with an example of ten lines', () => {
    const lines = examples[0]?.code.split('\n').filter((line) => line.trim() !== '')

    expect(examples[0]?.title).toBe('Ten lines')
    expect(lines).toHaveLength(10)
  })

  it.each(examples.map((example, index) => ({ ...example, number: index + 1 })))(
    'example $number, $title, prints what the README says when it runs against the build',
    async ({ code, prints }) => {
      expect(inject('buildFailure')).toBe('')

      expect(await outputOf(code)).toBe(prints)
    },
  )

  it('gives the sizes of the build within a tenth', async () => {
    expect(inject('buildFailure')).toBe('')
    const { code } = await bundleForBrowser("export * from './dist/index.js'", { minify: true })
    const found = new Map([
      ['`dist/index.js`, dependencies outside', statSync(`${packageFolder}/dist/index.js`).size],
      ['bundle for browsers, minified', Buffer.byteLength(code)],
      ['the same, gzip', gzipSync(code, { level: 9 }).length],
    ])

    const stated = readmeSizes()

    expect([...stated.keys()]).toEqual([...found.keys()])
    for (const [what, sizeBytes] of found) {
      const ratio = (stated.get(what) ?? 0) / (sizeBytes / 1000)
      expect(Math.abs(ratio - 1), `"${what}" is ${(sizeBytes / 1000).toFixed(1)} kB`).toBeLessThanOrEqual(0.1)
    }
  })
})

it('the package has two runtime dependencies', () => {
  const manifest: unknown = JSON.parse(readFileSync(`${packageFolder}/package.json`, 'utf8'))

  expect(manifest).toMatchObject({ dependencies: { acorn: expect.any(String), saxes: expect.any(String) } })
  expect(manifest).toHaveProperty('dependencies')
  const { dependencies } = Object(manifest)
  expect(Object.keys(dependencies)).toEqual(['acorn', 'saxes'])
  expect(manifest).not.toHaveProperty('peerDependencies')
  expect(manifest).not.toHaveProperty('optionalDependencies')
})

/** Runs a program as a module of a project that depends on the package. */
async function outputOf(code: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(virtualTime)}`, '--input-type=module', '--eval', code],
    { cwd: packageFolder, timeout: 15_000, env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' } },
  )
  return stdout
}
