import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeEnvelope, encodeEnvelope } from '../../src/entity/envelope.ts'
import { contextRealm } from '../../src/realm/context-realm.ts'
import { createApplications } from '../../src/session/applications.ts'
import type { Shard, ShardStepResponse } from '../../src/session/contract.ts'
import { createInProcessShard } from '../../src/session/in-process-shard.ts'
import { foldStored } from '../../src/session/stored-form.ts'
import { documents } from './documents.ts'

/** What a version of Segue wrote: `start`, then the events `order`, `wait` and `add`; one record in its envelope. */
interface Sample {
  readonly snapshot: unknown
  readonly redo: readonly unknown[]
  readonly envelopeBase64: string
}

const url = 'file:///app/main.scxml'
const text = sampleText('application.scxml')

describe.each(['format-1', 'format-2', 'format-3'])('sessions stored in %s', (format) => {
  const sample = JSON.parse(sampleText(`${format}.json`)) as Sample
  const stored = {
    state: bytesOf(sample.snapshot),
    redo: sample.redo.map(bytesOf),
  }

  it('go on as they were', async () => {
    const { hash, shard } = await loadedShard(text)
    const request = { sessionId: 'S1', nowMs: 2000, seed: 1, openEffects: [], wantsSnapshot: false }

    const look = { kind: 'event', name: 'look' } as const
    const [looked] = await shard.step([{ ...request, version: 5, message: look, stored: { hash, ...stored } }])
    if (looked?.ok !== true) throw new Error('the step failed')
    expect(looked.active).toEqual(['b'])
    expect(looked.trace.map((line): unknown => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        kind: 'log',
        text: 'true 2 3 true true true north true -Infinity false true 5 gi 1',
      }),
    )
    const add = { kind: 'event', name: 'add' } as const
    // What is written from here on folds into what was there.
    let { redo, state }: { redo: readonly Uint8Array[]; state: Uint8Array } = stored
    let step: ShardStepResponse | undefined = looked
    for (let version = 6; version < 10; version += 1) {
      if (step?.ok !== true || step.bytes === undefined) throw new Error('the step saved nothing')
      if (step.save === 'snapshot') [state, redo] = [step.bytes, []]
      else redo = [...redo, step.bytes]
      if (version < 9) [step] = await shard.step([{ ...request, version, message: add, stored: undefined }])
    }
    expect(redo.length).toBeGreaterThan(0)
    const held = await shard.inspect('S1', undefined)
    shard.forget(['S1'])
    const shown = await shard.inspect('S1', { hash, state, redo })
    expect(shown).toEqual(held)
    expect(JSON.parse(shown?.variables ?? '{}')).toMatchObject({ last: { events: { length: 6 } } })
  })

  it('keep their timers and their place in queues', () => {
    const { snapshot } = foldStored({ hash: '', ...stored })

    expect(Object.values(snapshot.frame.timers)).toMatchObject([{ dueEpochMs: 11_000, message: { event: 'late' } }])
    expect(snapshot.identity.sessionId).toBe('S1')
  })

  it('are read from the envelope of the dispatcher', () => {
    const envelope = decodeEnvelope(Buffer.from(sample.envelopeBase64, 'base64'))

    expect(envelope?.sequences).toEqual([['api:test', 7]])
    expect(new TextDecoder().decode(envelope?.body)).toBe(JSON.stringify(sample.redo[0]))
  })
})

describe('sessions stored as a snapshot and differences of format 3', () => {
  it('go on as they were', async () => {
    const sample = JSON.parse(sampleText('format-3-growing.json')) as Sample
    const { hash, shard } = await loadedShard(sampleText('growing.scxml'))
    const stored = { hash, state: bytesOf(sample.snapshot), redo: sample.redo.map(bytesOf) }
    const request = { sessionId: 'S1', nowMs: 2000, seed: 1, openEffects: [], wantsSnapshot: false }

    const look = { kind: 'event', name: 'look' } as const
    const [looked] = await shard.step([{ ...request, version: 6, message: look, stored }])

    if (looked?.ok !== true) throw new Error('the step failed')
    expect(looked.trace.map((line): unknown => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        kind: 'log',
        text: '21 false 1 1 first,third,fourth true x 5 2 -1 true true -Infinity true',
      }),
    )
    // They are written on as differences, without a snapshot before.
    expect(looked.save).toBe('redo')
    expect(JSON.parse(new TextDecoder().decode(looked.bytes))).toHaveProperty('differences')
    const held = await shard.inspect('S1', undefined)
    shard.forget(['S1'])
    const redo = [...stored.redo, looked.bytes ?? new Uint8Array()]
    expect(await shard.inspect('S1', { ...stored, redo })).toEqual(held)
  })

  it('are refused when the group of a difference is missing', () => {
    const sample = JSON.parse(sampleText('format-3-growing.json')) as Sample
    const [first] = sample.redo
    const redo = [bytesOf({ f: 3, goneGroups: ['$.system'] }), bytesOf(first)]

    expect(() => foldStored({ hash: '', state: bytesOf(sample.snapshot), redo })).toThrow('no group "$.system"')
  })
})

describe('stored sessions', () => {
  it('of a format that is not known are refused', () => {
    const state = bytesOf({ f: 4, snapshot: {} })

    expect(() => foldStored({ hash: '', state, redo: [] })).toThrow('format "4"')
  })

  it('may stand in the envelope or without it', () => {
    const sample = JSON.parse(sampleText('format-1.json')) as Sample
    const [state] = [bytesOf(sample.snapshot)]
    const redo = sample.redo.map((one) => encodeEnvelope({ sequences: [], body: bytesOf(one) }))

    expect(foldStored({ hash: '', state, redo })).toEqual(
      foldStored({ hash: '', state, redo: sample.redo.map(bytesOf) }),
    )
  })
})

async function loadedShard(document: string): Promise<{ readonly hash: string; readonly shard: Shard }> {
  const applications = createApplications({
    resolve: documents({ [url]: document }).resolve,
    namespaces: [],
    stored: () => Promise.resolve(undefined),
    clock: { nowMs: () => 0, schedule: () => ({ cancel: () => undefined }) },
    maxAgeS: 60,
  })
  const shard = createInProcessShard({
    modules: [],
    realm: contextRealm,
    server: { name: 'n', cluster: 'c', url: undefined },
  })
  const current = await applications.current(url)
  if (!current.ok) throw new Error('the application has errors')
  await shard.load(current.bundle)
  return { hash: current.bundle.hash, shard }
}

function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function sampleText(name: string): string {
  return readFileSync(new URL(`../corpus/${name}`, import.meta.url), 'utf8')
}
