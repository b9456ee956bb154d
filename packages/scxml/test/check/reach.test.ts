import { describe, expect, it } from 'vitest'
import { createApplication, createSession, load, sameRealm, start, step } from '../../src/index.ts'
import type { Diagnostic, StepHost, StepOutcome } from '../../src/index.ts'
import { generateChart } from '../oracle/generate-chart.ts'
import { eventNames } from '../oracle/generate-content.ts'
import { randomSource } from '../oracle/random-source.ts'
import { writeDocument } from '../oracle/write-document.ts'
import { ownStepsPerItem } from '../oracle/chart-model.ts'

const seed = Number(process.env['SEGUE_SEED'] ?? 1)
const charts = 200
const input = { nowMs: 1000, seed: 1 }
const host: StepHost = {
  modules: [],
  documentUrl: 'file:///app/main.scxml',
  view: () => '{}',
  viewVersion: () => 0,
  call: () => ({ ok: false, message: 'there are no modules' }),
  act: () => undefined,
}

interface Walked {
  readonly warnings: readonly Diagnostic[]
  /** States that were entered. */
  readonly entered: ReadonlySet<string>
}

/** Walks through a random chart with random events. */
async function walk(chartSeed: number): Promise<Walked> {
  const text = writeDocument(generateChart(chartSeed))
  const resolve = () => Promise.resolve({ found: true as const, source: { url: 'file:///app/main.scxml', text } })
  const { chart, diagnostics } = await load('file:///app/main.scxml', { resolve, modules: [] })
  if (chart === undefined) throw new Error(`chart ${chartSeed} is refused`)
  const application = createApplication(chart, sameRealm())
  const random = randomSource(chartSeed)
  const entered = new Set<string>()
  const note = ({ trace }: StepOutcome): void => {
    for (const record of trace) if (record.kind === 'enter') entered.add(record.state)
  }
  const session = createSession(application, { sessionId: 'S', parameters: {}, ioProcessors: '{}' })
  let last = start(session, input, host)
  note(last)
  for (let count = 0; count < 12 && last.ended === undefined; count += 1) {
    last = step(session, { kind: 'event', name: random.pick(eventNames) }, input, host)
    note(last)
    // A chart may send to itself without end.
    for (let own = 0; own < ownStepsPerItem && last.hasMore && last.ended === undefined; own += 1) {
      last = step(session, undefined, input, host)
      note(last)
    }
  }
  return { warnings: diagnostics.filter(({ code }) => code === 'SEG-DOC-034'), entered }
}

describe('states that nothing leads to', () => {
  it('are never entered, whatever happens', async () => {
    const wrong: string[] = []
    let warned = 0
    for (let chart = seed; chart < seed + charts; chart += 1) {
      const { warnings, entered } = await walk(chart)
      warned += warnings.length
      for (const { span } of warnings) {
        const id = span.source.text.slice(span.start, span.end)
        if (entered.has(id)) wrong.push(`chart ${chart}: ${id}`)
      }
    }

    expect(wrong, `seed ${seed}`).toEqual([])
    expect(warned).toBeGreaterThan(0)
  }, 60_000)
})
