import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextRealm } from '../../src/realm/context-realm.ts'
import { script, ScriptWorld, value } from '../../../scxml/test/script/script-world.ts'
import { attackWorld, type AttackWorld } from './attack-world.ts'
import { knownEscapes } from './known-escapes.ts'

describe('known escapes of other sandboxes', () => {
  let common: AttackWorld
  beforeAll(async () => {
    common = await attackWorld()
  })
  afterAll(() => {
    common[Symbol.dispose]()
  })

  it.each(knownEscapes.map((escape) => [escape.name, escape] as const))('%s: stays inside', async (_, escape) => {
    const { library, text = '1', event, isLoaded } = escape
    const world = library === undefined ? common : await attackWorld(library)

    const findings = await world.attack(text, {
      ...(event !== undefined && { event }),
      ...(isLoaded && { isLoaded }),
      limit: 2000,
    })
    const told = world.logged.filter((line) => /^(?:stolen|examined .)/.test(line))
    const later = await world.check()

    expect([...findings, ...told, ...later]).toEqual([])
  })

  it.each([
    ['a name', `try { [].throwOutside() } catch (e) { caught = e }`],
    [
      'a pattern',
      `try { [].throwOutside() } catch ({ constructor: made, message }) { caught = { constructor: made, message } }`,
    ],
    [
      'a pattern in strict code',
      `(function () { 'use strict'; try { [].throwOutside() } catch ({ ...all }) { caught = all; try { [].throwOutside() } catch ({ constructor = 1 }) { caught.constructor = constructor } } })()`,
    ],
    ['evaluated text', `eval("try { [].throwOutside() } catch (e) { caught = e }")`],
    [
      'a generator',
      `(function* () { try { yield* { [Symbol.iterator]: [].throwOutside } } catch (e) { caught = e } })().next()`,
    ],
    [
      'a closure',
      `var seen = []; [1].forEach(function () { try { [].throwOutside() } catch (e) { seen.push(function () { return e }) } }); caught = seen[0]()`,
    ],
  ])('an error of the host that is caught by %s is one of the realm', (_, text) => {
    const realm = contextRealm()
    const give = realm.evaluate('(function (f) { Array.prototype.throwOutside = f })', 'leak')
    if (typeof give === 'function')
      give(() => {
        throw new RangeError('of the host')
      })
    const world = new ScriptWorld(realm, [
      script(text),
      value('caught.constructor.constructor === Function && caught.constructor("return typeof process") + ""'),
    ])

    world.program.run(0)

    expect(world.program.evaluate(1)).not.toBe('object')
    expect(world.program.evaluate(1)).not.toBe(false)
  })

  it.each(['\u2028', '\u2029', '\r', '\n'])('an expression cannot go on behind a comment that %j ends', (end) => {
    const text = `1 //${end}), (function () { return typeof this.Proxy })(`

    const world = new ScriptWorld(contextRealm(), [value(text)])

    expect(() => world.program.evaluate(0)).toThrow('SyntaxError')
  })
})
