/** Small seeded generator (mulberry32) for property tests. */
function randomOf(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * Text of a script that builds a random graph in `$` and `_data`: all kinds of values, shared references, cycles.
 * `roots` objects are made first; then members are set at random, so that everything may refer to everything.
 */
export function randomGraphScript(seed: number, objects: number): string {
  const random = randomOf(seed)
  const below = (n: number): number => Math.floor(random() * n)
  const makers = [
    '{}',
    '[]',
    '{}',
    '[]',
    'new Date(@)',
    '/a+/gi',
    'new Map()',
    'new Set()',
    'new Error("e")',
    'new TypeError("t")',
    'Object.create(null)',
    'new Point(1)',
    'new String("s")',
    'new Number(-0)',
    'function () { return 1 }',
    'Object.create(n[0])',
  ]
  const primitives = [
    'undefined',
    'null',
    'true',
    '0',
    '-0',
    'NaN',
    'Infinity',
    '-Infinity',
    '1.5',
    '"text"',
    '"\\ud800"',
    '10n',
    'shared',
    'Symbol.for("s")',
    'Math',
    'Array.prototype',
  ]
  const lines = ['var n = [{}];']
  for (let i = 1; i < objects; i += 1) {
    lines.push(`n[${i}] = ${(makers[below(makers.length)] ?? '{}').replace('@', String(below(1e6)))};`)
  }
  const any = (): string => (random() < 0.5 ? `n[${below(objects)}]` : (primitives[below(primitives.length)] ?? '0'))
  for (let i = 0; i < objects * 3; i += 1) {
    const target = `n[${below(objects)}]`
    switch (below(6)) {
      case 0:
        lines.push(
          `if (${target} instanceof Map) ${target}.set(${any()}, ${any()}); else ${target}.m${below(5)} = ${any()};`,
        )
        break
      case 1:
        lines.push(
          `if (${target} instanceof Set) ${target}.add(${any()}); else ${target}["k-" + ${below(5)}] = ${any()};`,
        )
        break
      case 2:
        lines.push(`if (Array.isArray(${target})) ${target}[${below(8)}] = ${any()};`)
        break
      case 3:
        lines.push(
          `Object.defineProperty(${target}, "h${below(3)}", { value: ${any()}, enumerable: ${random() < 0.5}, writable: ${random() < 0.5}, configurable: true });`,
        )
        break
      default:
        lines.push(`${target}.p${below(4)} = ${any()};`)
    }
  }
  if (random() < 0.5) lines.push(`Object.freeze(n[${1 + below(objects - 1)}]);`)
  for (let i = 0; i < 6; i += 1) lines.push(`${random() < 0.5 ? 'this' : '_data'}.root${below(9)} = ${any()};`)
  lines.push('_data.loop = { back: _data };', 'delete this.n;')
  return lines.join('\n')
}
