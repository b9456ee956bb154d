import { describe, expect, it } from 'vitest'
import { compileScripts } from '../../src/script/compile-scripts.ts'
import type { SavedScope, ScopeChanges, Touched } from '../../src/script/contract.ts'
import { mergeTouched, touchedAll } from '../../src/script/touch.ts'
import {
  failureOf,
  library,
  location,
  piece,
  realms,
  script,
  ScriptWorld,
  value,
  type PieceText,
} from '../script/script-world.ts'
import { differenceOf } from './same-graph.ts'

const declarations = library(`
  function Item(n) { this.n = n; this.parts = [] }
  Item.prototype.grow = function (x) { this.parts.push(x); return this.parts.length };
  function keep(x) { _data.kept.push(x) }
  function link(x) { x.linked = b }
  function hide() { var t = c; t.hidden = { n: 1 } }
  function rename() { a = b }
  function nested(x) { keep(x); link(x) }
  function sum(list) { var n = 0; for (var i = 0; list && i < list.length; i++) n += list[i].n; return n }
  function counter(o) { var n = 0, kept = o; function set(x) { kept = x } return function (x) { n++; kept.calls = n; if (x) set(x); return kept } }
  function own() { this.selfMade = { by: a } }
`)

const setUp = script(`
  var a = { n: 1 }, b = { list: [a] }, c = [1, { deep: { n: 2 } }], d = 5, e = "text", f = function (x) { x.touched = b };
  _data.x = a; _data.y = { n: 3 }; _data.kept = []; _data.z = new Date(5)`)

const dataIds = ['x', 'y', 'z', 'kept', 'datum']

/** What steps are made of. Some fail where a name holds nothing: what they did before that counts too. */
const actions: readonly string[] = [
  'a = { n: 2 }',
  'a = b',
  'a = null',
  'd = counter(a)',
  'd(b)',
  'a.k = counter(c)',
  'a.k(a)',
  'c = [d, a.k]',
  'e = d()',
  '_data.y = counter(_data.x)',
  '_data.y(d)',
  'b = { list: [] }',
  'b = { list: [a], back: c }',
  'c = [a, b]',
  'c = b.list',
  'd = d + 1',
  'd = a',
  'd = sum(b.list)',
  'e = e + "x"',
  'a.k = b',
  'a.n++',
  'a.k = undefined',
  'b.list.push(a)',
  'b.list.push({ n: d })',
  'b.list.pop()',
  'c[0] = a; c.length = 1',
  'c.push(_event)',
  'delete a.k',
  'delete b.list',
  'delete d',
  'delete a',
  'delete _data.y',
  '_data.x = a',
  '_data.x = null',
  '_data.y = { of: _data.x }',
  '_data.y.n = 4',
  '_data.x.via = _data.y',
  '_data.z.setTime(7)',
  '_data["y"] = b',
  '_data.kept.push(a)',
  '_data.kept = []',
  '_data.fresh = [a]',
  'datum = c',
  'datum = 1',
  'keep(a)',
  'keep({ n: 9 })',
  'link(a)',
  'link(_data.y)',
  'hide()',
  'rename()',
  'nested(c)',
  'own()',
  'f(c)',
  'f = function (x) { x.again = a }',
  'var fresh1 = a',
  'var fresh2 = { n: 1 }; fresh2.n = 2',
  'fresh2.n = 3; fresh1 = fresh2',
  'var self = this',
  'self.made = b',
  'var all = _data',
  'all.other = a',
  'var item = new Item(a)',
  'item.grow(b)',
  'item.parts[0].n = 8',
  'd = new Item(1); d.grow(c)',
  'for (var i = 0; i < b.list.length; i++) b.list[i].seen = true',
  'for (var k in a) d = a[k]',
  'c.forEach(function (one) { one.each = d })',
  'b.list.sort(function (p, q) { return p.n - q.n })',
  'try { a.k.k.k = 1 } catch (error) { d = { message: error.message } }',
  '(function () { var t = b; t.inner = [t] })()',
  'eval("a.evaluated = _data.y")',
  'var made = new Function("x", "x.byText = b"); made(a)',
  'made(c)',
  'var last = /x/g.exec("axb"); var rx = /a/g',
  'rx.test("banana")',
  'e = "banana".match(rx)',
  'Object.freeze(c)',
  'var map = new Map(); map.set(a, b)',
  'map.get(a).inMap = 1',
  'map.clear()',
]

