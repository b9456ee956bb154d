import type { SendInstruction } from '../compile/instruction.ts'
import type { OutgoingMessage } from './contract.ts'
import { delayMsOf } from './delay.ts'
import { dispatch, targetProblem } from './dispatch.ts'
import { raiseError, raiseScriptError } from './errors.ts'
import type { EngineError } from './errors.ts'
import type { Macrostep } from './macrostep.ts'
import { textOf } from './operand.ts'
import { evaluatePayload } from './payload.ts'
import { isOffered, isScxmlProcessor, moduleProcessor } from './processors.ts'

/**
 * Sends an event: at once, or later as a timer that the world holds.
 *
 * Errors: a failing argument discards the message and raises one error event with the id of the send.
 * Spec: SCXML 1.0, 6.2; scxml-dialect section 5.
 */
export function executeSend(macrostep: Macrostep, instruction: SendInstruction): boolean {
  const { id, idLocation, payload, place } = instruction
  const sendId = id ?? macrostep.deriveId('s')
  const sendIdIsPublic = id !== undefined || idLocation !== undefined
  const owner = sendIdIsPublic ? { place, sendId } : { place }
  if (idLocation !== undefined && !writeId(macrostep, instruction, sendId)) return false

  const texts = evaluateTexts(macrostep, instruction, owner.sendId)
  if (texts === undefined) return false
  const problem = problemOf(macrostep, instruction, texts)
  if (problem !== undefined) {
    raiseError(macrostep, { ...problem, place, sendId: owner.sendId })
    return false
  }
  const evaluated = evaluatePayload(macrostep, payload, { ...owner, leavesEngine: !isScxmlProcessor(texts.type) })
  if (!evaluated.ok) return false

  const { delayMs = 0, event, hints, target, type } = texts
  const message: OutgoingMessage = {
    sendId,
    sendIdIsPublic,
    type,
    target,
    event,
    data: evaluated.data,
    hints,
    ...(payload.content !== undefined && { dataIsContent: true }),
  }
  macrostep.record({ kind: 'send', event, target, delayMs, sendId })
  if (delayMs > 0) {
    hold(macrostep, message, macrostep.input.nowMs + delayMs)
    return true
  }
  return dispatch(macrostep, message, place)
}

interface SendTexts {
  readonly event: string
  readonly target: string
  readonly type: string
  /** `undefined` when the text is no time. */
  readonly delayMs: number | undefined
  readonly hints: string | undefined
}

function writeId(macrostep: Macrostep, { idLocation, place }: SendInstruction, sendId: string): boolean {
  try {
    if (idLocation !== undefined) macrostep.assign(idLocation, sendId)
    return true
  } catch (thrown) {
    raiseScriptError(macrostep, 'loc', thrown, place, sendId)
    return false
  }
}

function evaluateTexts(
  macrostep: Macrostep,
  { delay, event, hints, place, target, type }: SendInstruction,
  sendId: string | undefined,
): SendTexts | undefined {
  try {
    return {
      event: textOf(macrostep, event),
      target: textOf(macrostep, target),
      type: textOf(macrostep, type),
      delayMs: delayMsOf(textOf(macrostep, delay)),
      hints: hints === undefined ? undefined : macrostep.program.encode(macrostep.evaluate(hints)),
    }
  } catch (thrown) {
    raiseScriptError(macrostep, 'value', thrown, place, sendId)
    return undefined
  }
}

function problemOf(
  macrostep: Macrostep,
  { payload, place }: SendInstruction,
  { delayMs, event, target, type }: SendTexts,
): Omit<EngineError, 'place'> | undefined {
  if (delayMs === undefined) {
    return { execution: 'error.illegalvalue.RangeError', message: 'the delay is no time such as "200ms" or "1.5s"' }
  }
  if (!isScxmlProcessor(type)) return foreignProblem(macrostep, { event, target, type }, place.state)
  if (event === '' && (payload.content === undefined || macrostep.chart.origin.dialect === 'orchestration')) {
    return { execution: 'error.send.noeventspecified', message: 'the send names no event' }
  }
  return targetProblem(macrostep, target, delayMs, place.state)
}

/** Problems of a send that another processor than the SCXML one delivers. */
function foreignProblem(
  macrostep: Macrostep,
  { event, target, type }: Pick<SendTexts, 'event' | 'target' | 'type'>,
  state: string,
): Omit<EngineError, 'place'> | undefined {
  const isOrchestration = macrostep.chart.origin.dialect === 'orchestration'
  const isKnown = isOrchestration && (type === 'basichttp' || type === moduleProcessor)
  if (!isKnown && !isOffered(macrostep.session.identity, type)) {
    return { execution: `error.send.targettypeinvalid.${state}`, message: `send type "${type}" is not supported` }
  }
  // The event names the action of the module.
  if (type === moduleProcessor && isOrchestration && event === '')
    return { execution: 'error.send.noeventspecified', message: 'the send names no event' }
  if (target !== '') return undefined
  const message = `a send of type "${type}" needs a target`
  return { communication: `error.send.targetunavailable.${state}`, message, target }
}

/** Keeps a delayed message. A repeated send id gets a key of its own, so that both messages fall due. */
function hold(macrostep: Macrostep, message: OutgoingMessage, dueEpochMs: number): void {
  const { session } = macrostep
  const timers = (session.timers ??= new Map())
  const key = timers.has(message.sendId) ? macrostep.deriveId('s') : message.sendId
  timers.set(key, { dueEpochMs, message })
  macrostep.effects.push({ kind: 'timer', sendId: key, dueEpochMs })
}
