import { parseConditions, type Condition, type Parsed, type Term } from './conditions.ts'

/** A parsed skill expression; `matchesSkills` evaluates it. */
export type SkillExpression = Condition

/** Parses a skill expression. Spec: queue §3. */
export function parseSkillExpression(text: string): Parsed<SkillExpression> {
  const parsed = parseConditions(text)
  if (!parsed.ok) return parsed
  const bad = findCall(parsed.value)
  return bad === undefined ? parsed : { ok: false, reason: `function "${bad}" is not possible in a skill expression` }
}

/** What a skill expression reads. */
export interface SkillSubject {
  readonly skills: Readonly<Record<string, number>>
  /** Value of `$(StatName)` for this agent; `undefined`: not known. */
  statistic(name: string): number | undefined
}

/**
 * Whether an agent satisfies a skill expression. An absent skill has no level: every comparison with it is false
 * except `!=`.
 */
export function matchesSkills(expression: SkillExpression, subject: SkillSubject): boolean {
  switch (expression.kind) {
    case 'and':
      return matchesSkills(expression.left, subject) && matchesSkills(expression.right, subject)
    case 'or':
      return matchesSkills(expression.left, subject) || matchesSkills(expression.right, subject)
    case 'compare': {
      const left = value(expression.left, subject)
      const right = value(expression.right, subject)
      if (left === undefined || right === undefined) return expression.operator === '!='
      return compare(left, expression.operator, right)
    }
  }
}

/** Applies a comparison operator of skill and threshold expressions. */
export function compare(left: number, operator: string, right: number): boolean {
  switch (operator) {
    case '=':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '>':
      return left > right
    case '<=':
      return left <= right
    default:
      return left >= right
  }
}

function value(term: Term, subject: SkillSubject): number | undefined {
  switch (term.kind) {
    case 'number':
      return term.value
    case 'name':
      return Object.hasOwn(subject.skills, term.name) ? subject.skills[term.name] : undefined
    case 'statistic':
      return subject.statistic(term.name)
    case 'arithmetic': {
      const left = value(term.left, subject)
      const right = value(term.right, subject)
      return left === undefined || right === undefined ? undefined : calculate(left, term.operator, right)
    }
    case 'call':
      return undefined
  }
}

/** Integer arithmetic of expressions; division by zero has no value. */
export function calculate(left: number, operator: string, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    default:
      return right === 0 ? undefined : Math.trunc(left / right)
  }
}

function findCall(condition: Condition): string | undefined {
  if (condition.kind !== 'compare') return findCall(condition.left) ?? findCall(condition.right)
  return callIn(condition.left) ?? callIn(condition.right)
}

function callIn(term: Term): string | undefined {
  if (term.kind === 'call') return term.name
  return term.kind === 'arithmetic' ? (callIn(term.left) ?? callIn(term.right)) : undefined
}
