import { attackText, startingValues, techniques } from './grid.ts'

/** A generator of numbers from 0 to below 1 that a seed determines. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Expressions that make something else of `@`. */
const wrappings: readonly string[] = [
  'Object.getPrototypeOf(@)',
  '(@).constructor',
  '(@).constructor.constructor',
  'Object.getOwnPropertyDescriptors(@)',
  'Object.getOwnPropertyDescriptor(Object.getPrototypeOf(@), "constructor")',
  'Object.values(@)',
  'Reflect.ownKeys(@).map(function (k) { return (@)[k] })',
  'new Proxy(@, {})',
  'new Proxy(@, { get: function (t, k, r) { take(arguments); return Reflect.get(t, k, r) } })',
  'Object.create(@)',
  'Object.assign({}, @)',
  'Object(@)',
  '[@]',
  '({ get it() { return @ } })',
  '({ [Symbol.toPrimitive]: function () { return @ }, toString: function () { return @ } })',
  '(function () { return this }).call(@)',
  '(function () { return arguments }).apply(null, [@])',
  '(function* () { yield @ })()',
  '[...(function* () { yield @ })()]',
  'caught(function () { throw @ })',
  'caught(function () { (@)() })',
  'caught(function () { new (@)() })',
  'eval("(" + uneval(@) + ")")',
  'JSON.parse(JSON.stringify(@))',
  'JSON.parse("[1]", function (k, v) { take(this); return @ })',
  'Function.prototype.bind.call(@, null)',
  'Reflect.construct(Object, [], @)',
  'Reflect.get(@, "constructor", @)',
  'Object.defineProperty(function () {}, "name", { value: @ })',
  'Object.setPrototypeOf({ own: 1 }, @)',
  'Object.setPrototypeOf(function () {}, @)',
  'new (class extends Array { static get [Symbol.species]() { return @ } })(1, 2, 3)',
  'new Error("m", { cause: @ })',
  '[1].map(Function.prototype.call, @)',
  'new Map([[@, @]])',
  '"a".replace("a", function () { take(arguments); return @ })',
  '(@)?.call',
  '(@).__lookupGetter__("__proto__")',
  'eval("@")',
  'new Function("return (@)")()',
  '(0, eval)("(@)")',
]

/** One attack: a starting value, wrapped some times, and one or two techniques. */
export function composeAttack(random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] ?? (list[0] as T)
  let value = pick(startingValues).text
  for (let left = Math.floor(random() * 4); left > 0; left -= 1) {
    const wrapping = pick(wrappings)
    if (value.length > 2000) break
    const isQuoted = wrapping.includes('"@"') || wrapping.includes('(@)")')
    value = wrapping
      .split('@')
      .join(isQuoted ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', ' ') : value)
  }
  const first = pick(techniques)
  const second = random() < 0.4 ? pick(techniques) : undefined
  const texts =
    second === undefined ? [first.text] : [first.text, `x = out[Math.floor(out.length * ${random()})];`, second.text]
  return attackText({ text: value }, { text: texts.join('\n') })
}
