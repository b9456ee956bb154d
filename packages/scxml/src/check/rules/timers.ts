import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { diagnose } from '../../errors.ts'
import type { Document, SendNode, StateNode, TransitionNode } from '../../read/document.ts'
import { withNested } from '../chart-view.ts'
import type { ChartView } from '../chart-view.ts'
import { constantOf } from '../constant.ts'
import { isTakenBy, waitsFor } from '../event-match.ts'
import { goesToSelf } from '../own-sends.ts'
import type { Rule } from '../rule.ts'

/**
 * A timer that was given an id to cancel it by is cancelled somewhere. Only what is certain is reported: no `<cancel>`
 * can mean this id, nothing compares send ids, its event is taken only in the state that starts it, and another
 * transition leaves that state before.
 *
 * Spec: SCXML 1.0, 6.2 and 6.3; scxml-dialect §2 "cancel".
 */
export const checkTimers: Rule = (view) => {
  const timers = view.states.flatMap((state) =>
    state.onentry
      .flatMap(({ content }) => withNested(content))
      .flatMap((send) => (send.kind === 'send' && isTimer(send) ? [{ send, state }] : [])),
  )
  if (timers.length === 0 || comparesSendIds(view.document)) return []
  const mayBeCancelled = cancelsOf(view)
  return timers
    .filter(({ send }) => !mayBeCancelled(send))
    .slice(0, maxLookedAt)
    .flatMap(({ send, state }) => report(view, state, send))
}

/** Timers that are looked at: the cost of each grows with the document. */
const maxLookedAt = 200

function report(view: ChartView, state: StateNode, send: SendNode): readonly Diagnostic[] {
  const event = constantOf(send.event)
  const id = send.id ?? send.idLocation?.text.trim()
  if (event === undefined || id === undefined) return []
  const isInside = (other: StateNode): boolean => other === state || view.ancestorsOf(other).includes(state)
  const takers = view.transitions.filter(({ transition }) => takes(view.document, transition, event))
  if (takers.length === 0 || !takers.every(({ source }) => isInside(source))) return []
  const isLeftBefore = view.transitions.some(
    ({ source, transition }) =>
      (isInside(source) || view.ancestorsOf(state).includes(source)) &&
      transition.targets.length > 0 &&
      !transition.targets.some((target) => view.statesOf(target.id).some(isInside)) &&
      !transition.events.some(({ text }) => isTakenBy(event, text)),
  )
  return isLeftBefore ? [diagnose('SEG-DOC-036', send.span, { id, state: state.id, event })] : []
}

function isTimer(send: SendNode): boolean {
  if (send.delay === undefined || !goesToSelf(send)) return false
  return !/^\s*(['"]?)0*(?:\.0*)?(?:m?s)?\1\s*;?\s*$/.test(textOf(send.delay))
}

/** A target-less `*` in the orchestration dialect only notes what happens, as in the rule about untaken events. */
function takes({ dialect }: Document, transition: TransitionNode, event: string): boolean {
  const onlyNotes = dialect === 'orchestration' && transition.targets.length === 0
  return onlyNotes
    ? transition.events.some(({ text }) => text !== '*' && isTakenBy(event, text))
    : waitsFor(transition, event)
}

/**
 * Tells whether some `<cancel>` can mean the id of a send. A computed id may be any, unless it is where another timer
 * put its own.
 */
function cancelsOf({ executables }: ChartView): (send: SendNode) => boolean {
  const locations = new Set(
    executables.flatMap((send) => (send.kind === 'send' && send.idLocation ? [send.idLocation.text.trim()] : [])),
  )
  const constants = new Set<string>()
  const computed = new Set<string>()
  for (const cancel of executables) {
    if (cancel.kind !== 'cancel') continue
    const constant = constantOf(cancel.sendId)
    if (constant === undefined) computed.add(textOf(cancel.sendId).trim())
    else constants.add(constant)
  }
  const mayBeAny = [...computed].some((text) => !locations.has(text))
  return ({ id, idLocation }) =>
    mayBeAny || (idLocation === undefined ? constants.has(id ?? '') : computed.has(idLocation.text.trim()))
}

/** An id can also serve to tell events apart. */
function comparesSendIds({ sources }: Document): boolean {
  return sources.some(({ text }) => /_event\s*(?:\.\s*(?:data\s*\.\s*)?|\[\s*['"])sendid/.test(text))
}

function textOf(slot: NonNullable<SendNode['delay']>): string {
  return slot.kind === 'literal' ? slot.value : slot.text.text
}
