import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { describeModules, elementNamespaces } from '@segue/modules'
import { contextRealm } from '@segue/runtime'
import { sharedFolder } from '@segue/testing'
import {
  activeStates,
  createApplication,
  createSession,
  encodeValue,
  load,
  restore,
  snapshot,
  start,
  step,
} from '../../src/index.ts'
import type { Action, Application, Chart, IncomingEvent, Session, StepHost, StepOutcome } from '../../src/index.ts'
import { resolveFile } from '../read/support/files.ts'
import { randomSource } from './random-source.ts'
import type { RandomSource } from './random-source.ts'

const seed = Number(process.env['SEGUE_SEED'] ?? 20_240)
const shared = sharedFolder()
const examples = fileURLToPath(new URL('../../../../examples', import.meta.url))
const pages = [examples, ...(shared === undefined ? [] : [join(shared, 'fixtures', 'apps')])].flatMap(pagesBelow)

describe('a session of an application, reloaded in a fresh realm after every step,', () => {
  it.each(pages)('equals one that never stopped: %s', async (page) => {
    const { chart } = await load(pathToFileURL(page).href, { resolve: resolveFile, modules: elementNamespaces })
    // Pages that are broken on purpose, or of which a part alone makes no document.
    if (chart === undefined) {
      expect(page).toMatch(/broken/)
      return
    }
    const random = randomSource(seed + page.length)
    const stay = new Walk(createApplication(chart, contextRealm()), chart)
    const moved = new Walk(createApplication(chart, contextRealm()), chart)
    let steps = 0
    for (const event of events(chart, random, stay)) {
      const expected = stay.take(event)
      moved.reload(createApplication(chart, contextRealm()))
      const actual = moved.take(event)
      expect({ seed, event, seen: actual }).toEqual({ seed, event, seen: expected })
      steps += 1
    }
    expect(steps).toBeGreaterThan(0)
  })

  it('pages are found', () => {
    expect(pages.map((page) => basename(page))).toContain('IPD_ferryDesk.scxml')
  })
})

/** One session with what the world would remember for it. */
class Walk {
  readonly actions: Action[] = []
  timers: string[] = []
  #session: Session
  #isStarted = false

  constructor(application: Application, chart: Chart) {
    const parameters = { args_: encodeValue({ BlockName: 'Block', SubmitId: 'sub1' }) }
    this.#session = createSession(application, { sessionId: 'S', parameters, ioProcessors: '{}' })
    expect(chart.states.length).toBeGreaterThan(1)
  }

  get isRunning(): boolean {
    return this.#session.isRunning
  }

  /** What came of the event, and everything that is kept afterwards. */
  take(event: IncomingEvent | undefined): unknown {
    const input = { nowMs: 1_700_000_000_000, seed: 5 }
    const host = this.#host()
    const outcomes: StepOutcome[] = []
    if (this.#isStarted) outcomes.push(step(this.#session, event, input, host))
    else outcomes.push(start(this.#session, input, host))
    this.#isStarted = true
    for (let i = 0; i < 20 && outcomes.at(-1)?.hasMore === true; i += 1) {
      outcomes.push(step(this.#session, undefined, input, host))
    }
    for (const effect of outcomes.flatMap(({ effects }) => effects)) {
      if (effect.kind === 'timer') this.timers.push(effect.sendId)
      if (effect.kind === 'cancelTimer') this.timers = this.timers.filter((id) => id !== effect.sendId)
    }
    return {
      outcomes: outcomes.map(({ effects, ended, taken, trace }) => ({ effects, ended, taken, trace })),
      actions: this.actions.map(({ spec, ...action }) => ({ ...action, element: spec.name })),
      active: activeStates(this.#session),
      saved: JSON.parse(JSON.stringify(snapshot(this.#session))) as unknown,
    }
  }

  reload(application: Application): void {
    if (!this.#isStarted) return
    this.#session = restore(application, JSON.parse(JSON.stringify(snapshot(this.#session))))
  }

  #host(): StepHost {
    return {
      modules: surfaces,
      documentUrl: 'http://host/app/src-gen/page.scxml',
      view: (module) => (module === 'ixn' ? interactions : '{}'),
      viewVersion: () => 1,
      call: (module, name, args) => answerTo(module, name, args),
      act: (action) => {
        this.actions.push(action)
      },
    }
  }
}

const surfaces = describeModules()
  .flatMap(({ roots }) => roots)
  .map(({ constants, functions, root }) => ({
    root,
    functions: functions.map(({ name }) => name),
    constants: JSON.stringify(constants),
  }))

const interactions =
  '{"interactions":{"$list":[{"g_uid":"ixn1","category":"voice","voice":{"ani":"55","dnis":"4200"},"udata":{"k":"v"}}],"$key":"g_uid"},"firstixnid":"ixn1"}'

/** Every third function fails, the others give a text, a table or nothing. */
function answerTo(module: string, name: string, args: string): ReturnType<StepHost['call']> {
  const answers = ['"text"', '{"a":"1","list":[1,2]}', undefined, '7', '[]']
  const size = module.length + name.length * 3 + args.length
  if (size % 7 === 3) return { ok: false, message: `${name} fails` }
  return { ok: true, value: answers[size % answers.length] }
}

/** Start, and then events that the page waits for, timers and others. */
function* events(chart: Chart, random: RandomSource, walk: Walk): Generator<IncomingEvent | undefined> {
  yield undefined
  const names = chart.states.flatMap(({ transitions }) =>
    transitions.flatMap(({ events: descriptors }) => descriptors.map(({ prefix }) => prefix)),
  )
  const known = names.filter((name) => name !== '' && !name.startsWith('done.state.'))
  for (let i = 0; i < 8 && walk.isRunning; i += 1) {
    const due = walk.timers[0]
    if (due !== undefined && random.chance(0.3)) {
      walk.timers.shift()
      yield { kind: 'timer', sendId: due }
      continue
    }
    const requestId = walk.actions.at(-1)?.requestId ?? 'none'
    const data = { requestid: requestId, interactionid: 'ixn1', resource: 'A1', priority: 3, text: random.below(9) }
    const name = known.length > 0 && random.chance(0.9) ? random.pick(known) : 'interaction.added'
    yield { kind: 'event', name, data: JSON.stringify(data) }
  }
  if (walk.isRunning && random.chance(0.5)) yield { kind: 'terminate', reason: 'test' }
}

function pagesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.scxml'))
    .sort()
    .map((name) => join(folder, name))
}
