import { parse, parseExpressionAt, type AnyNode, type Options, type Program } from 'acorn'
import type { PieceKind } from './contract.ts'
import { scriptLimits } from './limits.ts'

/** Any node of the syntax tree. */
export type Ast = AnyNode

/** A piece as it was understood (E16). */
export type Parsed =
  | { readonly form: 'expression' | 'location'; readonly tree: Ast }
  | { readonly form: 'script'; readonly tree: Program }
  | { readonly form: 'broken'; readonly problem: ParseProblem }

export type ParseProblem =
  | { readonly kind: 'syntax'; readonly message: string; readonly at: number }
  | { readonly kind: 'location' }
  | { readonly kind: 'nesting' }

/** The newest edition that the oldest supported engine runs as a whole. */
const edition = 2024

const options = { ecmaVersion: edition, sourceType: 'script', allowReturnOutsideFunction: true } satisfies Options

/** Children of a node in source order, as far as the tree itself is ordered. */
export function childrenOf(node: Ast): readonly Ast[] {
  const children: Ast[] = []
  for (const value of Object.values(node)) {
    if (isAst(value)) children.push(value)
    else if (Array.isArray(value)) for (const item of value) if (isAst(item)) children.push(item)
  }
  return children
}

/** Reads a piece: an expression, only if that fails a script whose completion value counts. Never throws. */
export function parsePiece(kind: PieceKind, text: string): Parsed {
  if (kind === 'script') return withinDepth(parseScript(text))
  const expression = parseExpression(text)
  if (kind === 'location') {
    if (expression.form === 'broken') return expression
    const { tree } = expression
    const isPlace = tree.type === 'Identifier' || tree.type === 'MemberExpression'
    return isPlace ? withinDepth({ form: 'location', tree }) : { form: 'broken', problem: { kind: 'location' } }
  }
  if (expression.form !== 'broken') return withinDepth(expression)
  const script = parseScript(text)
  if (script.form !== 'broken') return withinDepth(script)
  return placeOf(expression.problem) >= placeOf(script.problem) ? expression : script
}

/** Reads a text for `eval` and `Function` (E10). */
export function parseScript(text: string): Parsed {
  try {
    return { form: 'script', tree: parse(text, options) }
  } catch (error) {
    return { form: 'broken', problem: problemOf(error) }
  }
}

function parseExpression(text: string): Parsed {
  let end = 0
  try {
    const tree = parseExpressionAt(text, 0, {
      ...options,
      onToken: (token) => {
        end = token.end
      },
    })
    const rest = text.slice(end).replace(/^(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*/, '')
    if (isAst(tree) && rest === '') return { form: 'expression', tree }
    return { form: 'broken', problem: { kind: 'syntax', message: 'unexpected token', at: text.length - rest.length } }
  } catch (error) {
    return { form: 'broken', problem: problemOf(error) }
  }
}

/** Refuses a tree that is nested too deeply for the passes that follow. */
export function withinDepth(parsed: Parsed): Parsed {
  if (parsed.form === 'broken') return parsed
  const open: [node: Ast, depth: number][] = [[parsed.tree, 0]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next
    if (depth > scriptLimits.maxNesting) return { form: 'broken', problem: { kind: 'nesting' } }
    for (const child of childrenOf(node)) open.push([child, depth + 1])
  }
  return parsed
}

function placeOf(problem: ParseProblem): number {
  return problem.kind === 'syntax' ? problem.at : -1
}

function problemOf(error: unknown): ParseProblem {
  if (error instanceof SyntaxError) {
    const at = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0
    const message = error.message.replace(/ \(\d+:\d+\)$/, '')
    return { kind: 'syntax', message: message.charAt(0).toLowerCase() + message.slice(1), at }
  }
  // The parser recurses: a text of very deep nesting ends in a RangeError.
  return { kind: 'nesting' }
}

function isAst(value: unknown): value is Ast {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
