import type { ChartInvoke, ChartState } from '../compile/chart.ts'
import { raiseError, raiseScriptError } from './errors.ts'
import type { Macrostep } from './macrostep.ts'
import { textOf } from './operand.ts'
import { evaluateContent, evaluateParameters } from './payload.ts'
import { isScxmlService } from './processors.ts'
import { xmlTextOf } from './xml-text.ts'

/**
 * Starts the invocations of states that were entered in this macrostep and are still active.
 *
 * Order: entry order, then document order. Spec: SCXML 1.0, appendix D, mainEventLoop; 6.4.
 */
export function startInvokes(macrostep: Macrostep): void {
  const states = macrostep.statesToInvoke
  macrostep.statesToInvoke = undefined
  for (const index of states?.toSorted((left, right) => left - right) ?? []) {
    const state = macrostep.chart.states[index]
    state?.invokes.forEach((element, position) => invoke(macrostep, state, element, position))
  }
}

/**
 * Evaluates one `<invoke>` and asks the world for it.
 *
 * Errors: a failing argument raises one error event and nothing is started.
 * Spec: SCXML 1.0, appendix D, invoke.
 */
function invoke(macrostep: Macrostep, state: ChartState, element: ChartInvoke, position: number): void {
  const { place } = element
  try {
    const type = textOf(macrostep, element.type)
    if (!isScxmlService(type)) {
      const message = `invoke type "${type}" is not supported`
      raiseError(macrostep, { execution: 'error.unsupported.invoke', message, place })
      return
    }
    const src = textOf(macrostep, element.src)
    const content = contentOf(macrostep, element)
    const parameters = evaluateParameters(macrostep, element.payload, { place })
    if (!content.ok || parameters === undefined) return
    const invokeId = element.id ?? `${state.id}.${macrostep.deriveId('i')}`
    if (element.idLocation !== undefined) macrostep.assign(element.idLocation, invokeId)
    macrostep.session.invokes ??= new Map()
    macrostep.session.invokes.set(invokeId, { state: state.index, index: position })
    macrostep.effects.push({
      kind: 'invoke',
      invokeId,
      type,
      src,
      parameters,
      ...(content.text !== undefined && { content: content.text }),
    })
  } catch (thrown) {
    raiseScriptError(macrostep, 'value', thrown, place)
  }
}

/** Inline content is the markup of a document; an expression gives markup as text or as a tree. */
function contentOf(
  macrostep: Macrostep,
  { payload, place }: ChartInvoke,
): { readonly ok: true; readonly text: string | undefined } | { readonly ok: false } {
  const { content } = payload
  if (content === undefined) return { ok: true, text: undefined }
  if (content.kind === 'literal') return { ok: true, text: content.value }
  const evaluated = evaluateContent(macrostep, content, { place })
  if (!evaluated.ok) return evaluated
  return { ok: true, text: xmlTextOf(evaluated.value) ?? macrostep.program.toText(evaluated.value) }
}
