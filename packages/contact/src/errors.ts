/** One entry of this package's catalogue of errors. `{name}` in texts is replaced by the parameter of that name. */
export interface ContactFaultSpec {
  readonly message: string
  readonly hint: string
  readonly severity?: 'error' | 'warning' | 'info'
  readonly handling?: 'retry' | 'terminal' | 'pause' | 'cancelled' | 'continue'
  readonly status?: number
}

/** Catalogue of the contact centre: configuration, routing, interactions. */
export const contactFaults = {
  'SEG-CONFIG-001': {
    message: 'the file cannot be read as YAML or JSON: {reason}',
    hint: 'correct the text at this place; indentation of YAML counts',
    severity: 'error',
    handling: 'terminal',
    status: 422,
  },
  'SEG-CONFIG-002': {
    message: '"{path}": {reason}',
    hint: 'see the configuration reference for the members of this object',
    severity: 'error',
    handling: 'terminal',
    status: 422,
  },
  'SEG-CONFIG-003': {
    message: 'unknown key "{key}" in "{path}"',
    hint: '{suggestion}',
    severity: 'error',
    handling: 'terminal',
    status: 422,
  },
  'SEG-CONFIG-004': {
    message: '{kind} "{name}" is configured twice',
    hint: 'the first one is at {first}; keep one of them',
    severity: 'error',
    handling: 'terminal',
    status: 422,
  },
  'SEG-CONFIG-005': {
    message: '{owner} names {kind} "{name}", which is not configured',
    hint: '{suggestion}',
    severity: 'error',
    handling: 'terminal',
    status: 422,
  },
  'SEG-CONFIG-006': {
    message: 'skill expression of agent group "{name}" is malformed: {reason}',
    hint: 'write comparisons such as "English > 5 & Billing >= 2"',
    severity: 'error',
    handling: 'terminal',
    status: 422,
  },
  'SEG-CONFIG-007': {
    message: 'time zone "{name}" is not known',
    hint: 'use an IANA name such as "Europe/Berlin", a known abbreviation such as "PST", or add it to "timeZones"',
    severity: 'error',
    handling: 'terminal',
    status: 422,
  },
  'SEG-CONFIG-008': {
    message: 'the file is larger than {limit} characters',
    hint: 'split the configuration into several files',
    severity: 'error',
    handling: 'terminal',
    status: 413,
  },
  'SEG-CONFIG-009': {
    message: 'agent "{name}" has no telephone number',
    hint: 'set "dn", or "place" with a place that has a DN; otherwise the agent must name a number at login',
    severity: 'warning',
    handling: 'continue',
  },
  'SEG-CONFIG-010': {
    message: 'list "{list}" is not configured',
    hint: 'add it to "lists" or correct the name',
    severity: 'error',
    handling: 'continue',
    status: 404,
  },
  'SEG-CONFIG-011': {
    message: 'list "{list}" has no item "{item}"',
    hint: 'add the item or correct the name',
    severity: 'error',
    handling: 'continue',
    status: 404,
  },
  'SEG-CONFIG-012': {
    message: 'statistical day table "{table}" is not configured',
    hint: 'add it to "dayTables" or correct the name',
    severity: 'error',
    handling: 'continue',
    status: 404,
  },
  'SEG-ROUTE-001': {
    message: 'statistics server "{name}" is not configured; the name is taken as a label',
    hint: 'add it to "statServers" to silence this',
    severity: 'warning',
    handling: 'continue',
  },
  'SEG-ROUTE-002': {
    message: 'virtual queue "{name}" is not configured; it is created',
    hint: 'add it to "virtualQueues" to silence this',
    severity: 'warning',
    handling: 'continue',
  },
  'SEG-ROUTE-003': {
    message: 'target "{name}" is not configured and is ignored',
    hint: 'add the object or correct the name in the document',
    severity: 'warning',
    handling: 'continue',
  },
  'SEG-ROUTE-004': {
    message: 'statistic "{name}" is not known',
    hint: 'targets are chosen at random instead; thresholds with it are false',
    severity: 'warning',
    handling: 'continue',
  },
  'SEG-ROUTE-005': {
    message: 'target "{text}" is malformed: {reason}',
    hint: 'write name@server.type or ?group:expression@server.GA',
    severity: 'error',
    handling: 'terminal',
    status: 422,
  },
  'SEG-ROUTE-006': {
    message: 'agent "{name}" cannot go from "{from}" to "{to}"',
    hint: 'the agent has to log in first',
    severity: 'warning',
    handling: 'continue',
    status: 409,
  },
  'SEG-ROUTE-007': {
    message: 'agent "{name}" is not configured',
    hint: 'add the agent to "agents"',
    severity: 'warning',
    handling: 'continue',
    status: 404,
  },
  'SEG-IXN-001': {
    message: 'interaction went from "{from}" to "{to}", which its life cycle does not have; the switch is believed',
    hint: 'events of the switch may have been lost; nothing has to be done when it happens once after a reconnect',
    severity: 'warning',
    handling: 'continue',
  },
  'SEG-IXN-002': {
    message: 'request "{request}" was refused: {reason}',
    hint: 'the session got the error event of the request',
    severity: 'info',
    handling: 'continue',
    status: 409,
  },
  'SEG-IXN-003': {
    message: 'command to switch "{switch}" failed: {reason}',
    hint: 'look at the state of the call on the switch',
    severity: 'warning',
    handling: 'continue',
  },
} as const satisfies Record<string, ContactFaultSpec>

/** Code of the catalogue. */
export type ContactFaultCode = keyof typeof contactFaults

/** Values for the places of a message. */
export type FaultParameters = Readonly<Record<string, string | number>>

/** A fault with its texts filled in. */
export interface ContactFault {
  readonly code: ContactFaultCode
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
  readonly hint: string
}

/** Fills message and hint of an entry; a missing parameter stays visible. */
export function contactFault(code: ContactFaultCode, parameters: FaultParameters): ContactFault {
  const spec: ContactFaultSpec = contactFaults[code]
  return {
    code,
    severity: spec.severity ?? 'error',
    message: fill(spec.message, parameters),
    hint: fill(spec.hint, parameters),
  }
}

/** Thrown by look-ups that scripts call; modules turn it into an exception of the script. */
export class ConfigurationLookupError extends Error {
  override readonly name = 'ConfigurationLookupError'
  readonly code: ContactFaultCode
  readonly hint: string

  constructor(code: ContactFaultCode, parameters: FaultParameters) {
    const fault = contactFault(code, parameters)
    super(fault.message)
    this.code = code
    this.hint = fault.hint
  }
}

function fill(template: string, parameters: FaultParameters): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(parameters, name) ? String(parameters[name]) : whole,
  )
}
