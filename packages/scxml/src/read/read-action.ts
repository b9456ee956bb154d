import type { AttributeSpec, ChildSpec, ElementNamespace, ElementSpec } from '../elements/element-spec.ts'
import { scxmlNamespace } from '../xml/namespaces.ts'
import { attributeOf, childElements } from '../xml/tree.ts'
import type { XmlElement } from '../xml/tree.ts'
import type { ActionAttribute, ActionNode, UnsupportedNode } from './document.ts'
import { readPayload } from './read-payload.ts'
import { reportMisplaced, reportStrayText } from './reader.ts'
import type { Reader } from './reader.ts'

/** Reads an element of a module where executable content may stand. */
export function readAction(reader: Reader, element: XmlElement): ActionNode | UnsupportedNode | undefined {
  const found = reader.modules.find(element)
  if (found === undefined) return undefined
  const { module, spec } = found
  if (spec === undefined) {
    reportUnsupported(reader, element, module)
    return { kind: 'unsupported', name: element.name, span: element.tag }
  }
  if (spec.kind === 'child') {
    const allowed = 'executable content'
    reader.report('SEG-DOC-008', element.nameSpan, { element: element.name, parent: 'executable content', allowed })
    return undefined
  }
  return readSpecified(reader, element, module, spec)
}

function readSpecified(reader: Reader, element: XmlElement, module: ElementNamespace, spec: ElementSpec): ActionNode {
  reportStrayText(reader, element)
  const children = sortChildren(reader, element, module, spec)
  return {
    kind: 'action',
    module: module.module,
    spec,
    attributes: readAttributes(reader, element, spec),
    ...readPayload(reader, element, children.core),
    children: children.own,
    span: element.tag,
  }
}

function readAttributes(reader: Reader, element: XmlElement, spec: ElementSpec): readonly ActionAttribute[] {
  const known = new Map(spec.attributes.map((attribute) => [attribute.name, attribute]))
  const read: ActionAttribute[] = []
  for (const { name, namespace, nameSpan, value } of element.attributes) {
    if (namespace !== '') continue
    const attribute = known.get(name)
    if (attribute === undefined) {
      const allowed = [...known.keys()].join(', ') || 'none'
      reader.report('SEG-DOC-009', nameSpan, { element: element.name, attribute: name, allowed })
      continue
    }
    read.push({ spec: attribute, text: value })
    reportForeignValue(reader, attribute, { text: value.text, span: value.span })
  }
  for (const { name, required } of spec.attributes) {
    if (required === true && attributeOf(element, name) === undefined) {
      reader.report('SEG-DOC-011', element.nameSpan, { element: element.name, attribute: name })
    }
  }
  return read
}

function reportForeignValue(
  reader: Reader,
  spec: AttributeSpec,
  value: { readonly text: string; readonly span: XmlElement['span'] },
): void {
  if (spec.kind !== 'literal' || spec.values === undefined) return
  if (spec.values.includes(value.text.trim().toLowerCase())) return
  const allowed = spec.values.join(', ')
  reader.report('SEG-DOC-013', value.span, { value: value.text, attribute: spec.name, allowed })
}

interface ActionChildren {
  readonly own: readonly ActionNode[]
  readonly core: readonly XmlElement[]
}

function sortChildren(
  reader: Reader,
  element: XmlElement,
  module: ElementNamespace,
  spec: ElementSpec,
): ActionChildren {
  const own: ActionNode[] = []
  const core: XmlElement[] = []
  const counts = new Map<ChildSpec, number>()
  for (const child of childElements(element)) {
    const found = reader.modules.find(child)
    const childSpec = spec.children.find((one) => fits(one, child, found?.module, module))
    if (childSpec === undefined) {
      if (found !== undefined && found.spec === undefined) reportUnsupported(reader, child, found.module)
      else
        reportMisplaced(
          reader,
          child,
          element,
          spec.children.map(({ name }) => name),
          true,
        )
      continue
    }
    counts.set(childSpec, (counts.get(childSpec) ?? 0) + 1)
    if (counts.get(childSpec) === (childSpec.max ?? Infinity) + 1) {
      reader.report('SEG-DOC-016', child.nameSpan, { element: child.name, parent: element.name })
    }
    if (found?.spec !== undefined) own.push(readSpecified(reader, child, found.module, found.spec))
    else if (child.namespace === scxmlNamespace) core.push(child)
    else if (found !== undefined) reportUnsupported(reader, child, found.module)
  }
  for (const { name, min } of spec.children.filter((one) => (counts.get(one) ?? 0) < (one.min ?? 0))) {
    reader.report('SEG-DOC-019', element.nameSpan, { element: element.name, child: name, min: min ?? 0 })
  }
  return { own, core }
}

/** `param` and `content` without a module are SCXML elements; others belong to the element's own module. */
function fits(
  spec: ChildSpec,
  child: XmlElement,
  childModule: ElementNamespace | undefined,
  ownModule: ElementNamespace,
): boolean {
  if (spec.name !== child.local) return false
  if (childModule !== undefined) return childModule.module === (spec.module ?? ownModule.module)
  return child.namespace === scxmlNamespace && spec.module === undefined
}

function reportUnsupported(reader: Reader, element: XmlElement, module: ElementNamespace): void {
  reader.report('SEG-DOC-007', element.nameSpan, { module: module.module, element: element.local })
}
