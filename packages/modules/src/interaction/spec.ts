import type { AttributeSpec, ElementNamespace, ElementSpec } from '@segue/scxml'
import {
  flagAttribute,
  hintsAttribute,
  moduleUris,
  requestIdLocation,
  secondsAttribute,
  textAttribute,
  valueAttribute,
} from '../element-attributes.ts'
import { mediaElements } from './spec-media.ts'

const interactionId: AttributeSpec = textAttribute('interactionid', {
  doc: 'The interaction, by its "g_uid".',
  confidence: 'doc',
  required: true,
})
const reason: AttributeSpec = textAttribute('reason', { doc: 'Why, as text for reports.', confidence: 'mem' })

const terminate: ElementSpec = {
  name: 'terminate',
  kind: 'action',
  attributes: [
    requestIdLocation,
    interactionId,
    textAttribute('reason', { doc: 'Why, as text for reports.', confidence: 'doc' }),
    valueAttribute('resource', {
      doc: 'Address in the call to be released alone; voice only. Absent: the whole call is cleared.',
      confidence: 'doc',
    }),
    hintsAttribute,
  ],
  children: [],
  events: ['interaction.terminate.done', 'error.interaction.terminate'],
  doc: 'Ends the interaction; "interaction.deleted" follows when it is really gone.',
  source: 'interaction-actions §1.1',
  confidence: 'doc',
}

const redirect: ElementSpec = {
  name: 'redirect',
  kind: 'action',
  attributes: [
    requestIdLocation,
    interactionId,
    valueAttribute('from', {
      doc: 'Where the interaction is now: a number, or a resource object.',
      confidence: 'app',
      required: true,
    }),
    valueAttribute('to', {
      doc: 'Destination: a number, "number@switch", a "sip:" or "tel:" address, or a resource object such as that of "queue.submit.done".',
      confidence: 'app',
    }),
    valueAttribute('type', {
      doc: 'Route type, a member of "_genesys.queue.rType".',
      confidence: 'app',
      defaultText: '_genesys.queue.rType.RouteTypeUnknown',
    }),
    flagAttribute('detach', {
      doc: 'Gives the interaction up together with routing it; when routing fails it stays with the session.',
      confidence: 'doc',
      defaultText: 'false',
    }),
    hintsAttribute,
    reason,
    textAttribute('queue', { doc: 'Queue of a message-based interaction; not used for voice.', confidence: 'mem-' }),
    textAttribute('newqueue', { doc: 'Queue of a new interaction; not used for voice.', confidence: 'mem-' }),
    valueAttribute('extensions', { doc: 'Extensions, as in "hints.extensions".', confidence: 'mem-' }),
    secondsAttribute('timeout', { doc: 'Accepted and not used.', confidence: 'mem-' }),
  ],
  children: [],
  events: ['interaction.redirect.done', 'error.interaction.redirect'],
  doc: 'Sends the interaction from where it is to another resource.',
  source: 'interaction-actions §1.2',
  confidence: 'doc',
}

const associate: ElementSpec = {
  name: 'associate',
  kind: 'action',
  attributes: [
    requestIdLocation,
    interactionId,
    textAttribute('sessionid', { doc: 'Session that is to own it.', confidence: 'mem', required: true }),
    hintsAttribute,
  ],
  children: [],
  events: ['interaction.associate.done', 'error.interaction.associate'],
  doc: 'Moves an owned interaction to another session. Use "detach" here and "attach" there.',
  source: 'interaction-actions §1.3',
  confidence: 'doc',
  isUnsupported: true,
}

const attach: ElementSpec = {
  name: 'attach',
  kind: 'action',
  attributes: [requestIdLocation, interactionId, hintsAttribute],
  children: [],
  events: ['interaction.attach.done', 'error.interaction.attach', 'interaction.added'],
  doc: 'Makes this session the owner of an interaction that nobody owns.',
  source: 'interaction-actions §1.4',
  confidence: 'doc',
}

const detach: ElementSpec = {
  name: 'detach',
  kind: 'action',
  attributes: [requestIdLocation, interactionId, hintsAttribute],
  children: [],
  events: ['interaction.detach.done', 'error.interaction.detach'],
  doc: 'Gives the interaction up; it goes on without this session. Refused with "invalidstate" while it is busy.',
  source: 'interaction-actions §1.5',
  confidence: 'doc',
}

const accept: ElementSpec = {
  name: 'accept',
  kind: 'action',
  attributes: [
    requestIdLocation,
    interactionId,
    valueAttribute('resource', { doc: 'Number or agent that accepts.', confidence: 'doc', required: true }),
    reason,
    hintsAttribute,
  ],
  children: [],
  events: ['interaction.accept.done', 'error.interaction.accept'],
  doc: 'Accepts a ringing interaction on behalf of a resource.',
  source: 'interaction-actions §1.6',
  confidence: 'doc',
}

const createcall: ElementSpec = {
  name: 'createcall',
  kind: 'action',
  attributes: [
    requestIdLocation,
    valueAttribute('from', { doc: 'Originating address.', confidence: 'doc', required: true }),
    valueAttribute('to', { doc: 'Destination address.', confidence: 'doc', required: true }),
    {
      name: 'type',
      kind: 'literal',
      type: 'string',
      values: ['regular', 'agent', 'supervisor', 'priority', 'agentpriority', 'agent priority', 'predictive'],
      defaultText: 'regular',
      doc: 'Kind of call.',
      confidence: 'doc',
    },
    textAttribute('reason', { doc: 'Why, as text for reports.', confidence: 'doc' }),
    valueAttribute('udata', { doc: 'User data of the new call.', confidence: 'doc' }),
    hintsAttribute,
    secondsAttribute('timeout', { doc: 'How long it may ring.', confidence: 'mem' }),
    textAttribute('location', { doc: 'Switch to use.', confidence: 'mem-' }),
    textAttribute('server', { doc: 'Switch to use.', confidence: 'mem-' }),
    textAttribute('switch', { doc: 'Switch to use.', confidence: 'mem-' }),
    flagAttribute('detach', { doc: 'Does not keep the new call in this session.', confidence: 'mem-' }),
  ],
  children: [],
  events: ['voice.createcall.done', 'error.voice.createcall'],
  doc: 'Makes a call.',
  source: 'interaction-actions §2.1',
  confidence: 'doc',
  isUnsupported: true,
}

/** `hold` and `retrieve` differ in their name alone. */
function holding(name: 'hold' | 'retrieve', doc: string): ElementSpec {
  return {
    name,
    kind: 'action',
    attributes: [
      requestIdLocation,
      interactionId,
      valueAttribute('resource', { doc: 'Device that does it.', confidence: 'mem', required: true }),
      reason,
      hintsAttribute,
    ],
    children: [],
    events: [`voice.${name}.done`, `error.voice.${name}`],
    doc,
    source: 'interaction-actions §2.2',
    confidence: 'doc',
    isUnsupported: true,
  }
}

/** Elements of the interaction module. Spec: interaction-actions. */
export const interactionNamespace: ElementNamespace = {
  module: 'interaction',
  uris: moduleUris('interaction'),
  elements: [
    terminate,
    redirect,
    associate,
    attach,
    detach,
    accept,
    createcall,
    holding('hold', 'Puts a party on hold.'),
    holding('retrieve', 'Takes a party off hold.'),
    ...mediaElements,
  ],
}
