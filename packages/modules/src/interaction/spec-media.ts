import type { AttributeSpec, ElementSpec } from '@segue/scxml'
import {
  flagAttribute,
  hintsAttribute,
  requestIdLocation,
  textAttribute,
  valueAttribute,
  wordAttribute,
} from '../element-attributes.ts'

const relatedInteraction: AttributeSpec = textAttribute('interactionid', {
  doc: 'The interaction, by its "g_uid"; "0" is the first one of the session.',
  confidence: 'doc',
  defaultText: "'0'",
})

const createmessage: ElementSpec = {
  name: 'createmessage',
  kind: 'action',
  attributes: [
    requestIdLocation,
    wordAttribute(
      'type',
      [
        'emailout',
        'acknowledgement',
        'auto_response',
        'outbound_new',
        'inbound_collaboration_reply',
        'outbound_collaboration_invite',
        'outbound_notification',
        'redirect',
        'forwarded',
      ],
      { doc: 'What kind of message.', confidence: 'doc', defaultText: 'emailout' },
    ),
    {
      name: 'media',
      kind: 'expression-or-text',
      type: 'string',
      defaultText: 'TMediaEMail',
      doc: 'Medium, a name of "_genesys.ixn.mediaType".',
      confidence: 'doc',
    },
    textAttribute('server', { doc: 'Media server to use.', confidence: 'doc' }),
    relatedInteraction,
    valueAttribute('queue', { doc: 'Queue for the new interaction.', confidence: 'mem' }),
    valueAttribute('from', { doc: 'Sender; macros "_origin", "_udata".', confidence: 'mem' }),
    valueAttribute('to', { doc: 'Receivers; macros "_origin", "_origin.all", "_udata".', confidence: 'mem' }),
    valueAttribute('cc', { doc: 'Receivers of copies.', confidence: 'mem' }),
    valueAttribute('bcc', { doc: 'Receivers of blind copies.', confidence: 'mem' }),
    textAttribute('subject', { doc: 'Subject.', confidence: 'mem' }),
    textAttribute('message', { doc: 'Text.', confidence: 'mem-' }),
    textAttribute('msgsrc', { doc: 'Reference of a standard response.', confidence: 'mem-' }),
    textAttribute('body', { doc: 'Text.', confidence: 'mem-' }),
    textAttribute('format', { doc: 'Form of the text.', confidence: 'mem-' }),
    textAttribute('mimetype', { doc: 'Form of the text.', confidence: 'mem-' }),
    valueAttribute('udata', { doc: 'User data of the new interaction.', confidence: 'mem' }),
    flagAttribute('includeoriginal', { doc: 'Quotes the original.', confidence: 'mem-' }),
    valueAttribute('attachments', { doc: 'Attachments.', confidence: 'mem-' }),
    flagAttribute('output', { doc: 'Sends at once.', confidence: 'mem-' }),
    flagAttribute('send', { doc: 'Sends at once.', confidence: 'mem-' }),
    hintsAttribute,
  ],
  children: [],
  events: ['msgbased.createmessage.done', 'error.msgbased.createmessage'],
  doc: 'Makes a message and its interaction.',
  source: 'interaction-actions §3.1',
  confidence: 'doc',
  isUnsupported: true,
}

const sendmessage: ElementSpec = {
  name: 'sendmessage',
  kind: 'action',
  attributes: [
    requestIdLocation,
    textAttribute('interactionid', { doc: 'Outgoing interaction made before.', confidence: 'mem', required: true }),
    textAttribute('server', { doc: 'Media server to use.', confidence: 'mem' }),
    hintsAttribute,
  ],
  children: [],
  events: ['msgbased.sendmessage.done', 'error.msgbased.sendmessage'],
  doc: 'Sends a message that was made before.',
  source: 'interaction-actions §3.2',
  confidence: 'doc',
  isUnsupported: true,
}

const getcontent: ElementSpec = {
  name: 'getcontent',
  kind: 'action',
  attributes: [requestIdLocation, relatedInteraction],
  children: [],
  events: ['msgbased.getcontent.done', 'error.msgbased.getcontent'],
  doc: 'Fetches the content of a message again.',
  source: 'interaction-actions §3.3',
  confidence: 'doc',
  isUnsupported: true,
}

const sendchatmessage: ElementSpec = {
  name: 'sendchatmessage',
  kind: 'action',
  attributes: [
    requestIdLocation,
    relatedInteraction,
    textAttribute('from', { doc: 'Agent or device that says it.', confidence: 'doc', required: true }),
    textAttribute('message', { doc: 'Text.', confidence: 'doc', required: true }),
    hintsAttribute,
  ],
  children: [],
  events: ['chat.sendchatmessage.done', 'error.chat.sendchatmessage'],
  doc: 'Says something to all other parties of a chat.',
  source: 'interaction-actions §4.1',
  confidence: 'doc',
  isUnsupported: true,
}

const gettranscript: ElementSpec = {
  name: 'gettranscript',
  kind: 'action',
  attributes: [requestIdLocation, relatedInteraction],
  children: [],
  events: ['chat.gettranscript.done', 'error.chat.gettranscript'],
  doc: 'Fetches what was said in a chat.',
  source: 'interaction-actions §4.2',
  confidence: 'doc',
  isUnsupported: true,
}

/** Elements for message-based interactions and chats. */
export const mediaElements: readonly ElementSpec[] = [
  createmessage,
  sendmessage,
  getcontent,
  sendchatmessage,
  gettranscript,
]
