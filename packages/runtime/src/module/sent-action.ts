import type { AttributeSpec, ElementSpec, OutgoingMessage } from '@segue/scxml'
import type { Module, PlannedAction } from './contract.ts'
import { plainValue } from './plain-value.ts'

/**
 * A message to a module as the action of its name: members of the data that the element declares are its attributes,
 * all others its parameters, `<content>` is its content, the send id is its request id. Child elements cannot be sent.
 * `undefined`: the module has no such action.
 *
 * Spec: scxml-dialect section 5, `fm`.
 */
export function sentAction(message: OutgoingMessage, { name, namespace }: Module): PlannedAction | undefined {
  const spec = namespace.elements.find((element) => element.name === message.event && element.kind === 'action')
  if (spec === undefined) return undefined
  const data = plainValue(message.data)
  const isContent = message.dataIsContent === true
  const members = isContent || typeof data !== 'object' || data === null ? [] : Object.entries(data)
  const given = members.filter(([, value]) => value !== undefined && value !== null)
  const attributes = given.filter(([key]) => isRead(spec, key))
  const params = members.flatMap(([key, value]) => (isDeclared(spec, key) ? [] : [{ name: key, value }]))
  return {
    element: spec.name,
    requestId: message.sendId,
    attributes: Object.fromEntries(attributes),
    params,
    content: isContent ? { value: data } : undefined,
    children: [],
    source: {
      module: name,
      element: spec.name,
      spec,
      requestId: message.sendId,
      attributes: Object.fromEntries(attributes.map(([key, value]) => [key, encoded(value)])),
      params: params.map((param) => ({ name: param.name, value: encoded(param.value) })),
      content: isContent ? message.data : undefined,
      children: [],
      line: 0,
    },
  }
}

function attributeOf(spec: ElementSpec, name: string): AttributeSpec | undefined {
  return spec.attributes.find((attribute) => attribute.name === name)
}

function isDeclared(spec: ElementSpec, name: string): boolean {
  return attributeOf(spec, name) !== undefined
}

/** A location is written by the engine, and a message has none. */
function isRead(spec: ElementSpec, name: string): boolean {
  const attribute = attributeOf(spec, name)
  return attribute !== undefined && attribute.kind !== 'location'
}

function encoded(value: unknown): string {
  return JSON.stringify(value) ?? 'null'
}
