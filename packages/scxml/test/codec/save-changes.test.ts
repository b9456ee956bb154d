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
    let differences = 0
    for (let seed = first; seed < first + 14; seed += 1) {
      const isCalm = seed % 2 === 0
      const random = randomOf(seed)
      const pick = (n: number): number => Math.floor(random() * n)
      const world = new ScriptWorld(makeRealm(), pieces, { dataIds, minTrackedChars: seed % 3 === 0 ? 400 : 1 })
      const twin = new ScriptWorld(makeRealm(), pieces, { dataIds })
      const reader = new ScriptWorld(makeRealm(), pieces, { dataIds })
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
          differences += Object.keys(changes.differences ?? {}).length
        }

        const full = twin.program.save(twin.scope)
        expect(reader.program.show(reader.program.load(saved)), `seed ${seed} step ${step}: ${told.at(-1)}`).toEqual(
          full,
        )
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
    expect(partial).toBeGreaterThan(60)
    expect(differences).toBeGreaterThan(30)
  }, 60_000)

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

  it.each([
    [
      'Object.defineProperty(list, "hidden", { value: 1, enumerable: false })',
      'Object.getOwnPropertyNames(list).length',
      102,
    ],
    [
      'Object.defineProperty(via, "hidden", { value: 1, enumerable: false })',
      'Object.getOwnPropertyNames(list).length',
      102,
    ],
    ['Object.freeze(list[7])', 'Object.isFrozen(list[7])', true],
    ['Object.seal(list[7])', 'Object.isSealed(list[7])', true],
    ['Reflect.preventExtensions(list[7])', 'Object.isExtensible(list[7])', false],
    ['Object.setPrototypeOf(list[7], list[8])', 'Object.getPrototypeOf(list[7]) === list[8]', true],
    ['list[7].__proto__ = list[8]', 'Object.getPrototypeOf(list[7]) === list[8]', true],
    ['list[7].__defineGetter__("n", function () { return 70 })', 'list[7].n', 70],
    ['list[7].__defineSetter__("n", function () {})', 'typeof list[7].n', 'undefined'],
    ['Object.defineProperties(list[7], { n: { enumerable: false } })', 'Object.keys(list[7]).length', 0],
    ['list[7][Symbol.for("s")] = 1', 'list[7][Symbol.for("s")]', 1],
    ['list[Symbol.for("s")] = 1', 'list[Symbol.for("s")]', 1],
    ['list.extra = 1', 'list.extra', 1],
    ['list[0].n = -0', '1 / list[0].n', -Infinity],
    ['list[0].n = NaN', 'list[0].n', NaN],
    ['list[7] = undefined', '7 in list && list[7] === undefined', true],
    ['delete list[7]', '7 in list', false],
    ['delete list[7]; list.extra = 1', '7 in list', false],
    ['list[7] = { "a\\nb": 1, c: 2 }; list[8] = { a: 1, "b\\nc": 2 }', 'Object.keys(list[8]).join()', 'a,b\nc'],
    ['list.length = 90', 'list.length', 90],
  ])('P3: a difference holds what only a closer look shows: %s', (change, look, wanted) => {
    const pieces = [
      script('var list = [], via; for (var i = 0; i < 100; i++) list.push({ n: i }); via = new Proxy(list, {})'),
      script('list[5].n++'),
      script(change),
      value(look),
    ]
    const changed: Touched = { isDeep: true, names: [], reads: ['$.list'], takesViews: false }
    const world = new ScriptWorld(makeRealm(), pieces)
    world.program.run(0)
    let saved = fold({ groups: {} }, world.program.saveChanges(world.scope, touchedAll))
    for (const id of [1, 2]) {
      world.program.run(id)
      const changes = world.program.saveChanges(world.scope, changed)
      expect(Object.keys(changes.differences ?? {}).length + Object.keys(changes.groups).length).toBe(1)
      saved = fold(saved, changes)
    }
    world.program.leave()
    world.enter(world.program.load(saved))

    expect(world.program.evaluate(3)).toBe(wanted)
  })

  it('sessions give up what finding differences takes when all of them together take too much', () => {
    const pieces = [
      script('var list = []; for (var i = 0; i < 100; i++) list.push({ n: i })'),
      script('list[5].n++'),
      value('list[5].n'),
    ]
    const changed: Touched = { isDeep: true, names: [], reads: ['$.list'], takesViews: false }
    const world = new ScriptWorld(makeRealm(), pieces, { maxShadowBytes: 40_000 })
    const sessions = [world.scope, world.newScope(), world.newScope()].map((scope) => ({
      scope,
      saved: { groups: {} } as SavedScope,
    }))
    const told: string[] = []
    const step = (index: number, id: number): void => {
      const session = sessions[index]
      if (session === undefined) return
      world.enter(session.scope)
      world.program.run(id)
      const changes = world.program.saveChanges(session.scope, changed)
      told.push(changes.differences === undefined ? 'whole' : 'difference')
      session.saved = fold(session.saved, changes)
    }
    for (const index of [0, 1, 2]) step(index, 0)
    for (const index of [2, 2, 1, 1, 0, 0, 2]) step(index, 1)

    // Of three there is room for one.
    expect(told.slice(3)).toEqual(['difference', 'difference', 'whole', 'difference', 'whole', 'difference', 'whole'])
    for (const [index, wanted] of [7, 7, 8].entries()) {
      world.program.leave()
      world.enter(world.program.load(sessions[index]?.saved ?? { groups: {} }))
      expect(world.program.evaluate(2)).toBe(wanted)
    }
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

function fold(saved: SavedScope, { differences, gone, groups, order }: ScopeChanges): SavedScope {
  const kept = Object.entries(saved.groups).filter(([key]) => !gone.includes(key))
  const next = order ?? saved.order
  const texts = { ...Object.fromEntries(kept), ...groups }
  for (const [key, line] of Object.entries(differences ?? {})) texts[key] = `${texts[key] ?? ''}\n${line}`
  return { groups: texts, ...(next && { order: next }) }
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
