import type { AttributeSpec, ElementNamespace, ElementSpec } from '@segue/scxml'
import {
  flagAttribute,
  hintsAttribute,
  moduleUris,
  numberAttribute,
  requestIdLocation,
  secondsAttribute,
  textAttribute,
  valueAttribute,
} from '../element-attributes.ts'
import { targetElements } from './spec-targets.ts'

/** `requestid` of the actions that name an earlier submit: an input, no location. */
const submitId: AttributeSpec = textAttribute('requestid', { doc: 'Id of a waiting submit.', confidence: 'app' })

const submit: ElementSpec = {
  name: 'submit',
  kind: 'action',
  attributes: [
    requestIdLocation,
    textAttribute('interactionid', {
      doc: 'The interaction to queue, by its "g_uid".',
      confidence: 'app',
      required: true,
    }),
    textAttribute('queue', { doc: 'Virtual queue to wait in.', confidence: 'doc', defaultText: "'none'" }),
    numberAttribute('priority', { doc: 'Priority; higher goes first.', confidence: 'doc', defaultText: '0' }),
    textAttribute('ordertype', {
      doc: 'How free targets are ordered: any, max, min (by "orderstat") or percentage (by "weight").',
      confidence: 'doc',
      defaultText: "'any'",
    }),
    textAttribute('orderstat', { doc: 'Statistic behind max and min.', confidence: 'doc', defaultText: "'none'" }),
    secondsAttribute('timeout', {
      doc: 'How long a target is looked for. 0: one attempt at once. Absent or not a number: without limit.',
      confidence: 'doc',
    }),
    flagAttribute('clearontimeout', {
      doc: 'true: leaves the queue at the time-out. false: stays queued with its targets.',
      confidence: 'doc',
      defaultText: 'false',
    }),
    flagAttribute('route', {
      doc: 'true: the interaction is routed to the target. false: the target is only chosen and reserved.',
      confidence: 'app',
      defaultText: 'true',
    }),
    textAttribute('src', { doc: 'Address of a stored definition. Refused.', confidence: 'doc' }),
    flagAttribute('clearqueue', {
      doc: 'Cancels earlier requests of the interaction first.',
      confidence: 'mem?',
      defaultText: 'false',
    }),
    hintsAttribute,
    valueAttribute('type', {
      doc: 'Route type for "route", a member of "_genesys.queue.rType".',
      confidence: 'mem?',
      defaultText: '_genesys.queue.rType.RouteTypeUnknown',
    }),
  ],
  children: [
    { name: 'runtreatments', module: 'dialog', max: 1 },
    { name: 'targets', min: 1, max: 1 },
    { name: 'targetblockclearing', max: 1 },
  ],
  events: ['queue.submit.requestid', 'queue.submit.done', 'error.queue.submit', 'queue.cancel.done'],
  doc: 'Looks for a target and waits for one in a virtual queue.',
  source: 'queue §6',
  confidence: 'doc',
}

const cancel: ElementSpec = {
  name: 'cancel',
  kind: 'action',
  attributes: [
    submitId,
    textAttribute('queue', {
      doc: 'Virtual queue: all requests of the interaction in it are cancelled.',
      confidence: 'app',
    }),
    textAttribute('interactionid', { doc: 'Which interaction, together with "queue".', confidence: 'app' }),
  ],
  children: [],
  events: ['queue.cancel.done', 'error.queue.cancel'],
  doc: 'Takes requests out of the queue: one by its id, those of a queue, or all of the interaction.',
  source: 'queue §8.1',
  confidence: 'doc',
}

const query: ElementSpec = {
  name: 'query',
  kind: 'action',
  attributes: [
    { ...submitId, required: true },
    textAttribute('interactionid', { doc: 'The interaction; not needed.', confidence: 'app' }),
  ],
  children: [],
  events: ['queue.query.done', 'error.queue.query'],
  doc: 'Asks for priority, position and expected wait of a waiting submit.',
  source: 'queue §8.2',
  confidence: 'doc',
}

const update: ElementSpec = {
  name: 'update',
  kind: 'action',
  attributes: [
    { ...submitId, required: true, confidence: 'mem?' },
    numberAttribute('priority', { doc: 'New priority.', confidence: 'mem?' }),
    textAttribute('interactionid', { doc: 'The interaction; needed for new treatments.', confidence: 'mem?' }),
  ],
  children: [{ name: 'runtreatments', module: 'dialog', max: 1 }],
  events: ['queue.update.done', 'error.queue.update'],
  doc: 'Changes a waiting submit.',
  source: 'queue §8.3',
  confidence: 'mem?',
}

/** Elements of the queue module. Spec: queue §6–§8. */
export const queueNamespace: ElementNamespace = {
  module: 'queue',
  uris: moduleUris('queue'),
  elements: [submit, cancel, query, update, ...targetElements],
}
