import type { ChartState } from '../compile/chart.ts'
import type { ChartContent, ChartParam, Payload, Place } from '../compile/instruction.ts'
import { raiseScriptError } from './errors.ts'
import type { Macrostep } from './macrostep.ts'
import { xmlTextOf } from './xml-text.ts'

/** Encoded data of a message; `undefined` when it carries none. */
export type EvaluatedPayload = { readonly ok: true; readonly data: string | undefined } | { readonly ok: false }

/** Where a payload belongs to, for its error events. */
export interface PayloadOwner {
  readonly place: Place
  readonly sendId?: string
  /** Another processor than the SCXML one takes the message: a tree goes as its markup. */
  readonly leavesEngine?: boolean
}

type Member = readonly [name: string, value: unknown]

/**
 * Evaluates what a message carries.
 *
 * Errors: each failure raises one error event. A failing name of `namelist` discards the message; in the W3C dialect
 * a failing `<param>` is left out (5.7) and failing content is empty (5.6), in the orchestration dialect both discard it.
 */
export function evaluatePayload(macrostep: Macrostep, payload: Payload, owner: PayloadOwner): EvaluatedPayload {
  const { content, names, params } = payload
  if (content !== undefined) {
    const evaluated = evaluateContent(macrostep, content, owner)
    if (evaluated.ok) {
      const text = owner.leavesEngine === true ? xmlTextOf(evaluated.value) : undefined
      return { ok: true, data: macrostep.program.encode(text ?? evaluated.value) }
    }
    return isOrchestration(macrostep) ? { ok: false } : { ok: true, data: '""' }
  }
  if (names.length === 0 && params.length === 0) return noData
  const members = evaluateMembers(macrostep, payload, owner)
  if (members === undefined) return { ok: false }
  if (members.length === 0) return noData
  return { ok: true, data: macrostep.program.encode(objectOf(macrostep, members)) }
}

/**
 * In the W3C dialect every value of a repeated name has to arrive (6.2): they become a list. The orchestration dialect
 * keeps the last.
 */
function objectOf(macrostep: Macrostep, members: readonly Member[]): object {
  const names = new Set(members.map(([name]) => name))
  if (names.size === members.length || isOrchestration(macrostep)) return macrostep.program.makeObject(members)
  const merged = [...names].map((name): Member => {
    const values = members.flatMap((member) => (member[0] === name ? [member[1]] : []))
    return [name, values.length === 1 ? values[0] : realmList(macrostep, values)]
  })
  return macrostep.program.makeObject(merged)
}

function realmList({ program }: Macrostep, values: readonly unknown[]): unknown {
  const list = program.decode('[]')
  if (Array.isArray(list)) list.push(...values)
  return list
}

const noData: EvaluatedPayload = { ok: true, data: undefined }

/** Encoded values of names and params, a later one of the same name replacing an earlier one; for `<invoke>`. */
export function evaluateParameters(
  macrostep: Macrostep,
  payload: Payload,
  owner: PayloadOwner,
): Readonly<Record<string, string>> | undefined {
  const members = evaluateMembers(macrostep, payload, owner)
  return members && Object.fromEntries(members.map(([name, value]) => [name, macrostep.program.encode(value)]))
}

/** Value of a `<content>`; a failure has raised its event. */
export function evaluateContent(
  macrostep: Macrostep,
  content: ChartContent,
  owner: PayloadOwner,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    return {
      ok: true,
      value:
        content.kind === 'literal' ? macrostep.program.readContent(content.value) : macrostep.evaluate(content.piece),
    }
  } catch (thrown) {
    raiseScriptError(macrostep, 'value', thrown, content.place, owner.sendId)
    return { ok: false }
  }
}

/**
 * Encoded data of the completion event of a final state. In the orchestration dialect members stand in the data
 * itself, and `params` is the same object once more, hidden from enumeration.
 *
 * Errors: each failure raises one error event, and the member is left out: the completion event has to come.
 */
export function evaluateDoneData(macrostep: Macrostep, state: ChartState): string | undefined {
  const { doneData } = state
  if (doneData === undefined) return undefined
  if (doneData.content !== undefined) {
    const evaluated = evaluateContent(macrostep, doneData.content, { place: state.place })
    return evaluated.ok ? macrostep.program.encode(evaluated.value) : undefined
  }
  const members = doneData.params.flatMap((param) => evaluateParam(macrostep, param, undefined) ?? [])
  if (members.length === 0) return undefined
  const data = macrostep.program.makeObject(members.map(({ member }) => member))
  if (isOrchestration(macrostep) && !Object.hasOwn(data, 'params')) {
    Object.defineProperty(data, 'params', { value: data, enumerable: false, writable: true, configurable: true })
  }
  return macrostep.program.encode(data)
}

function evaluateMembers(
  macrostep: Macrostep,
  { names, params }: Payload,
  owner: PayloadOwner,
): readonly Member[] | undefined {
  const members: Member[] = []
  for (const { name, piece } of names) {
    try {
      members.push([name, macrostep.evaluate(piece)])
    } catch (thrown) {
      raiseScriptError(macrostep, 'value', thrown, owner.place, owner.sendId)
      return undefined
    }
  }
  for (const param of params) {
    const evaluated = evaluateParam(macrostep, param, owner.sendId)
    if (evaluated !== undefined) members.push(evaluated.member)
    else if (isOrchestration(macrostep)) return undefined
  }
  return members
}

function evaluateParam(
  macrostep: Macrostep,
  param: ChartParam,
  sendId: string | undefined,
): { readonly member: Member } | undefined {
  try {
    const value = param.piece === undefined ? undefined : macrostep.evaluate(param.piece)
    return { member: [param.name, value] }
  } catch (thrown) {
    raiseScriptError(macrostep, param.isLocation ? 'loc' : 'value', thrown, param.place, sendId)
    return undefined
  }
}

function isOrchestration({ chart }: Macrostep): boolean {
  return chart.origin.dialect === 'orchestration'
}
