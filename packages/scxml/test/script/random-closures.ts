/** A script that makes functions over locals, and the calls of its steps. The same seed gives the same text. */
export function randomClosures(seed: number): { readonly makes: string; readonly steps: readonly string[] } {
  let state = seed >>> 0
  const below = (limit: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    return (state >>> 8) % limit
  }
  const pick = (texts: readonly string[]): string => texts[below(texts.length)] ?? ''
  let count = 0
  const fresh = (): string => `l${(count += 1)}`
  const change = (names: readonly string[]): string => {
    const name = pick(names)
    return pick([`${name}++`, `${name} += 2`, `${name} = ${name} * 3 % 97`, `kept.n = ${name}`, `${name} = kept.n + 1`])
  }
  const body = (names: readonly string[], depth: number): string => {
    const lines = [change(names), change(names)]
    const own = fresh()
    const inner = [...names, own]
    if (depth > 0) {
      const made = functionText(inner, depth - 1)
      const make = pick([
        `var ${own} = ${below(9)}; made.push(${made})`,
        `{ let ${own} = ${below(9)}; made.push(${made}); made.push(${functionText(inner, 0)}) }`,
        `for (let ${own} = 0; ${own} < 2; ${own}++) { made.push(${made}) }`,
        `for (const ${own} of [1, 2]) made.push(() => ${own} + ${pick(names)})`,
        `try { throw ${below(9)} } catch (${own}) { made.push(${made}) }`,
        `var ${own} = 1; made.push({ f: ${made}, m() { ${change(inner)}; return ${own} }, get g() { return ${pick(inner)} } })`,
        `function ${own}() { ${change(names)}; return ${pick(names)} } made.push(${own})`,
        `(function (${own}) { made.push(${made}) })(${pick(names)})`,
      ])
      lines.push(`if (made.length < 30) { ${make} }`)
    }
    lines.push(`return [${names.join()}].join() + kept.n`)
    return lines.join('; ')
  }
  const functionText = (names: readonly string[], depth: number): string => {
    const parameter = fresh()
    const inside = body([...names, parameter], depth)
    return pick([
      `function (${parameter} = 1) { ${inside} }`,
      `function me(${parameter}) { ${parameter} = +${parameter} || 0; ${inside} }`,
      `(${parameter} = 2) => { ${inside} }`,
      `(...${parameter}) => (${change(names)}, ${parameter}.length + ${pick(names)})`,
    ])
  }
  const makes = `var made = []; var kept = { n: 1 }; var shared = kept; (function (a, b) { ${body(['a', 'b'], 3)} })(1, 2)`
  const call =
    'var f = made[i % made.length]; return typeof f === "function" ? String(f()) : [f.f(), f.m && f.m(), f.g].join()'
  const steps = Array.from({ length: 4 }, () => {
    const from = below(30)
    return `(function () { var out = []; for (var i = ${from}; i < ${from + 4}; i++) { out.push((function (i) { ${call} })(i)) } shared.n++; return out.join("|") + made.length })()`
  })
  return { makes, steps }
}
