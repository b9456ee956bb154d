import type { FaultSpec } from '@segue/scxml'

/** Errors of the HTTP interface and of a node's start. */
export const faults = {
  'SEG-API-001': {
    message: 'parameter "{name}" is missing',
    status: 400,
    hint: 'send it in the body (form or JSON) or in the query',
  },
  'SEG-API-002': {
    message: 'the document "{url}" cannot be started',
    status: 422,
    hint: 'mend the findings and try again; "segue lint" finds the same without a server',
  },
  'SEG-API-003': {
    message: 'no session "{id}" is running',
    status: 404,
    hint: '"segue session list" shows the running ones; an ended session takes no events',
  },
  'SEG-API-004': {
    message: 'no interaction "{id}"',
    status: 404,
    hint: 'ids of interactions are call ids; "segue call list" shows the live ones',
  },
  'SEG-API-005': {
    message: 'no agent "{id}"',
    status: 404,
    hint: 'use the employee id from the configuration; "segue agent list" shows them',
  },
  'SEG-API-006': {
    message: 'too much work is waiting',
    status: 503,
    hint: 'try again after the time in Retry-After; nothing was accepted',
  },
  'SEG-API-007': {
    message: 'the token is missing or wrong',
    status: 401,
    hint: 'send "Authorization: Bearer …" with the token from the file "api-token" in the data folder',
  },
  'SEG-API-008': {
    message: 'the switch refused: {description}',
    status: 409,
    hint: 'look at the call with "segue call show"; it may have moved on',
  },
  'SEG-API-009': {
    message: 'call "{id}" is not at any switch',
    status: 404,
    hint: 'the call has ended, or the id is wrong',
  },
  'SEG-API-010': {
    message: 'no switch is connected',
    status: 503,
    hint: 'start the switch (for the simulated one "segue sim-switch") and try again',
  },
  'SEG-API-011': {
    message: 'the request cannot be read: {reason}',
    status: 400,
    hint: 'send a form or JSON object, and say which in Content-Type',
  },
  'SEG-API-012': {
    message: 'there is nothing at "{path}"',
    status: 404,
    hint: 'the addresses are listed in docs/reference/http-api.md',
  },
  'SEG-API-013': {
    message: 'something went wrong inside of the server',
    status: 500,
    hint: 'the log has an entry with the same request id; please report it',
  },
  'SEG-API-014': {
    message: 'no session "{id}" is known',
    status: 404,
    hint: '"segue session list --ended" shows running and ended ones',
  },
  'SEG-API-015': {
    message: 'parameter "{name}" is not {expected}',
    status: 400,
    hint: 'docs/reference/http-api.md describes every parameter',
  },
  'SEG-API-016': {
    message: 'the body is larger than {limitBytes} bytes',
    status: 413,
    hint: 'send less; the limit is "maxBodyBytes" in docs/reference/limits.md',
  },
  'SEG-API-017': {
    message: 'bodies of type "{type}" are not read here',
    status: 415,
    hint: 'send "application/json" or "application/x-www-form-urlencoded"',
  },
  'SEG-API-018': {
    message: 'no application "{name}" is configured',
    status: 422,
    hint: 'use a name of the section "applications" of the configuration; those are: {known}',
  },
  'SEG-API-019': {
    message: 'Idempotency-Key "{key}" was used to start "{url}"',
    status: 409,
    hint: 'take a new key for another document',
  },
  'SEG-API-020': {
    message: 'the node is starting and takes no requests yet',
    status: 503,
    hint: 'try again after the time in Retry-After; GET /health/ready says when',
  },
  'SEG-API-022': {
    message: 'interaction "{id}" exists already',
    status: 409,
    hint: 'leave "g_uid" out to get a new id',
  },
  'SEG-API-023': {
    message: 'method {method} is not served at "{path}"',
    status: 405,
    hint: 'GET /ors/help lists the methods',
  },
  'SEG-API-024': {
    message: 'session "{id}" has not answered "{name}" in time',
    status: 504,
    hint: 'a session answers with <ws:response>; look at it with "segue session show"',
  },
  'SEG-API-025': {
    message: 'session "{id}" ended without an answer to "{name}"',
    status: 410,
    hint: 'a session answers with <ws:response> before it reaches its final state',
  },
  'SEG-API-026': {
    message: 'the request with this Idempotency-Key was made before',
    status: 409,
    hint: 'its answer went to the caller of that time; take a new key to ask again',
  },
  'SEG-API-029': {
    message: 'the store does not answer now',
    status: 503,
    hint: 'try again after the time in Retry-After; nothing was accepted, what was accepted before is kept',
  },
  'SEG-API-040': {
    message: 'no incident "{id}" is open',
    status: 404,
    hint: '"segue incidents list" shows the open ones; somebody may have decided about it already',
  },
  'SEG-API-041': {
    message: 'incident "{id}" cannot take "{action}"',
    status: 409,
    hint: 'what can be done about it: {actions}',
  },
  'SEG-NODE-001': {
    message: 'the configuration has errors: nothing was started',
    hint: 'mend the findings above; a configuration is taken whole or not at all',
  },
  'SEG-NODE-002': {
    message: 'the address {address} is in use',
    hint: 'stop the other program, or choose another port with --port',
  },
  'SEG-API-030': {
    message: 'no single version in quarantine begins with "{hash}"',
    status: 404,
    hint: '"segue quarantine list" shows them',
  },
} as const satisfies Record<string, FaultSpec>

/** Codes of this package. */
export type FaultCode = keyof typeof faults