/** Those after which nothing is known any more about the session: only in every second run. */
const isWild = (action: string): boolean => /eval|Function|made|self|all\b|own\(/.test(action)
const calm = actions.flatMap((action, index) => (isWild(action) ? [] : [index]))

/** Values that are assigned to places by the engine. */
const values = ['a', '_data.y', '[b]', '5', 'a.k', '({ c: c })', '_event.data', 'b.list']
const places = ['a', 'b', 'd', '_data.x', '_data.w', 'a.k', 'b.list[0]', 'datum', 'c[1].deep']

describe.each(realms)('P2: saving what changed in the %s', (_, makeRealm) => {
  const pieces: readonly PieceText[] = [
    declarations,
    setUp,
    ...actions.map(script),
    ...values.map(value),
    ...places.map(location),
  ]
  const compiled = compileScripts({ dialect: 'orchestration', dataIds, pieces: pieces.map(piece) })
  const firstValue = 2 + actions.length
  const firstPlace = firstValue + values.length

  /** Runs one random piece as the engine does, and says what it may have changed. */
  const act = (world: ScriptWorld, isCalm: boolean, pick: (n: number) => number): Touched | undefined => {
    if (pick(5) > 0) {
      const id = 2 + (isCalm ? (calm[pick(calm.length)] ?? 0) : pick(actions.length))
      failureOf(() => world.program.run(id))
      return compiled.pieces[id]?.touches
    }
    const from = firstValue + pick(values.length)
    const to = firstPlace + pick(places.length)
    let links: Touched | undefined
    failureOf(() => {
      const assigned = world.program.evaluate(from)
      const isObject = (typeof assigned === 'object' && assigned !== null) || typeof assigned === 'function'
      if (isObject) links = compiled.pieces[from]?.links
      world.program.assign(to, assigned)
    })
    return mergeTouched(links, mergeTouched(compiled.pieces[from]?.touches, compiled.pieces[to]?.touches))
  }

  it('what changed, folded into what was saved, is what a full save gives, after every step', () => {
    const first = Math.floor(Date.now() / 60_000)
    let partial = 0
    for (let seed = first; seed < first + 24; seed += 1) {
      const isCalm = seed % 2 === 0
      const random = randomOf(seed)
      const pick = (n: number): number => Math.floor(random() * n)
      const world = new ScriptWorld(makeRealm(), pieces, { dataIds })
      const twin = new ScriptWorld(makeRealm(), pieces, { dataIds })
      for (const one of [world, twin]) {
        one.program.run(0)
        one.program.run(1)
      }
      let saved = fold({ groups: {} }, world.program.saveChanges(world.scope, touchedAll))
      const told: string[] = []
      for (let step = 0; step < 30; step += 1) {
        let touched: Touched | undefined
        const choices: number[] = []
        const remember = (n: number): number => {
          const choice = pick(n)
          choices.push(choice)
          return choice
        }
        const data = JSON.stringify({ step })
        world.event({ data })
        for (let times = 1 + pick(3); times > 0; times -= 1)
          touched = mergeTouched(touched, act(world, isCalm, remember))
        twin.event({ data })
        const again = (): number => choices.shift() ?? 0
        while (choices.length > 0) act(twin, isCalm, again)
        told.push(JSON.stringify(touched))

        if (touched !== undefined || world.program.hasOwnCode(world.scope)) {
          const changes = world.program.saveChanges(world.scope, touched ?? touchedAll)
          saved = fold(saved, changes)
          if (Object.keys(changes.groups).length < Object.keys(saved.groups).length) partial += 1
        }

        const full = twin.program.save(twin.scope)
        expect(saved, `seed ${seed} step ${step}: ${told.at(-1)}`).toEqual(full)
        if (pick(6) > 0) continue
        const before = { ...world.scope.variables, data: world.scope.data }
        world.program.leave()
        world.enter(world.program.load(saved))
        const after = { ...world.scope.variables, data: world.scope.data }
        // Code made from text is not saved: from here on both go on without it.
        const isWhole = world.program.takeUnsaved().length === 0
        if (isWhole) expect(differenceOf(before, after), `seed ${seed} step ${step}`).toBe(undefined)
        twin.program.leave()
        twin.enter(twin.program.load(full))
      }
    }
    expect(partial).toBeGreaterThan(100)
  })

  it('a new variable leaves the texts of all other groups as they are, and the order is right after loading', () => {
    const world = new ScriptWorld(makeRealm(), [
      script('var a = {}, b = {}; _data.x = b; _data.y = 1'),
      script('var c = 3'),
      value('Object.keys(this).join() + Object.keys(_data).join()'),
    ])
    world.program.run(0)
    const before = world.program.save(world.scope)
    world.program.run(1)
    const changes = world.program.saveChanges(world.scope, {
      isDeep: false,
      names: ['$.c'],
      reads: ['$.c'],
      takesViews: false,
    })

    expect(Object.keys(changes.groups)).toEqual(['$.c'])
    expect(changes.order).toEqual(['$.a', '$.b', '$.c', '_data.x', '_data.y'])
    world.program.leave()
    world.enter(world.program.load(fold(before, changes)))
    expect(world.program.evaluate(2)).toBe('a,b,cx,y')
  })

  it('groups of the first format are read, and what changes after that brings the order', () => {
    const world = new ScriptWorld(makeRealm(), [value('Object.keys(_data).join() + (_data.s === s) + s.n')])
    const old = {
      '$.s': 'A[[["$.s",0,[0]],["_data.s",2,[0]]],[["o",0,0,["n",1]]]]',
      '_data.b': 'A[[["_data.b",3,2]],[]]',
      '_data.a': 'A[[["_data.a",1,1]],[]]',
    }
    world.program.leave()
    world.enter(world.program.load({ groups: old }))

    expect(world.program.evaluate(0)).toBe('a,s,btrue1')
    const none: Touched = { isDeep: false, names: [], reads: [], takesViews: false }
    expect(world.program.saveChanges(world.scope, none)).toEqual({
      groups: {},
      gone: [],
      order: ['$.s', '_data.a', '_data.s', '_data.b'],
    })
    expect(world.program.saveChanges(world.scope, none).order).toBe(undefined)
  })
})

function fold(saved: SavedScope, { gone, groups, order }: ScopeChanges): SavedScope {
  const kept = Object.entries(saved.groups).filter(([key]) => !gone.includes(key))
  const next = order ?? saved.order
  return { groups: { ...Object.fromEntries(kept), ...groups }, ...(next && { order: next }) }
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
