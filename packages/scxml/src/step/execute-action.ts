import type { ActionInstruction, ChartAttribute } from '../compile/instruction.ts'
import { ScriptError } from '../script/contract.ts'
import type { Action } from './contract.ts'
import { raiseScriptError } from './errors.ts'
import type { Failing } from './errors.ts'
import type { Macrostep } from './macrostep.ts'

/**
 * Evaluates an element of a module, writes its request id, and hands it to the host.
 *
 * Errors: what fails raises one error event; the host is then not asked.
 * Spec: session-and-web section 2.
 */
export function executeAction(macrostep: Macrostep, instruction: ActionInstruction): boolean {
  const stage: Stage = { failing: 'value', isChild: false }
  try {
    const action = evaluateAction(macrostep, instruction, stage)
    const { attributes, element, line, module, params, requestId } = action
    const said = { kind: 'action' as const, module, element, requestId, attributes, line }
    macrostep.record(params.length === 0 ? said : { ...said, params })
    macrostep.host.act(action)
    return true
  } catch (thrown) {
    if (!(thrown instanceof ScriptError)) throw thrown
    raiseScriptError(macrostep, stage.failing, thrown, instruction.place)
    return false
  }
}

/** What is being evaluated, so that a failure gets the right name. */
interface Stage {
  failing: Failing
  readonly isChild: boolean
}

function evaluateAction(macrostep: Macrostep, instruction: ActionInstruction, stage: Stage): Action {
  const { module, place, spec } = instruction
  stage.failing = 'value'
  const attributes: Record<string, string> = {}
  for (const attribute of instruction.attributes) {
    const encoded = evaluateAttribute(macrostep, attribute)
    if (encoded !== undefined) attributes[attribute.name] = encoded
  }
  const params = instruction.params.map(({ name, piece }) => ({
    name,
    value: piece === undefined ? undefined : encodeDefined(macrostep, macrostep.evaluate(piece)),
  }))
  const content = evaluateActionContent(macrostep, instruction)
  const children = instruction.children.map((child) => evaluateAction(macrostep, child, { ...stage, isChild: true }))
  const requestId = isIdentified(instruction) ? macrostep.deriveId('r') : ''
  stage.failing = 'loc'
  // The locations of treatments inside of another action are not written (queue, decisions).
  if (!stage.isChild)
    for (const { piece, receives } of instruction.locations)
      macrostep.assign(piece, receives === 'requestId' ? requestId : startedSessionId(macrostep, requestId))
  return { module, element: spec.name, spec, requestId, attributes, params, content, children, line: place.line }
}

/** A world that does not derive ids gives the one of the request. */
function startedSessionId({ host }: Macrostep, requestId: string): string {
  return host.startedSessionId?.(requestId) ?? requestId
}

/** Every action has a request id; a child element only when it is told where to write one. */
function isIdentified({ locations, spec }: ActionInstruction): boolean {
  return spec.kind === 'action' || locations.length > 0
}

function evaluateAttribute(macrostep: Macrostep, { piece, text, type }: ChartAttribute): string | undefined {
  if (piece === undefined) return JSON.stringify(literalOf(text ?? '', type))
  try {
    return encodeDefined(macrostep, macrostep.evaluate(piece))
  } catch (thrown) {
    // A bare word such as `agentgroup` names nothing known: then it is meant as it stands.
    const isText = text !== undefined && thrown instanceof ScriptError && thrown.failure.type === 'ReferenceError'
    if (!isText) throw thrown
    return JSON.stringify(literalOf(text, type))
  }
}

function evaluateActionContent(macrostep: Macrostep, { content }: ActionInstruction): string | undefined {
  if (content === undefined) return undefined
  if (content.kind === 'literal') return JSON.stringify(content.value)
  return encodeDefined(macrostep, macrostep.evaluate(content.piece))
}

function literalOf(text: string, type: ChartAttribute['type']): string | number | boolean {
  const trimmed = text.trim()
  if (type === 'number' && trimmed !== '' && Number.isFinite(Number(trimmed))) return Number(trimmed)
  if (type === 'boolean' && /^(?:true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true'
  return text
}

/** An attribute that evaluates to `undefined` counts as absent. */
function encodeDefined(macrostep: Macrostep, value: unknown): string | undefined {
  return value === undefined ? undefined : macrostep.program.encode(value)
}
