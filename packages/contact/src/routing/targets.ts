import type { TargetText } from '../contract.ts'
import { parseConditions, type Condition, type Parsed } from './conditions.ts'
import { parseSkillExpression, type SkillExpression } from './skills.ts'

/** Letter that says what kind of object a target names. Spec: queue §2.3. */
export type TargetType = 'A' | 'AP' | 'GA' | 'GP' | 'Q' | 'DN' | 'RP' | 'DL' | 'GC' | 'C' | 'GQ'

/** A possible target of a submit. */
export interface Target {
  readonly type: TargetType
  /** Object, or the restricting group of a skill target (may be empty). */
  readonly name: string
  readonly skill: { readonly text: string; readonly expression: SkillExpression } | undefined
  readonly statServer: string
  /** Weight of percentage distribution; absent: equal. */
  readonly weight: number | undefined
  readonly threshold: { readonly text: string; readonly condition: Condition } | undefined
  /** `name@server.type`, without weight and threshold. */
  readonly text: string
}

const letters: readonly TargetType[] = ['A', 'AP', 'GA', 'GP', 'Q', 'DN', 'RP', 'DL', 'GC', 'C', 'GQ']
const aliases: Readonly<Record<string, TargetType>> = { AG: 'GA', PG: 'GP' }
const words: Readonly<Record<string, TargetType>> = {
  agent: 'A',
  place: 'AP',
  agentgroup: 'GA',
  placegroup: 'GP',
  queue: 'Q',
  dn: 'DN',
  skill: 'GA',
  campaigngroup: 'GC',
  campaign: 'C',
  routepoint: 'RP',
  label: 'DL',
}

/** Why a target could not be parsed. */
export interface TargetProblem {
  readonly text: string
  readonly reason: string
}

/** Parsed targets in the order of the document, or the first problem. */
export type ParsedTargets =
  | { readonly ok: true; readonly targets: readonly Target[] }
  | { readonly ok: false; readonly problem: TargetProblem }

/** Largest number of targets of one submit. */
const maxTargets = 500

/** Parses the targets of a submit in both written forms. Spec: queue §2.2, §7. */
export function parseTargets(texts: readonly TargetText[]): ParsedTargets {
  const targets: Target[] = []
  for (const text of texts) {
    const pieces = text.kind === 'id' ? splitTargetIds(text.text) : [text]
    for (const piece of pieces) {
      const parsed = typeof piece === 'string' ? parseTargetId(piece) : parseTargetElement(piece)
      if (!parsed.ok) {
        const written = typeof piece === 'string' ? piece : piece.name || piece.skillExpression
        return { ok: false, problem: { text: written, reason: parsed.reason } }
      }
      targets.push(parsed.value)
      if (targets.length > maxTargets) {
        return { ok: false, problem: { text: parsed.value.text, reason: `more than ${maxTargets} targets` } }
      }
    }
  }
  return { ok: true, targets }
}

/** Splits a list of target ids at commas that stand outside of braces, parentheses and quotes. */
export function splitTargetIds(text: string): readonly string[] {
  const pieces: string[] = []
  let depth = 0
  let isQuoted = false
  let piece = ''
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted && '{(['.includes(character)) depth++
    else if (!isQuoted && '})]'.includes(character)) depth--
    if (character === ',' && depth === 0 && !isQuoted) {
      pieces.push(piece)
      piece = ''
    } else piece += character
  }
  pieces.push(piece)
  return pieces.map((one) => one.trim()).filter((one) => one !== '')
}

