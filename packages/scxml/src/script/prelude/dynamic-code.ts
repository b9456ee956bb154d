/** `eval` and `Function` through our own compiler. Spec: script-rules E10. */
export const dynamicCodeText = String.raw`
const { trim } = String.prototype
let compiledTexts = new Map()
let compiledChars = 0
const compileDynamic = (kind, text, locals, hasBag) => {
  if (text.length > settings.maxDynamicChars) throw new RangeError('evaluated text is longer than ' + settings.maxDynamicChars + ' characters')
  // What it makes is nobody's to know: the classes of pieces do not count any more for this session (P2).
  if (owner !== undefined) owner.hasOwnCode = true
  const shape = kind + ' ' + hasBag + ' ' + locals.join(' ') + '\n' + text
  const known = compiledTexts.get(shape)
  if (known !== undefined) return known
  const answer = parse(outside(() => outer.compile(kind, text, stringify(locals), hasBag)))
  if (answer.error !== undefined) throw new SyntaxError(answer.error)
  const made = seal(outside(() => outer.evaluate(answer.code))(state, prelude))
  if (compiledChars > settings.maxDynamicChars * 8 || compiledTexts.size > 500) { compiledTexts = new Map(); compiledChars = 0 }
  compiledTexts.set(shape, made)
  compiledChars += shape.length
  return made
}
// '(' + JSON + ')' is what most calls evaluate: reading it is quicker than compiling it, and leaves nothing behind.
const asJson = (text) => {
  // No regular expression: one for this goes back and forth over blanks.
  let inner = apply(trim, text, [])
  if (inner[inner.length - 1] === ';') inner = apply(trim, inner.slice(0, -1), [])
  if (inner[0] !== '(' || inner[inner.length - 1] !== ')') return undefined
  inner = apply(trim, inner.slice(1, -1), [])
  const first = inner[0], last = inner[inner.length - 1]
  if ((first !== '[' && first !== '{') || (last !== ']' && last !== '}') || inner.includes('__proto__')) return undefined
  try { return parse(inner) } catch (_) { return undefined }
}
const evaluateText = (text, locals, self, bag) => {
  if (typeof text !== 'string') return text
  const value = asJson(text)
  if (value !== undefined) return value
  // Texts evaluated inside of evaluated texts inherit the accessors of what is around them.
  const names = []
  for (const name in locals) names.push(name)
  return apply(compileDynamic('eval', text, names, bag !== undefined), self, [locals, bag])
}
const direct = (locals, self, bag) => function (text) { return evaluateText(text, locals, self, bag) }
const indirectEval = function (text) { return evaluateText(text, {}, state.v, undefined) }
defineProperty(indirectEval, 'name', { value: 'eval' })
const SessionFunction = function Function(...args) {
  const body = args.length === 0 ? '' : textOf(args[args.length - 1])
  const parameters = args.slice(0, -1).map(textOf).join(',')
  return apply(compileDynamic('function', '(function anonymous(' + parameters + '\n) {\n' + body + '\n})', [], false), state.v, [{}, undefined])
}
defineProperty(SessionFunction, 'prototype', { value: functionPrototype, writable: false })
const bag = () => ({ __proto__: null })
`
