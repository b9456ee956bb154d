import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextRealm } from '../../src/realm/context-realm.ts'
import { attackWorld, type AttackWorld } from './attack-world.ts'
import { grid, startingValues, techniques } from './grid.ts'

const { cells, left } = grid()

describe('the harness', () => {
  it('tells when an object of the host is within reach', async () => {
    const leaky = (): ReturnType<typeof contextRealm> => {
      const realm = contextRealm()
      const give = realm.evaluate('(function (leaked) { Math.leaked = leaked })', 'leak')
      if (typeof give === 'function') give(() => 1)
      return realm
    }
    using world = await attackWorld('', leaky)

    const findings = await world.attack('take(Math)')

    expect(findings.join()).toContain('H-3f0e7a61-host')
    expect(findings.join()).toContain('host canary: global')
  })

  it('tells when a session leaves something for another one', async () => {
    using world = await attackWorld('Array.prototype.store = new Map()', contextRealm)
    await world.attack('1')
    expect(await world.check()).toEqual([])

    await world.stepper.event('HONEST', 'arm', { data: { secret: 'changed' } })

    expect((await world.check()).join()).toContain('another session sees')
  })
})

describe('the grid of starting values and techniques', () => {
  let world: AttackWorld
  beforeAll(async () => {
    world = await attackWorld()
  })
  afterAll(() => {
    world[Symbol.dispose]()
  })

  it('has at least fifteen values and twelve techniques', () => {
    expect(startingValues.length).toBeGreaterThanOrEqual(15)
    expect(techniques.length).toBeGreaterThanOrEqual(12)
    expect(cells.length + left.length).toBe(startingValues.length * techniques.length)
  })

  it.each(startingValues.map(({ name }) => name))('nothing leads out of %s', async (name) => {
    const row = cells.filter(({ start }) => start.name === name)
    const found: string[] = []

    for (const { start, technique, text } of row) {
      const findings = await world.attack(text, { isLoaded: start.isLoaded === true })
      found.push(...findings.map((finding) => `${technique.name}: ${finding}`))
    }
    found.push(...(await world.check()))

    expect(found).toEqual([])
  })
})
