import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { diagnose } from '../../errors.ts'
import type { DataNode } from '../../read/document.ts'
import { placeOf } from '../places.ts'
import type { Rule } from '../rule.ts'

const plainName = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*$/u

/** Data ids are plain names and name one place each. Spec: SCXML 1.0, B.2; scxml-dialect §2. */
export const checkData: Rule = ({ document, states }) => {
  if (document.dataModel === 'null') return []
  const first = new Map<string, DataNode>()
  return [...document.data, ...states.flatMap(({ data }) => data)].flatMap((datum): readonly Diagnostic[] => {
    if (!plainName.test(datum.id)) return [diagnose('SEG-DOC-029', datum.idSpan, { id: datum.id })]
    const earlier = first.get(datum.id)
    if (earlier === undefined) {
      first.set(datum.id, datum)
      return []
    }
    return [diagnose('SEG-DOC-030', datum.idSpan, { id: datum.id, first: placeOf(earlier.idSpan, document.url) })]
  })
}
