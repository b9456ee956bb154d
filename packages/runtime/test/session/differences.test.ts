import type { SavedScope, SessionFrame, SessionSnapshot, Touched } from '@segue/scxml'
import { describe, expect, it } from 'vitest'
import { differenceOf } from '../../../scxml/test/codec/same-graph.ts'
import { failureOf, mergeTouched, realms, ScriptWorld, touchedAll } from '../../../scxml/test/script/script-world.ts'
import { saving } from '../../src/session/saver.ts'
import type { SavedMarks, Saving } from '../../src/session/saver.ts'
import { foldStored } from '../../src/session/stored-form.ts'
import { randomChanges } from './random-changes.ts'

const dataIds = ['x', 'y', 'z']
const firstChange = 2

describe.each(realms)('P3: differences of random graphs in the %s', (name, makeRealm) => {
  it('what is folded from snapshots and records is the session, with identity, after every step', () => {
    const first = Math.floor(Date.now() / 60_000)
    const counts = { snapshot: 0, redo: 0, nothing: 0, differences: 0 }
    for (let seed = first; seed < first + (name === 'same realm' ? 3 : 8); seed += 1) {
      const random = randomOf(seed)
      const pick = (n: number): number => Math.floor(random() * n)
      // Small groups count too; one seed in three has what a program would have.
      const options = { dataIds, ...(seed % 3 !== 0 && { minTrackedChars: 1 }) }
      const reader = new ScriptWorld(makeRealm(), randomChanges, options)
      let world = new ScriptWorld(makeRealm(), randomChanges, options)
      const stored = new Stored()
      for (let step = 0; step < 70; step += 1) {
        const where = `seed ${seed} step ${step}`
        world.enter()
        const data = JSON.stringify({ p: Array.from({ length: 4 * (1 + pick(4)) }, () => pick(1000)) })
        world.event({ data })
        let touched: Touched | undefined
        if (step === 0) {
          world.program.run(0)
          world.program.run(1)
          touched = touchedAll
        } else
          for (let times = 1 + pick(2); times > 0; times -= 1) {
            const id = firstChange + pick(randomChanges.length - firstChange)
            failureOf(() => world.program.run(id))
            touched = mergeTouched(touched, world.compiled.pieces[id]?.touches)
          }
        world.program.leave()

        const saved = stored.take(world, touched, pick(40) === 0)

        counts[saved.save] += 1
        counts.differences += Object.keys(stored.lastRecord?.differences ?? {}).length
        const scope = stored.scope()
        const shown = world.program.show(world.scope)
        expect(reader.program.show(reader.program.load(scope)), where).toEqual(shown)
        const again = world.program.load(scope)
        expect(differenceOf(partsOf(world.scope), partsOf(again)), where).toBe(undefined)
        if (pick(12) > 0) continue
        // Another process goes on.
        world = new ScriptWorld(makeRealm(), randomChanges, options)
        world.program.leave()
        world.scope = world.program.load(scope)
        stored.marks = undefined
      }
    }
    expect(counts.differences, JSON.stringify(counts)).toBeGreaterThan(counts.snapshot)
    expect(counts.redo).toBeGreaterThan(100)
  }, 120_000)
})

/** What a store would hold of one session, written by the real saver. */
class Stored {
  marks: SavedMarks | undefined
  lastRecord: { readonly differences?: object } | undefined
  #state: Uint8Array = new Uint8Array()
  #redo: readonly Uint8Array[] = []

  take(world: ScriptWorld, touched: Touched | undefined, wantsSnapshot: boolean): Saving {
    const { program, scope } = world
    // As after loading: what was written last is not known.
    this.marks ??=
      this.#state.length === 0
        ? undefined
        : { ...noMarks, groups: new Map(), snapshotSizeBytes: this.#state.length, sizeBytes: 0 }
    const saved = saving(
      {
        frame: () => frame,
        snapshot: (latest) => ({ ...noSnapshot, scope: program.save(scope, latest) }),
        changes: (of) => program.saveChanges(scope, of),
        moduleNames: [],
        slices: noMarks.slices,
        own: noMarks.own,
        touched,
        wantsSnapshot: wantsSnapshot || this.#redo.length >= 64,
      },
      this.marks,
    )
    this.marks = saved.marks
    this.lastRecord = undefined
    if (saved.bytes === undefined) return saved
    if (saved.save === 'snapshot') [this.#state, this.#redo] = [saved.bytes, []]
    else {
      this.#redo = [...this.#redo, saved.bytes]
      this.lastRecord = JSON.parse(new TextDecoder().decode(saved.bytes)) as object
    }
    return saved
  }

  scope(): SavedScope {
    return foldStored({ hash: '', state: this.#state, redo: this.#redo }).snapshot.scope
  }
}

const frame: SessionFrame = {
  isRunning: true,
  configuration: [],
  history: {},
  queue: [],
  timers: {},
  invokes: {},
  bound: [],
  nextId: 0,
}

const noSnapshot: Omit<SessionSnapshot, 'scope'> = {
  format: 2,
  identity: { sessionId: 'S1', parameters: {}, ioProcessors: '{}' },
  frame,
}

const noMarks: Omit<SavedMarks, 'groups' | 'snapshotSizeBytes' | 'sizeBytes'> = {
  frame: JSON.stringify(frame),
  slices: [],
  own: { url: '', children: {} },
}

function partsOf({ data, variables }: { readonly data: object; readonly variables: object }): object {
  return { ...variables, data }
}

function randomOf(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
