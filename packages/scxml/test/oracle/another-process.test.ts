import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateChart, generateItems } from './generate-chart.ts'
import { Applications, loadChart } from './run-engine.ts'
import { stepElsewhere } from './step-elsewhere.ts'
import type { StepElsewhere, SteppedElsewhere } from './step-elsewhere.ts'

const folder = mkdtempSync(join(tmpdir(), 'segue-elsewhere-'))
const program = join(folder, 'step.mjs')

beforeAll(async () => {
  const contents = `
    import { stepElsewhere } from './step-elsewhere.ts'
        const parts = []
    for await (const part of process.stdin) parts.push(part)
    process.stdout.write(JSON.stringify(await stepElsewhere(JSON.parse(Buffer.concat(parts).toString('utf8')))))`
  await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    outfile: program,
  })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a session that goes on in another process after every event', () => {
  // Charts with delayed sends, histories, late data and an own queue.
  it.each([11, 44])(
    'equals one that never stopped (chart %d)',
    async (seed) => {
      const chart = generateChart(seed)
      const items = generateItems(seed).slice(0, 4)
      const stay = new Applications(await loadChart(chart)).run()
      stay.start()
      let stopped = stay.stopped

      for (const [position, item] of items.entries()) {
        const observation = stay.deliver(item)
        const answer = await (position === 0 ? stepElsewhere : inAnotherProcess)({ chart, stopped, item })
        expect(answer).toEqual({ observation, stopped: stay.stopped })
        stopped = answer.stopped
      }
    },
    60_000,
  )
})

function inAnotherProcess(request: StepElsewhere): Promise<SteppedElsewhere> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], { stdio: 'pipe' })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output))
      else reject(new Error(`the other process ended with ${String(code)}: ${complaint}`))
    })
    child.stdin.end(JSON.stringify(request))
  })
}
