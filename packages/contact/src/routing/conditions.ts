/** Result of parsing a text that a document or a file gave. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string }

/** Comparisons joined by `&` and `|`, which have equal precedence and bind from the left. Spec: queue §3, §4. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'compare'; readonly left: Term; readonly operator: string; readonly right: Term }

export type Term =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'statistic'; readonly name: string }
  | { readonly kind: 'arithmetic'; readonly left: Term; readonly operator: string; readonly right: Term }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly string[] }

const maxCharacters = 4096
const maxDepth = 64
const tokenPattern =
  /\s*(?:(\d+)|\$\(\s*([^()"]{1,126}?)\s*\)|"([^"]{1,126})"|([\p{L}_][\p{L}\p{N}_.]*)|(<=|>=|!=|==|<>|[=<>])|([&|()+\-*/,@?:]))/uy

type Token =
  | { readonly kind: 'number'; readonly text: string; readonly end: number }
  | { readonly kind: 'statistic' | 'name' | 'comparison' | 'sign'; readonly text: string; readonly end: number }

/**
 * Parses a skill or threshold expression.
 *
 * Errors: returns the reason; never throws, also on hostile text (length and depth are limited).
 */
export function parseConditions(text: string): Parsed<Condition> {
  if (text.length > maxCharacters) return { ok: false, reason: `longer than ${maxCharacters} characters` }
  try {
    const reader = new Reader(text)
    const value = condition(reader, 0)
    const rest = reader.peek()
    if (rest !== undefined) return { ok: false, reason: `unexpected "${rest.text}"` }
    return { ok: true, value }
  } catch (error) {
    if (error instanceof ConditionError) return { ok: false, reason: error.message }
    throw error
  }
}

class ConditionError extends Error {}

/** Token stream over one expression. */
class Reader {
  readonly #tokens: Token[] = []
  readonly text: string
  #at = 0

  constructor(text: string) {
    this.text = text
    tokenPattern.lastIndex = 0
    let end = 0
    while (end < text.length && text.slice(end).trim() !== '') {
      tokenPattern.lastIndex = end
      const match = tokenPattern.exec(text)
      if (match === null) throw new ConditionError(`unexpected character at "${text.slice(end).trim().slice(0, 12)}"`)
      end = tokenPattern.lastIndex
      const [, number, statistic, quoted, name, comparison, sign] = match
      if (number !== undefined) this.#tokens.push({ kind: 'number', text: number, end })
      else if (statistic !== undefined) this.#tokens.push({ kind: 'statistic', text: statistic, end })
      else if (quoted !== undefined || name !== undefined) {
        this.#tokens.push({ kind: 'name', text: quoted ?? name ?? '', end })
      } else if (comparison !== undefined) this.#tokens.push({ kind: 'comparison', text: normal(comparison), end })
      else this.#tokens.push({ kind: 'sign', text: sign ?? '', end })
    }
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at]
  }

  next(): Token {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new ConditionError('the expression ends too early')
    this.#at++
    return token
  }

  take(sign: string): boolean {
    const token = this.peek()
    if (token?.kind !== 'sign' || token.text !== sign) return false
    this.#at++
    return true
  }

  /** Remembers a place to return to: a parenthesis may hold a condition or a term. */
  get mark(): number {
    return this.#at
  }
  set mark(at: number) {
    this.#at = at
  }
}

function normal(comparison: string): string {
  if (comparison === '==') return '='
  return comparison === '<>' ? '!=' : comparison
}

function condition(reader: Reader, depth: number): Condition {
  if (depth > maxDepth) throw new ConditionError(`nested deeper than ${maxDepth}`)
  let left = comparison(reader, depth)
  for (;;) {
    if (reader.take('&')) left = { kind: 'and', left, right: comparison(reader, depth) }
    else if (reader.take('|')) left = { kind: 'or', left, right: comparison(reader, depth) }
    else return left
  }
}

function comparison(reader: Reader, depth: number): Condition {
  const start = reader.mark
  if (reader.take('(')) {
    // A parenthesis that holds a term is read as one below; one that holds a condition ends here.
    const inner = attempt(() => condition(reader, depth + 1))
    if (inner !== undefined && reader.take(')')) return inner
    reader.mark = start
  }
  const left = term(reader, depth)
  const operator = reader.next()
  if (operator.kind !== 'comparison') throw new ConditionError(`expected a comparison before "${operator.text}"`)
  return { kind: 'compare', left, operator: operator.text, right: term(reader, depth) }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ConditionError && !error.message.startsWith('nested')) return undefined
    throw error
  }
}

function term(reader: Reader, depth: number): Term {
  if (depth > maxDepth) throw new ConditionError(`nested deeper than ${maxDepth}`)
  let left = factor(reader, depth)
  for (;;) {
    const token = reader.peek()
    if (token?.kind !== 'sign' || !'+-*/'.includes(token.text)) return left
    reader.next()
    left = { kind: 'arithmetic', left, operator: token.text, right: factor(reader, depth) }
  }
}

function factor(reader: Reader, depth: number): Term {
  const token = reader.next()
  switch (token.kind) {
    case 'number':
      return { kind: 'number', value: Number(token.text) }
    case 'statistic':
      return { kind: 'statistic', name: token.text }
    case 'name':
      return reader.take('(')
        ? { kind: 'call', name: token.text, arguments: callArguments(reader) }
        : { kind: 'name', name: token.text }
    case 'comparison':
      throw new ConditionError(`unexpected "${token.text}"`)
    case 'sign': {
      if (token.text === '-') {
        return {
          kind: 'arithmetic',
          left: { kind: 'number', value: 0 },
          operator: '-',
          right: factor(reader, depth + 1),
        }
      }
      if (token.text !== '(') throw new ConditionError(`unexpected "${token.text}"`)
      const inner = term(reader, depth + 1)
      if (!reader.take(')')) throw new ConditionError('a parenthesis is not closed')
      return inner
    }
  }
}

/** Arguments are kept as text: targets, statistics and names of options have no expressions in them. */
function callArguments(reader: Reader): string[] {
  const found: string[] = []
  let text = ''
  for (;;) {
    if (reader.take(')')) {
      if (text !== '' || found.length > 0) found.push(text)
      return found
    }
    if (reader.take(',')) {
      found.push(text)
      text = ''
      continue
    }
    const token = reader.next()
    text += token.text
  }
}
