import type { UserData } from '@segue/contact'
import { adapterFaultText } from '../../errors.ts'
import type { NumberRange } from './random.ts'

/** What a simulated switch has and how its people behave. Plain JSON. Units: seconds, as the names say. */
export interface SwitchPlan {
  readonly switchName: string
  readonly routingPoints: readonly { readonly number: string }[]
  readonly agents: readonly { readonly id: string; readonly dn: string }[]
  /** A telephone that nobody answers gives the call back after this time. Default 20. */
  readonly ringS?: number
  /** Behaviour of external destinations. */
  readonly external?: { readonly answerS?: NumberRange; readonly talkS?: NumberRange }
  /** Patience of callers that say nothing else. Default: no limit. */
  readonly patienceS?: NumberRange
  /** What dialog applications do; others end by themselves after a time derived from their address. */
  readonly applications?: readonly PlannedApplication[]
  readonly callers?: CallersPlan
  /** Talk time of agents. */
  readonly talkS?: NumberRange
  readonly afterCallWorkS?: NumberRange
  /** Time until an agent answers a ringing telephone. */
  readonly answerS?: NumberRange
  /** Share of ringing calls that an agent does not answer, 0 to 1. */
  readonly noAnswerRatio?: number
  readonly breaks?: { readonly everyS: NumberRange; readonly lengthS: NumberRange; readonly reason?: string }
}

export interface PlannedApplication {
  readonly uri: string
  readonly durationS?: number
  readonly outcome?: 'completed' | 'failed'
  readonly extensions?: UserData
  /** Attached to the call before the end of the treatment is told. */
  readonly userData?: UserData
  readonly description?: string
}

export interface CallersPlan {
  /** Mean rate of a random stream of arrivals. Default 60. */
  readonly ratePerMinute?: number
  /** Ends the stream after so many calls. Default: no end. */
  readonly calls?: number
  readonly from?: readonly string[]
  /** Routing points (or telephones) that are called. Default: every routing point. */
  readonly to?: readonly string[]
  readonly patienceS?: NumberRange
  /** What callers press when they are asked, one of these each time. Default: nothing. */
  readonly digits?: readonly string[]
  /** Share of callers who hang up at a bad moment: in the instant of ringing, of answering, of a treatment's end. */
  readonly worstMomentRatio?: number
  readonly userData?: UserData
}

export type PlanResult =
  | { readonly ok: true; readonly plan: SwitchPlan }
  | { readonly ok: false; readonly message: string }

/**
 * Reads a switch plan from JSON text. Never throws.
 *
 * Errors: SEG-SWITCH-001 with the place of the first thing that is wrong.
 */
export function parseSwitchPlan(text: string): PlanResult {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return refused(error instanceof Error ? error.message : 'not JSON')
  }
  const finding = checkObject(value, 'plan', planShape) ?? checkNumbers(value)
  if (finding !== undefined) return refused(finding)
  // JSON border: `planShape` looked at every member.
  return { ok: true, plan: value as SwitchPlan }
}

function refused(reason: string): PlanResult {
  return { ok: false, message: adapterFaultText('SEG-SWITCH-001', { reason }) }
}

type Check = (value: unknown, path: string) => string | undefined
type Shape = Readonly<Record<string, { readonly check: Check; readonly isRequired?: boolean }>>

const text: Check = (value, path) =>
  typeof value === 'string' && value !== '' && value.length <= 255
    ? undefined
    : `${path} must be a text of 1 to 255 characters`

const duration: Check = (value, path) =>
  typeof value === 'number' && value >= 0 && value <= 1e7
    ? undefined
    : `${path} must be a number of seconds from 0 to 10000000`

const range: Check = (value, path) => {
  if (!Array.isArray(value) || value.length !== 2) return `${path} must be [least, most] in seconds`
  const [low, high]: unknown[] = value
  const finding = duration(low, `${path}[0]`) ?? duration(high, `${path}[1]`)
  if (finding !== undefined) return finding
  return Number(low) <= Number(high) ? undefined : `${path} must not begin above its end`
}

