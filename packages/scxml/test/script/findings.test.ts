import { describe, expect, it } from 'vitest'
import { compileScripts } from '../../src/script/compile-scripts.ts'
import type { Dialect } from '../../src/read/document.ts'
import { scriptFaults } from '../../src/script/faults.ts'
import { failureOf, library, location, piece, script, ScriptWorld, value, type PieceText } from './script-world.ts'
import { sameRealm } from '../../src/script/same-realm.ts'

function findings(pieces: readonly PieceText[], dialect: Dialect = 'orchestration'): readonly string[] {
  const { diagnostics } = compileScripts({ dialect, dataIds: ['datum'], pieces: pieces.map(piece) })
  return diagnostics.map(({ code, severity, span, message }) => `${code} ${severity} ${span.start}: ${message}`)
}

function writes(...pieces: PieceText[]): unknown {
  const compiled = compileScripts({ dialect: 'orchestration', dataIds: ['datum'], pieces: pieces.map(piece) })
  const last = compiled.pieces.at(-1)?.writes
  return last?.kind === 'names' ? last.names : last?.kind
}

describe('findings in scripts', () => {
  it('E1: a syntax error is told at its own place', () => {
    expect(findings([script('var a = 1;\nvar b = ;')])).toEqual([
      'SEG-SCRIPT-001 error 19: syntax error: unexpected token',
    ])
    expect(findings([value('a b')])).toEqual(['SEG-SCRIPT-001 error 2: syntax error: unexpected token'])
    expect(findings([value('a) + (b')])[0]).toContain('SEG-SCRIPT-001')
  })

  it.each([
    ['import("x")', '"import()"'],
    ['async function f() {}', 'an async function'],
    ['with (a) { b }', '"with"'],
    ['return 1', '"return" outside'],
    ['var f = async () => 1', 'an async function'],
  ])('E1: %s is refused with what to write instead', (text, construct) => {
    const { diagnostics } = compileScripts({
      dialect: 'orchestration',
      dataIds: [],
      pieces: [piece(script(`var a, b; ${text}`))],
    })

    expect(diagnostics[0]?.code).toBe('SEG-SCRIPT-002')
    expect(diagnostics[0]?.message).toContain(construct)
    expect(diagnostics[0]?.hint?.length).toBeGreaterThan(10)
  })

  it('a name that nothing declares is warned about once per piece, never under typeof', () => {
    expect(
      findings([
        value('price + price'),
        value('typeof other'),
        value('other'),
        script('var a; b = 1; function f(x) { return x + a + b + datum + arguments.length }'),
        location('c'),
        value('a + b + c + f() + _event + Math.PI + __Log'),
      ]),
    ).toEqual(['SEG-SCRIPT-003 warning 0: name "price" is read but nothing declares it'])
  })

  it('a location has to be a place', () => {
    expect(findings([location("'continue'")])).toEqual([
      `SEG-SCRIPT-004 error 0: "'continue'" is not a place that can be written to`,
    ])
    expect(findings([location('f()')])[0]).toContain('SEG-SCRIPT-004')
    expect(findings([location('a?.b')])[0]).toContain('SEG-SCRIPT-004')
  })

  it('in the W3C dialect findings are warnings and the piece fails when it is run', () => {
    expect(findings([value('!')], 'w3c')[0]).toContain('SEG-SCRIPT-001 warning')
    const world = new ScriptWorld(sameRealm(), [value('!'), location("'x'")], { dialect: 'w3c' })

    expect(failureOf(() => world.program.evaluate(0))).toMatchObject({ type: 'SyntaxError' })
    expect(failureOf(() => world.program.assign(1, 1))).toMatchObject({ type: 'SyntaxError' })
  })

  it('hostile texts give findings, never exceptions', () => {
    expect(findings([script('x'.repeat(1_048_577))])[0]).toContain('SEG-SCRIPT-005')
    expect(findings(Array.from({ length: 17 }, () => script(' '.repeat(1_048_576))))[0]).toContain('SEG-SCRIPT-005')
    for (const text of [
      '('.repeat(100_000),
      `${'['.repeat(5000)}1${']'.repeat(5000)}`,
      Array(5000).fill('1').join('+'),
    ]) {
      expect(findings([value(text)])[0]).toMatch(/SEG-SCRIPT-00[16]/)
    }
    expect(findings([value('\u0000')])[0]).toContain('SEG-SCRIPT-001')
  })

  it('names of the generated text never meet names of the customer', () => {
    const world = new ScriptWorld(sameRealm(), [
      script('var $s = 1, $p = 2, $$s = 3, $k = 4; function f($s) { return $s + $p + $k }'),
      value('f(1) + $s + $$s'),
    ])
    world.program.run(0)

    expect(world.program.evaluate(1)).toBe(11)
  })

  it('every fault has a hint', () => {
    for (const fault of Object.values(scriptFaults)) expect(fault.hint.length).toBeGreaterThan(0)
  })
})

describe('P2: what a piece may write', () => {
  it.each<[string, PieceText[], unknown]>([
    ['a comparison', [value('_event.data.requestid == a["x"] && typeof b == "undefined"')], 'nothing'],
    [
      'pure methods and intrinsics',
      [value('"a".indexOf("b") + Math.floor(x) + parseInt(y, 10) + _event.toSource() + new Date().getTime()')],
      'nothing',
    ],
    ['module functions and logging', [script('__Log(_genesys.session.dayInZone("x"))')], 'nothing'],
    [
      'assignments',
      [script('var a = 1; b = a; datum = 2; _data.other = 3')],
      ['$.a', '$.b', '_data.datum', '_data.other'],
    ],
    ['a member', [script('a.b = 1')], 'deep'],
    ['a mutating method', [script('a.push(1)')], 'deep'],
    [
      'a call to a pure function',
      [library('function f(x) { var y = x; return g(y) } function g(y) { return y + 1 }'), value('f(1)')],
      'nothing',
    ],
    ['a call to a function that assigns', [library('function f() { n = n + 1 }'), value('f()')], ['$.n']],
    ['a call to a function that writes deeply', [library('function f(x) { x.a = 1 }'), value('f(datum)')], 'deep'],
    ['a function variable', [library('var f = function () {}'), value('f()')], 'deep'],
    ['eval', [value('eval("a = 1")')], 'deep'],
    ['delete', [script('delete a.b')], 'deep'],
    ['a location by name', [location('datum')], ['_data.datum']],
    ['a location of _data', [location('_data.x')], ['_data.x']],
    ['a deeper location', [location('a.b')], 'deep'],
    ['reading where accessors may run code', [library('var o = { get x() { return n++ } }'), value('o.x')], 'deep'],
    [
      'own toString',
      [library('function Q() {} Q.prototype.toString = function () { n++; return "" }'), value('"" + q')],
      'deep',
    ],
    [
      'a method name that the application defines',
      [library('var o = { indexOf: function () { n++ } }'), value('o.indexOf(1)')],
      'deep',
    ],
  ])('%s', (_name, pieces, expected) => {
    expect(writes(...pieces)).toEqual(expected)
  })
})
