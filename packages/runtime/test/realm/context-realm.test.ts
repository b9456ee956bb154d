import { describe, expect, it } from 'vitest'
import { contextRealm } from '../../src/realm/context-realm.ts'
import { failureOf, library, script, ScriptWorld, value } from '../../../scxml/test/script/script-world.ts'

describe('context realm', () => {
  const modules = [{ root: 'ixn', functions: ['act'], constants: '{"c":{}}' }]
  const worldOf = (text: string): ScriptWorld =>
    new ScriptWorld(contextRealm(), [value(text)], {
      modules,
      views: { ixn: '{"v":{}}' },
      call: () => ({ ok: true, value: '{"a":{}}' }),
    })

  it.each([
    'this',
    '_event',
    '_event.data',
    '_data',
    '_genesys',
    '_genesys.ixn',
    '_genesys.ixn.act',
    '_genesys.ixn.act()',
    '_genesys.ixn.c',
    '_genesys.ixn.v',
    '__Log',
    'In',
    '__GetCurrentStates()',
    '_ioprocessors',
    'eval',
    'Function',
    'Date',
    'new Date()',
    'Math',
    'Proxy',
    'JSON',
    'uneval',
    '[].toSource',
    '(function () { try { null.x } catch (e) { return e } })()',
    '(function () { try { _genesys.ixn.act(Symbol()) ; __Raise(Symbol()) } catch (e) { return e } return {} })()',
    '(function f() { try { f() } catch (e) { return e } return {} })() || {}',
    'Object.getOwnPropertyDescriptor(Object.prototype, "toString").set',
  ])('E9 E13: the constructor chain of %s does not lead out', (text) => {
    const world = worldOf(
      `(function (x) { var r = []; for (var d = 0; d < 4 && x; d++) { try { r.push(x.constructor.constructor('return typeof process + typeof require')()) } catch (e) { r.push(e.name) } x = Object.getPrototypeOf(x) } return r.join() })(${text})`,
    )
    world.event({})

    const answer = String(world.program.evaluate(0))
    expect(answer).not.toContain('object')
    expect(answer.replaceAll('undefinedundefined', '').replaceAll('TypeError', '').replaceAll(',', '')).toBe('')
  })

  it('E9: what runs outside of a step is not there', () => {
    const world = worldOf(
      '["Promise", "WeakRef", "FinalizationRegistry", "WebAssembly", "SharedArrayBuffer", "Atomics", "ArrayBuffer", "Uint8Array", "console", "queueMicrotask", "setTimeout"].filter(function (n) { return n in (0, eval)("this") || n in (function () { return this })() }).join()',
    )

    expect(world.program.evaluate(0)).toBe('')
    expect(failureOf(() => worldOf('eval("async function f() {}")').program.evaluate(0))?.type).toBe('SyntaxError')
    expect(failureOf(() => worldOf('eval("import(\'fs\')")').program.evaluate(0))?.type).toBe('SyntaxError')
  })

  it('E11: every intrinsic is frozen, and so is what generators inherit', () => {
    const world = worldOf(
      '[Object, Object.prototype, Array.prototype, Function.prototype, Date.prototype, Math, JSON, Reflect, Object.getPrototypeOf(function* () {}), Object.getPrototypeOf([].values()), Error, TypeError.prototype, Intl].every(Object.isFrozen)',
    )

    expect(world.program.evaluate(0)).toBe(true)
  })

  it('E11: polyfills of document-level scripts stay, replaced members do not', () => {
    const world = new ScriptWorld(contextRealm(), [
      library(
        'var calls = 0; if (!String.prototype.shout) { String.prototype.shout = function () { return this.toUpperCase() } } Array.prototype.join = function () { return "broken" }; delete Array.prototype.map; nothing.here',
      ),
      library('Array.prototype.afterFailure = 1'),
      value('"a".shout() + [1, 2].join("-") + typeof [].map + [].afterFailure'),
      value('typeof calls'),
    ])

    expect(world.program.evaluate(2)).toBe('A1-2function1')
    expect(world.program.evaluate(3)).toBe('undefined')
  })

  it('one session cannot leave anything for another', () => {
    const world = new ScriptWorld(contextRealm(), [
      script(`
        var tries = [
          function () { Object.prototype.leak = 1 }, function () { Array.prototype.push = null }, function () { (0, eval)("this").leak = 1 },
          function () { (function () { return this })().leak = 1 }, function () { Object.getPrototypeOf(globalThis).leak = 1 },
          function () { globalThis.__proto__.shared = 1 }, function () { shared.leak = 1 }, function () { shared.prototype.leak = 1 },
          function () { Object.defineProperty(Object.getPrototypeOf(globalThis), "shared", { value: 1 }) }, function () { Math.leak = 1; JSON.leak = 1 },
          function () { __Log.leak = 1; In.leak = 1; eval.leak = 1; Function.leak = 1 }, function () { Error.prepareStackTrace = null; Error.stackTraceLimit = 0 },
          function () { RegExp.prototype.leak = 1; /x/.constructor.leak = 1 }, function () { shared = 2 },
        ];
        for (var t of tries) { try { t() } catch (e) {} }`),
      library('function shared() { return "shared" } function other() { return 1 }'),
      value(
        '[typeof leak, typeof {}.leak, typeof shared, typeof shared.leak, typeof Math.leak, typeof __Log.leak, typeof eval.leak, typeof Function.leak, [].push(1), typeof /x/.leak].join()',
      ),
    ])
    world.program.run(1)
    world.program.run(0)
    world.program.leave()
    world.enter(world.newScope())
    world.program.run(1)

    expect(world.program.evaluate(2)).toBe(
      'undefined,undefined,function,undefined,undefined,undefined,undefined,undefined,1,undefined',
    )
  })

  it('E13: a stack shows frames of the application only', () => {
    const world = new ScriptWorld(contextRealm(), [
      script('function f() { return g() } function g() { return new Error("m").stack }'),
      value('f()'),
    ])
    world.program.run(0)

    const lines = String(world.program.evaluate(1)).split('\n')
    expect(lines[0]).toBe('Error: m')
    expect(lines.slice(1).every((line) => line.includes('segue-application:'))).toBe(true)
    expect(lines).toHaveLength(4)
  })

  it('E13: not even the probe for polyfills gets hold of stack frames', () => {
    const world = new ScriptWorld(contextRealm(), [
      library(`Error.prepareStackTrace = function (e, frames) { return frames };
        Array.prototype.seen = typeof new Error('m').stack; Array.prototype.capture = typeof Error.captureStackTrace;
        Array.prototype.outside = [0].map(function () { return typeof this.process })[0]`),
      value('[].seen + [].capture + [].outside'),
    ])

    expect(world.program.evaluate(1)).toBe('stringundefinedundefined')
  })
})
