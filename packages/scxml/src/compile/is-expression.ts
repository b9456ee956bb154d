import { parseExpressionAt } from 'acorn'
import type { Expression } from 'acorn'

/** Whether the whole text parses as one ECMAScript expression. */
export function isExpression(text: string): boolean {
  return parseExpression(text) !== undefined
}

/** Whether the text names a variable or a member, as `item` and `index` of `<foreach>` have to. */
export function isReference(text: string): boolean {
  const type = parseExpression(text)?.type
  return type === 'Identifier' || type === 'MemberExpression'
}

function parseExpression(text: string): Expression | undefined {
  try {
    const wrapped = `(${text}\n)`
    const expression = parseExpressionAt(wrapped, 0, { ecmaVersion: 'latest', preserveParens: true })
    if (expression.type !== 'ParenthesizedExpression' || expression.end !== wrapped.length) return undefined
    return expression.expression
  } catch {
    return undefined
  }
}
