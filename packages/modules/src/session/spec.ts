import type { ElementNamespace, ElementSpec } from '@segue/scxml'
import {
  flagAttribute,
  hintsAttribute,
  moduleUris,
  numberAttribute,
  objectAttribute,
  requestIdLocation,
  secondsAttribute,
  textAttribute,
} from '../element-attributes.ts'

const fetch: ElementSpec = {
  name: 'fetch',
  kind: 'action',
  attributes: [
    requestIdLocation,
    textAttribute('srcexpr', {
      doc: 'Address; a relative one is taken from that of the document.',
      confidence: 'doc',
      required: true,
    }),
    textAttribute('method', {
      doc: 'get, post, put or delete, in any letter case; esp and urs are refused as "unsupported".',
      confidence: 'app',
      defaultText: "'get'",
    }),
    {
      name: 'namelist',
      kind: 'names',
      type: 'any',
      doc: 'Variables to send, separated by blanks: each is a parameter of its name, before those of "param".',
      confidence: 'mem',
    },
    textAttribute('enctype', {
      doc: 'Form of the body: application/x-www-form-urlencoded or application/json.',
      confidence: 'app',
      defaultText: "'application/x-www-form-urlencoded'",
    }),
    textAttribute('type', {
      doc: 'Expected type of the answer; another one is an error.',
      confidence: 'app',
      defaultText: "'application/json'",
    }),
    secondsAttribute('maxage', { doc: 'Greatest accepted age of a cached answer.', confidence: 'app' }),
    secondsAttribute('maxstale', {
      doc: 'Accepted staleness of a cached answer.',
      confidence: 'app',
      defaultText: '0',
    }),
    secondsAttribute('timeout', { doc: 'When to give up.', confidence: 'app' }),
    objectAttribute('headers', {
      doc: 'Headers of the request by name; those without a value are left out.',
      confidence: 'app',
    }),
    flagAttribute('gdelivery', { doc: 'Tries again on failure.', confidence: 'app', defaultText: 'false' }),
    numberAttribute('gd_retries', { doc: 'Attempts with "gdelivery".', confidence: 'app', defaultText: '1' }),
    secondsAttribute('gd_retry_interval', {
      doc: 'Pause between attempts with "gdelivery".',
      confidence: 'app',
      defaultText: '0',
    }),
    hintsAttribute,
  ],
  children: [{ name: 'param' }, { name: 'content', max: 1 }],
  events: ['session.fetch.done', 'error.session.fetch'],
  doc: 'Asks an HTTP server. Parameters become the query of get and delete, the body of post and put.',
  source: 'session-and-web §4.1',
  confidence: 'doc',
}

const start: ElementSpec = {
  name: 'start',
  kind: 'action',
  attributes: [
    { ...requestIdLocation, confidence: 'mem?' },
    {
      name: 'sessionid',
      kind: 'location',
      type: 'string',
      receives: 'startedSession',
      doc: 'Place that receives the id of the new session, before it starts; "sessionid" of the answer is the same.',
      confidence: 'mem',
    },
    textAttribute('src', { doc: 'Address of the document.', confidence: 'mem', required: true }),
    {
      name: 'idealtime',
      kind: 'expression',
      type: 'number',
      unit: 'ms',
      defaultText: 'now',
      doc: 'When to start, in milliseconds since 1970. A later start is answered at once with the id of the session, and kept even when this session ends.',
      confidence: 'doc',
    },
    { ...hintsAttribute, confidence: 'mem?' },
  ],
  children: [{ name: 'param' }],
  events: ['session.start.done', 'error.session.start', 'done.start.<sessionid>'],
  doc: 'Starts another session; parameters set its data of the same names.',
  source: 'session-and-web §4.2',
  confidence: 'doc',
}

const terminate: ElementSpec = {
  name: 'terminate',
  kind: 'action',
  attributes: [
    { ...requestIdLocation, confidence: 'mem?' },
    textAttribute('sessionid', { doc: 'Session to end.', confidence: 'mem', required: true }),
  ],
  children: [],
  events: ['session.terminate.done', 'error.session.terminate'],
  doc: 'Ends a session.',
  source: 'session-and-web §4.3',
  confidence: 'doc',
}

const updatestart: ElementSpec = {
  name: 'updatestart',
  kind: 'action',
  attributes: [
    { ...requestIdLocation, confidence: 'mem?' },
    textAttribute('sessionid', { doc: 'Session that is to start later.', confidence: 'mem', required: true }),
    {
      name: 'idealtime',
      kind: 'expression',
      type: 'number',
      unit: 'ms',
      required: true,
      doc: 'New time of the start, in milliseconds since 1970; one that has passed is now.',
      confidence: 'mem',
    },
  ],
  children: [],
  events: ['session.updatestart.done', 'error.session.updatestart'],
  doc: 'Changes a start that is still to come.',
  source: 'session-and-web §4.4',
  confidence: 'mem',
}

/** Elements of the session module. Spec: session-and-web §4. */
export const sessionNamespace: ElementNamespace = {
  module: 'session',
  uris: moduleUris('session'),
  elements: [fetch, start, terminate, updatestart],
}