const ratio: Check = (value, path) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? undefined : `${path} must be a number from 0 to 1`

const positive: Check = (value, path) =>
  typeof value === 'number' && value > 0 && value <= 1e9 ? undefined : `${path} must be a number above 0`

const count: Check = (value, path) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : `${path} must be a whole number of 0 or more`

const outcome: Check = (value, path) =>
  value === 'completed' || value === 'failed' ? undefined : `${path} must be "completed" or "failed"`

const keyValues: Check = (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${path} must be an object`
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string' || typeof member === 'number') continue
    const finding = keyValues(member, `${path}.${name}`)
    if (finding !== undefined) return finding
  }
  return undefined
}

const listOf =
  (element: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return `${path} must be a list`
    for (const [index, member] of value.entries()) {
      const finding = element(member, `${path}[${index}]`)
      if (finding !== undefined) return finding
    }
    return undefined
  }

const objectOf =
  (shape: Shape): Check =>
  (value, path) =>
    checkObject(value, path, shape)

const planShape: Shape = {
  switchName: { check: text, isRequired: true },
  routingPoints: { check: listOf(objectOf({ number: { check: text, isRequired: true } })), isRequired: true },
  agents: {
    check: listOf(objectOf({ id: { check: text, isRequired: true }, dn: { check: text, isRequired: true } })),
    isRequired: true,
  },
  ringS: { check: duration },
  external: { check: objectOf({ answerS: { check: range }, talkS: { check: range } }) },
  patienceS: { check: range },
  applications: {
    check: listOf(
      objectOf({
        uri: { check: text, isRequired: true },
        durationS: { check: duration },
        outcome: { check: outcome },
        extensions: { check: keyValues },
        userData: { check: keyValues },
        description: { check: text },
      }),
    ),
  },
  callers: {
    check: objectOf({
      ratePerMinute: { check: positive },
      calls: { check: count },
      from: { check: listOf(text) },
      to: { check: listOf(text) },
      patienceS: { check: range },
      digits: { check: listOf(text) },
      worstMomentRatio: { check: ratio },
      userData: { check: keyValues },
    }),
  },
  talkS: { check: range },
  afterCallWorkS: { check: range },
  answerS: { check: range },
  noAnswerRatio: { check: ratio },
  breaks: {
    check: objectOf({
      everyS: { check: range, isRequired: true },
      lengthS: { check: range, isRequired: true },
      reason: { check: text },
    }),
  },
}

function checkObject(value: unknown, path: string, shape: Shape): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${path} must be an object`
  const members = new Map(Object.entries(value))
  for (const name of members.keys()) {
    if (!Object.hasOwn(shape, name)) return `${path}.${name} is unknown`
  }
  for (const [name, { check, isRequired }] of Object.entries(shape)) {
    const member: unknown = members.get(name)
    if (member === undefined && isRequired !== true) continue
    if (member === undefined) return `${path}.${name} is missing`
    const finding = check(member, `${path}.${name}`)
    if (finding !== undefined) return finding
  }
  return undefined
}

function checkNumbers(value: unknown): string | undefined {
  const plan = value as SwitchPlan
  const numbers = [...plan.routingPoints.map((point) => point.number), ...plan.agents.map((agent) => agent.dn)]
  const seen = new Set<string>()
  for (const number of numbers) {
    if (seen.has(number)) return `number "${number}" is used twice`
    seen.add(number)
  }
  const ids = new Set(plan.agents.map((agent) => agent.id))
  if (ids.size !== plan.agents.length) return 'the id of an agent is used twice'
  const unknown = plan.callers?.to?.find((to) => !seen.has(to))
  return unknown === undefined ? undefined : `plan.callers.to names "${unknown}", which is no number of the switch`
}
