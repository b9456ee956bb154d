import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { diagnose } from '../../errors.ts'
import type { Executable } from '../../read/document.ts'
import type { Span } from '../../source/source.ts'
import { constantOf } from '../constant.ts'
import { prefixesOf } from '../dotted-name.ts'
import { createSuggester } from '../nearest-name.ts'
import { goesToSelf } from '../own-sends.ts'
import type { Rule } from '../rule.ts'

/**
 * An event that the session sends to itself under a name known at load is taken by some transition. In the
 * orchestration dialect a target-less `*` does not count: every generated first page has one that only notes events.
 */
export const checkUntakenEvents: Rule = ({ document, executables, transitions }) => {
  const waited = new Set<string>()
  for (const { transition } of transitions) {
    const onlyNotes = document.dialect === 'orchestration' && transition.targets.length === 0
    for (const { text } of transition.events) if (!(onlyNotes && text === '*')) waited.add(text)
  }
  const taken = new Set([...waited].map((descriptor) => descriptor.replace(/\.\*?$/, '')))
  const takesAll = taken.has('*') || taken.has('')
  const isTaken = (name: string): boolean => takesAll || prefixesOf(name).some((prefix) => taken.has(prefix))
  const suggest = createSuggester([...waited])
  return executables
    .flatMap(sentToSelf)
    .filter(({ name }) => !isTaken(name))
    .map(({ name, span }) => report(name, span, suggest(name)))
}

interface SentEvent {
  readonly name: string
  readonly span: Span
}

function report(name: string, span: Span, near: string | undefined): Diagnostic {
  const advice =
    near === undefined
      ? 'add a transition for it, or do not send it'
      : `a transition waits for "${near}": correct one of the two names`
  return diagnose('SEG-DOC-012', span, { event: name, advice })
}

function sentToSelf(node: Executable): readonly SentEvent[] {
  if (node.kind === 'raise') return [{ name: node.event, span: node.span }]
  if (node.kind !== 'send' || !goesToSelf(node)) return []
  const name = constantOf(node.event)
  if (name === undefined || node.event === undefined) return []
  return [{ name, span: node.event.kind === 'literal' ? node.event.span : node.event.text.span }]
}
