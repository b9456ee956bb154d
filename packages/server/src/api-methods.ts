/** One address of the HTTP interface, for `GET /ors/help` and the reference page. */
export interface ApiMethod {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly parameters: string
  readonly purpose: string
}

const method = (words: string, parameters: string, purpose: string): ApiMethod => {
  const [verb, path = ''] = words.split(' ')
  return { method: verb === 'GET' ? 'GET' : 'POST', path, parameters, purpose }
}

/** Every address that is served; a test compares them with the routes. */
export const API_METHODS: readonly ApiMethod[] = [
  method('POST /scxml/session/start', 'src, idealtime; any other: start parameter', 'starts a session of a document'),
  method('POST /scxml/session/{id}/event/{name}', 'members of _event.data', 'sends an event to a session'),
  method(
    'GET /scxml/session/{id}/event/{name}',
    'query: members of _event.data',
    'the same, for clients without a body',
  ),
  method(
    'POST /scxml/session/{id}/request/{name}',
    'members of _event.data; the body also as param, paramtype',
    'asks a session and waits for its <ws:response>',
  ),
  method('GET /scxml/session/{id}/request/{name}', 'query: members of _event.data', 'the same'),
  method('POST /scxml/session/{id}/terminate', '', 'ends a session; its onexit blocks run'),
  method('GET /scxml/session/{id}/terminate', '', 'the same'),
  method('GET /scxml/session/{id}/query', '', 'states and data of a session'),
  method(
    'POST /scxml/session/{id}/basichttp',
    '_scxmleventname; members of _event.data, or any body',
    'Basic HTTP event processor',
  ),
  method('GET /ors/help', '', 'this list'),
  method('GET /api/v1/sessions', 'query: ended=true, limit, after', 'sessions'),
  method('GET /api/v1/sessions/{id}', 'query: after', 'states, data, variables and trace of a session'),
  method('GET /api/v1/interactions', 'query: ended=true, limit, after', 'interactions'),
  method('GET /api/v1/interactions/{id}', '', 'one interaction: parties, user data, owner'),
  method(
    'POST /api/v1/interactions',
    'interaction, focusDeviceId, application',
    'offers an interaction that no switch knows',
  ),
  method(
    'POST /api/v1/calls',
    'from, to, userData, callId, connId, parentCallId, type, parties, patienceS',
    'a caller dials',
  ),
  method('POST /api/v1/calls/{id}/press', 'digits', 'the caller presses keys'),
  method('POST /api/v1/calls/{id}/hangup', '', 'the caller hangs up'),
  method('POST /api/v1/calls/{id}/answer', 'device', 'a ringing telephone is answered'),
  method('POST /api/v1/calls/{id}/release', 'device', 'a telephone leaves the call'),
  method('GET /api/v1/agents', '', 'agents with their states'),
  method('POST /api/v1/agents/{id}/login', 'device, reason', 'logs an agent in, not ready'),
  method('POST /api/v1/agents/{id}/ready', 'device', 'the agent takes interactions'),
  method('POST /api/v1/agents/{id}/notready', 'device, reason', 'the agent takes none'),
  method('POST /api/v1/agents/{id}/logout', 'device, reason', 'logs an agent out'),
  method('GET /api/v1/incidents', '', 'stuck and failed sessions and commands that nobody has decided about'),
  method('POST /api/v1/incidents/{id}/retry', '', 'the message is stepped or the command performed again'),
  method('POST /api/v1/incidents/{id}/skip', '', 'goes on without the message or the answer'),
  method('POST /api/v1/incidents/{id}/end', '', 'ends the session'),
  method('GET /api/v1/quarantine', '', 'application versions that take no new sessions, with the reason'),
  method('POST /api/v1/quarantine/{hash}/lift', '', 'the version takes new sessions again'),
  method('GET /api/v1/status', '', 'store, configuration, groups, queues and totals'),
  method('GET /health', '', 'the process answers (no token)'),
  method('GET /health/ready', '', 'the node takes work (no token)'),
]
