import type { ElementNamespace, ElementSpec } from '@segue/scxml'
import { looseTextAttribute, moduleUris, textAttribute } from '../element-attributes.ts'

const response: ElementSpec = {
  name: 'response',
  kind: 'action',
  attributes: [
    textAttribute('requestid', { doc: 'Which request: its "_event.sendid".', confidence: 'doc', required: true }),
    looseTextAttribute('type', { doc: 'positive or negative.', confidence: 'doc', defaultText: 'positive' }),
    looseTextAttribute('resultcode', { doc: 'Code for the caller: one more member of the answer.', confidence: 'doc' }),
  ],
  children: [{ name: 'param' }, { name: 'content', max: 1 }],
  events: ['ws.response.done', 'error.ws.response'],
  doc: 'Answers a request that reached the session over HTTP, once. Parameters become a JSON object, content is the body itself.',
  source: 'session-and-web §6.2',
  confidence: 'doc',
}

/** Elements of the web module. Spec: session-and-web §6. */
export const wsNamespace: ElementNamespace = { module: 'ws', uris: moduleUris('ws'), elements: [response] }
