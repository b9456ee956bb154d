import type { SessionIdentity } from './contract.ts'

/** Type of the SCXML Event I/O Processor. Spec: SCXML 1.0, C.1. */
export const scxmlProcessor = 'http://www.w3.org/TR/scxml/#SCXMLEventProcessor'

/** Whether a `type` names the SCXML Event I/O Processor; none is the default. */
export function isScxmlProcessor(type: string): boolean {
  return type === '' || type === 'scxml' || type === scxmlProcessor
}

/** Type of a send to a functional module in the orchestration dialect. Spec: scxml-dialect section 5. */
export const moduleProcessor = 'fm'

/** `_ioprocessors` as JSON text: the engine's own event processor beside what the world offers. */
export function ioProcessorsOf(identity: SessionIdentity): string {
  const location = JSON.stringify({ location: `#_scxml_${identity.sessionId}` })
  const offered = identity.ioProcessors.trim().slice(1, -1).trim()
  return `{"scxml":${location},"${scxmlProcessor}":${location}${offered === '' ? '' : `,${offered}`}}`
}

/** Whether an `<invoke type>` names SCXML; none is the default. Spec: SCXML 1.0, 6.4.1. */
export function isScxmlService(type: string): boolean {
  return type === '' || type === 'scxml' || /^http:\/\/www\.w3\.org\/TR\/scxml\/?$/i.test(type)
}

/** Whether the world offers a processor of this type, by key or by the tail of its URI (`#BasicHTTPEventProcessor`). */
export function isOffered(identity: SessionIdentity, type: string): boolean {
  try {
    const offered: unknown = JSON.parse(identity.ioProcessors)
    return typeof offered === 'object' && offered !== null && Object.hasOwn(offered, type)
  } catch {
    return false
  }
}
