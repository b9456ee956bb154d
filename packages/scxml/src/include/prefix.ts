import { replaceText, textBuilder } from '../source/mapped-text.ts'
import type { MappedText } from '../source/mapped-text.ts'
import { scxmlNamespace } from '../xml/namespaces.ts'
import type { XmlAttribute, XmlElement } from '../xml/tree.ts'

const macro = '$$_MY_PREFIX_$$'
const macroPattern = /\$\$_MY_PREFIX_\$\$/g
const macroWithDot = /\$\$_MY_PREFIX_\$\$\.?/g
const elementsWithStateId: ReadonlySet<string> = new Set(['state', 'parallel', 'final', 'history'])

/**
 * An attribute value with the prefix macro filled in. Without a prefix (a document run on its own) the macro
 * disappears together with its dot. Spec: scxml-dialect §4.
 */
export function fillMacro(value: MappedText, prefix: string): MappedText {
  if (!value.text.includes(macro)) return value
  return replaceText(value, prefix === '' ? macroWithDot : macroPattern, prefix)
}

/** Attributes of an element in a fragment with that prefix: macro filled in, the id of a state prefixed. */
export function prefixAttributes(element: XmlElement, prefix: string): readonly XmlAttribute[] {
  const hasStateId = element.namespace === scxmlNamespace && elementsWithStateId.has(element.local)
  return element.attributes.map((attribute) => {
    const isId = hasStateId && attribute.namespace === '' && attribute.name === 'id'
    const value = fillMacro(attribute.value, prefix)
    // An id that is written with the macro has its prefix already.
    if (isId && prefix !== '' && value === attribute.value) return { ...attribute, value: putInFront(prefix, value) }
    return value === attribute.value ? attribute : { ...attribute, value }
  })
}

function putInFront(prefix: string, id: MappedText): MappedText {
  const builder = textBuilder()
  builder.append(`${prefix}.`, id.span.source, id.span.start)
  builder.appendText(id, 0, id.text.length)
  return builder.build(id.span)
}