/** Parses `{threshold}[weight]name@server.type` or `…?group:expression@server.type`. */
export function parseTargetId(text: string): Parsed<Target> {
  let rest = text.trim()
  let threshold = ''
  if (rest.startsWith('{')) {
    const end = rest.indexOf('}')
    if (end < 0) return { ok: false, reason: 'a brace is not closed' }
    threshold = rest.slice(1, end)
    rest = rest.slice(end + 1).trim()
  }
  let weight = ''
  if (rest.startsWith('[')) {
    const end = rest.indexOf(']')
    if (end < 0) return { ok: false, reason: 'a bracket is not closed' }
    weight = rest.slice(1, end)
    rest = rest.slice(end + 1).trim()
  }
  const dot = rest.lastIndexOf('.')
  if (dot < 0) return { ok: false, reason: 'the type is missing' }
  const type = typeOfLetters(rest.slice(dot + 1))
  if (type === undefined) return { ok: false, reason: `"${rest.slice(dot + 1)}" is no target type` }
  const object = rest.slice(0, dot)
  const at = object.lastIndexOf('@')
  const statServer = at < 0 ? '' : object.slice(at + 1).trim()
  const subject = (at < 0 ? object : object.slice(0, at)).trim()
  if (!subject.startsWith('?')) return makeTarget({ type, name: subject, skill: '', statServer, weight, threshold })
  const colon = subject.indexOf(':')
  if (colon < 0) return { ok: false, reason: 'a skill target needs a colon' }
  const name = subject.slice(1, colon).trim()
  const skill = subject.slice(colon + 1).trim()
  if (skill === '') return { ok: false, reason: 'the skill expression is empty' }
  return makeTarget({ type: 'GA', name, skill, statServer, weight, threshold })
}

function parseTargetElement(element: Extract<TargetText, { kind: 'target' }>): Parsed<Target> {
  const word = element.type.trim().toLowerCase()
  const fallback: TargetType | undefined = element.skillExpression === '' ? undefined : 'GA'
  const type = word === '' ? fallback : ((Object.hasOwn(words, word) ? words[word] : undefined) ?? typeOfLetters(word))
  if (type === undefined)
    return { ok: false, reason: word === '' ? 'the type is missing' : `"${word}" is no target type` }
  return makeTarget({
    type,
    name: element.name.trim(),
    skill: type === 'GA' ? element.skillExpression.trim() : '',
    statServer: element.statServer.trim(),
    weight: element.weight,
    threshold: element.threshold,
  })
}

interface TargetParts {
  readonly type: TargetType
  readonly name: string
  readonly skill: string
  readonly statServer: string
  readonly weight: string
  readonly threshold: string
}

function makeTarget(parts: TargetParts): Parsed<Target> {
  const { type, name, skill, statServer } = parts
  if (name === '' && skill === '') return { ok: false, reason: 'the name is missing' }
  if (name.length > 255) return { ok: false, reason: 'the name is longer than 255 characters' }
  let parsedSkill: Target['skill']
  if (skill !== '') {
    const parsed = parseSkillExpression(skill)
    if (!parsed.ok) return { ok: false, reason: `skill expression: ${parsed.reason}` }
    parsedSkill = { text: skill, expression: parsed.value }
  }
  let threshold: Target['threshold']
  if (parts.threshold.trim() !== '') {
    const parsed = parseConditions(parts.threshold)
    if (!parsed.ok) return { ok: false, reason: `threshold: ${parsed.reason}` }
    threshold = { text: parts.threshold.trim(), condition: parsed.value }
  }
  let weight: number | undefined
  if (parts.weight.trim() !== '') {
    weight = Number(parts.weight)
    if (!Number.isFinite(weight) || weight < 0) return { ok: false, reason: `weight "${parts.weight}" is no number` }
  }
  const text = skill === '' ? `${name}@${statServer}.${type}` : `?${name}:${skill}@${statServer}.${type}`
  return { ok: true, value: { type, name, skill: parsedSkill, statServer, weight, threshold, text } }
}

function typeOfLetters(text: string): TargetType | undefined {
  const upper = text.trim().toUpperCase()
  return letters.find((letter) => letter === upper) ?? (Object.hasOwn(aliases, upper) ? aliases[upper] : undefined)
}
