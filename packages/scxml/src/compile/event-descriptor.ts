/** An event descriptor taken apart once. Spec: SCXML 1.0, 3.12.1. */
export interface Descriptor {
  /** Tokens that the name has to begin with, without a trailing `.` or `.*`; empty matches every event. */
  readonly prefix: string
  /** `prefix` with a dot behind it. */
  readonly dotted: string
}

/** Takes a descriptor as written (`foo.bar`, `foo.*`, `*`) apart. */
export function splitDescriptor(text: string): Descriptor {
  const prefix = text === '*' ? '' : text.replace(/\.\*$/, '').replace(/\.$/, '')
  return { prefix, dotted: `${prefix}.` }
}

/** Whether an event name matches a descriptor token by token, with regard to case. Spec: appendix D, nameMatch. */
export function matchesName(descriptor: Descriptor, name: string): boolean {
  return descriptor.prefix === '' || descriptor.prefix === name || name.startsWith(descriptor.dotted)
}
