import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { fileJournal, memoryJournal } from '../../src/voice/simulated/journal.ts'
import { switchWorld } from './switch-world.ts'
import { VirtualClock } from './virtual-clock.ts'

const folders: string[] = []
const temporaryPath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'switch-journal-'))
  folders.push(folder)
  return join(folder, 'journal.jsonl')
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

describe.each([
  ['memory', memoryJournal],
  ['file', () => fileJournal(temporaryPath())],
])('switch journal in %s', (_name, open) => {
  it('a switch that was killed ends the calls that were alive as lost, exactly once', () => {
    const journal = open()
    const clock = new VirtualClock()
    const first = switchWorld({ journal, clock })
    const ended = first.call({ patienceS: 1 })
    clock.advance({ seconds: 2 })
    const alive = first.call()
    first.simulatedSwitch[Symbol.dispose]()

    const second = switchWorld({ journal, clock })
    const states = second.simulatedSwitch.endStates().map(({ callId, endState }) => [callId, endState])
    const told = second.simulatedSwitch.events.after(0, 10).map(({ event }) => event)
    second.simulatedSwitch[Symbol.dispose]()
    const third = switchWorld({ journal, clock })

    expect(states).toEqual([
      [ended, 'abandoned'],
      [alive, 'lost'],
    ])
    expect(told).toEqual([{ kind: 'callEnded', callId: alive, cause: 'lost' }])
    expect(third.simulatedSwitch.endStates()).toEqual(second.simulatedSwitch.endStates())
    expect(third.simulatedSwitch.events.after(0, 10)).toEqual([])
    expect(third.simulatedSwitch.counters()).toMatchObject({ arrived: 2, alive: 0, ended: { lost: 1, abandoned: 1 } })
  })

  it('keys of the earlier life are answered and not performed again', () => {
    const journal = open()
    const clock = new VirtualClock()
    const first = switchWorld({ journal, clock })
    const callId = first.call()
    first.simulatedSwitch.perform('k1', { kind: 'clear', callId })
    first.simulatedSwitch[Symbol.dispose]()

    const second = switchWorld({ journal, clock })

    expect(second.simulatedSwitch.perform('k1', { kind: 'clear', callId })).toEqual({ ok: true })
    expect(second.simulatedSwitch.perform('k2', { kind: 'clear', callId })).toMatchObject({ ok: false })
  })

  it('neither call ids nor event numbers come twice, even with the same seed at the same time', () => {
    const journal = open()
    const clock = new VirtualClock()
    const lives = [1, 2, 3].map(() => {
      const world = switchWorld({ journal, clock })
      const callIds = [world.call(), world.call()]
      const sequences = world.simulatedSwitch.events.after(0, 100).map(({ sequence }) => sequence)
      world.simulatedSwitch[Symbol.dispose]()
      return { callIds, sequences }
    })

    const callIds = lives.flatMap((life) => life.callIds)
    const sequences = lives.flatMap((life) => life.sequences)

    expect(new Set(callIds).size).toBe(6)
    expect(new Set(sequences).size).toBe(sequences.length)
    expect(sequences.toSorted((a, b) => a - b)).toEqual(sequences)
  })

  it('an orderly end makes the table complete', () => {
    const journal = open()
    const world = switchWorld({ journal })
    const callId = world.call()

    world.simulatedSwitch.close()

    expect(world.simulatedSwitch.endStates()).toMatchObject([{ callId, endState: 'lost' }])
    expect(world.simulatedSwitch.perform('k', { kind: 'clear', callId })).toMatchObject({ ok: false })
  })
})

describe('file journal', () => {
  it('a line that a kill cut off is ignored and does not spoil what follows', () => {
    const path = temporaryPath()
    const clock = new VirtualClock()
    const first = switchWorld({ journal: fileJournal(path), clock })
    first.call()
    first.simulatedSwitch[Symbol.dispose]()
    appendFileSync(path, '{"kind":"end","callId":"AB')

    const second = switchWorld({ journal: fileJournal(path), clock })
    second.call()
    second.simulatedSwitch[Symbol.dispose]()

    expect(switchWorld({ journal: fileJournal(path), clock }).simulatedSwitch.counters().ended.lost).toBe(2)
  })

  it('a file that is no journal is refused with its path and line', () => {
    const path = temporaryPath()
    writeFileSync(path, 'hello\n{"kind":"start","incarnation":1}\n')

    expect(() => switchWorld({ journal: fileJournal(path) })).toThrowError(/journal ".*" is damaged at line 1/)
  })

  it('rows beyond the limit are forgotten but stay counted over restarts', () => {
    const path = temporaryPath()
    const clock = new VirtualClock()
    const limits = { endedCalls: 2 }
    const first = switchWorld({ journal: fileJournal(path), clock, limits })
    for (let i = 0; i < 5; i += 1) first.call({ patienceS: 1 })
    clock.advance({ seconds: 2 })
    first.simulatedSwitch[Symbol.dispose]()
    switchWorld({ journal: fileJournal(path), clock, limits }).simulatedSwitch[Symbol.dispose]()

    const third = switchWorld({ journal: fileJournal(path), clock, limits })

    expect(third.simulatedSwitch.endStates()).toHaveLength(2)
    expect(third.simulatedSwitch.counters()).toMatchObject({ arrived: 5, ended: { abandoned: 5 } })
  })
})

describe('a long journal', () => {
  it('is written anew with what is still needed, and nothing is forgotten by that', () => {
    const path = temporaryPath()
    const clock = new VirtualClock()
    const world = switchWorld({ journal: fileJournal(path), clock, limits: { recordsBeforeAccount: 50 } })
    const alive = world.call()
    world.simulatedSwitch.perform('living', { kind: 'setUserData', callId: alive, put: { a: 1 }, remove: [] })
    for (let i = 0; i < 300; i += 1) {
      world.simulatedSwitch.perform(`k${i}`, { kind: 'clear', callId: 'gone' })
    }
    world.simulatedSwitch.perform('last', { kind: 'clear', callId: 'gone' })
    const ended = world.call({ patienceS: 1 })
    clock.advance({ seconds: 2 })
    world.simulatedSwitch[Symbol.dispose]()
    const kinds = fileJournal(path)
      .read()
      .map((record) => record.kind)

    const next = switchWorld({ journal: fileJournal(path), clock })

    expect(kinds.filter((kind) => kind === 'start')).toHaveLength(1)
    expect(next.simulatedSwitch.endStates().map((row) => [row.callId, row.endState])).toEqual([
      [ended, 'abandoned'],
      [alive, 'lost'],
    ])
    expect(next.simulatedSwitch.perform('living', { kind: 'clear', callId: alive })).toEqual({ ok: true })
    expect(next.simulatedSwitch.perform('k0', { kind: 'clear', callId: ended })).toMatchObject({
      description: expect.stringContaining('"gone"'),
    })
  })
})
