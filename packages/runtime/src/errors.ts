import type { FaultSpec } from '@segue/scxml'

/** Catalogue of what the runtime reports. */
export const runtimeFaults = {
  'SEG-RUNTIME-001': {
    message: 'message "{kind}" from "{source}" failed twice and was set aside: {reason}',
    hint: 'the entity goes on without it; the reason names the defect',
    severity: 'error',
    handling: 'continue',
  },
  'SEG-RUNTIME-002': {
    message: 'the store does not take changes: {reason}',
    hint: 'nothing is lost, work goes on when the store does; look at disk space and at the database',
    severity: 'error',
    handling: 'pause',
    status: 503,
  },
  'SEG-RUNTIME-003': {
    message: 'partition {partition} belongs to another owner now',
    hint: 'a second process took the store over; stop one of them',
    severity: 'error',
    handling: 'terminal',
    status: 503,
  },
  'SEG-RUNTIME-004': {
    message: 'stored version in partition {partition} is not the expected one; its entities are read again',
    hint: 'something else has written to the store',
    severity: 'error',
    handling: 'retry',
  },
  'SEG-RUNTIME-005': {
    message: 'nothing performs effects of type "{type}"; effect "{key}" waits',
    hint: 'switch on the adapter for this type and start again',
    severity: 'error',
    handling: 'pause',
  },
  'SEG-RUNTIME-006': {
    message: 'performing effect "{key}" of type "{type}" failed: {reason}',
    hint: 'it is tried again; this is a defect of the adapter',
    severity: 'error',
    handling: 'retry',
  },
  'SEG-RUNTIME-007': {
    message: 'stored state of "{entity}" cannot be read: {reason}',
    hint: 'a newer version wrote it, or the store is damaged; it is left untouched',
    severity: 'error',
    handling: 'terminal',
    status: 500,
  },
  'SEG-RUNTIME-008': {
    message: 'no behaviour for entities of kind "{kind}"',
    hint: 'this node is not configured to run them',
    severity: 'error',
    handling: 'terminal',
    status: 501,
  },
  'SEG-RUNTIME-009': {
    message: 'a listener failed: {reason}',
    hint: 'work went on; this is a defect of the listener',
    severity: 'warning',
    handling: 'continue',
  },
} as const satisfies Record<string, FaultSpec>

/** Code of an entry in the runtime's catalogue. */
export type RuntimeFaultCode = keyof typeof runtimeFaults

/** Text of a fault with its places filled in. */
export function runtimeMessage(code: RuntimeFaultCode, parameters: Readonly<Record<string, string | number>>): string {
  return runtimeFaults[code].message.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole))
}

/** Text of whatever was thrown, for messages. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
