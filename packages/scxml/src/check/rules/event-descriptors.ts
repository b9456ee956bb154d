import { diagnose } from '../../errors.ts'
import type { Rule } from '../rule.ts'

/** What transitions wait for can be an event name. Spec: SCXML 1.0, 3.12.1 and D.1 "Event.Descriptors". */
export const checkEventDescriptors: Rule = ({ transitions }) =>
  transitions
    .flatMap(({ transition }) => transition.events)
    .flatMap(({ text, span }) => {
      if (/^(['"]).*\1$/.test(text)) return [diagnose('SEG-DOC-025', span, { event: text })]
      return isDescriptor(text) ? [] : [diagnose('SEG-DOC-024', span, { event: text })]
    })

/** `*`, or parts with dots between them, with `.*` or one dot at the end. */
function isDescriptor(text: string): boolean {
  return text === '*' || /^[^.*]+(?:\.[^.*]+)*(?:\.\*?)?$/.test(text)
}
