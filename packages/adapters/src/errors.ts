/** One entry of the catalogue; same shape as in the other packages. `{name}` in texts is replaced by a parameter. */
export interface AdapterFaultSpec {
  readonly message: string
  readonly hint: string
  readonly severity?: 'error' | 'warning' | 'info'
  readonly handling?: 'retry' | 'terminal' | 'pause' | 'cancelled' | 'continue'
  readonly status?: number
}

/** Catalogue of what can go wrong at the edges: switch, fetch, reading documents. */
export const adapterFaults = {
  'SEG-SWITCH-001': {
    message: 'switch plan is not usable: {reason}',
    hint: 'see the reference of the switch plan; numbers of routing points and agents must be unique',
    handling: 'terminal',
  },
  'SEG-SWITCH-002': {
    message: 'journal "{path}" is damaged at line {line}',
    hint: 'move the file away to start with an empty journal; calls known to it are then forgotten',
    handling: 'terminal',
  },
  'SEG-SWITCH-003': {
    message: 'switch refused the connection: {reason}',
    hint: 'token and protocol version of the switch process and of the server must be the same',
    handling: 'retry',
  },
  'SEG-SWITCH-004': {
    message: 'link to switch "{switchName}" closed: {reason}',
    hint: 'the link is tried again by itself; look at the switch process when it stays down',
    handling: 'retry',
  },
  'SEG-SWITCH-005': {
    message: 'switch process cannot listen on {address}: {reason}',
    hint: 'choose another port or end the process that holds it',
    handling: 'terminal',
  },
  'SEG-FETCH-001': {
    message: 'fetch request is not valid: {reason}',
    hint: 'srcexpr must be an absolute http or https address; method one of get, post, put, delete',
    handling: 'continue',
  },
  'SEG-FETCH-002': {
    message: '"{url}" answered with status {status}',
    hint: 'the description holds the beginning of the answer; look at the log of that server',
    handling: 'continue',
  },
  'SEG-FETCH-003': {
    message: '"{url}" could not be fetched: {reason}',
    hint: 'check address, name service, certificate and firewall; gdelivery="true" tries again',
    handling: 'continue',
  },
  'SEG-FETCH-004': {
    message: '"{url}" did not answer within {timeoutS} s',
    hint: 'raise the attribute timeout or make the server faster',
    handling: 'continue',
  },
  'SEG-FETCH-005': {
    message: 'answer of "{url}" is of type "{actual}", not "{expected}"',
    hint: 'set the attribute type to what the server sends',
    handling: 'continue',
  },
  'SEG-FETCH-006': {
    message: 'answer of "{url}" is larger than {limitBytes} bytes',
    hint: 'fetch less, or raise the limit maxResponseBytes',
    handling: 'continue',
  },
  'SEG-FETCH-007': {
    message: 'post to "{url}" was interrupted by a restart; it may or may not have been received',
    hint: 'use gdelivery="true" or the option resendPost when the server can take the same post twice',
    handling: 'continue',
  },
  'SEG-FETCH-008': {
    message: 'redirect of "{url}" was not followed: {reason}',
    hint: 'use the final address in srcexpr',
    handling: 'continue',
  },
  'SEG-FETCH-009': {
    message: 'too many requests wait for "{url}"',
    hint: 'the limit is maxWaiting; a slow server holds the others up',
    handling: 'continue',
  },
  'SEG-LOAD-001': {
    message: '"{url}" lies outside of the folders and origins that documents may come from',
    hint: 'add its folder to the file roots or its origin to the allowed origins',
    handling: 'terminal',
  },
  'SEG-LOAD-002': {
    message: '"{url}" was not found: {reason}',
    hint: 'check spelling and base address of the reference',
    handling: 'terminal',
  },
  'SEG-LOAD-003': {
    message: '"{url}" is larger than {limitBytes} bytes',
    hint: 'raise the limit maxBytes of documents if that is intended',
    handling: 'terminal',
  },
  'SEG-LOAD-004': {
    message: '"{url}" cannot be decoded: {reason}',
    hint: 'save the file as utf-8, declare its encoding, or set the option defaultEncoding',
    handling: 'terminal',
  },
  'SEG-LOAD-005': {
    message: '"{url}" could not be read: {reason}',
    hint: 'check that the server runs and that its certificate is valid',
    handling: 'retry',
  },
  'SEG-LOAD-006': {
    message: 'reference "{url}" is not valid: {reason}',
    hint: 'references are file, http or https addresses, or relative to the document',
    handling: 'terminal',
  },
} as const satisfies Record<string, AdapterFaultSpec>

/** Code of an entry of this package's catalogue. */
export type AdapterFaultCode = keyof typeof adapterFaults

/** Text of a fault with its code in front, for results and logs. */
export function adapterFaultText(
  code: AdapterFaultCode,
  parameters: Readonly<Record<string, string | number>>,
): string {
  return `${code} ${fill(adapterFaults[code].message, parameters)}`
}

/** A fault that ends an operation, for edges that start up (listening, opening a journal). */
export class AdapterError extends Error {
  readonly code: AdapterFaultCode

  constructor(code: AdapterFaultCode, parameters: Readonly<Record<string, string | number>>, cause?: unknown) {
    super(fill(adapterFaults[code].message, parameters), cause === undefined ? undefined : { cause })
    this.name = 'AdapterError'
    this.code = code
  }
}

function fill(template: string, parameters: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole))
}
