import type { AttributeSpec, ChildSpec, ElementNamespace, ElementSpec } from '@segue/scxml'
import {
  hintsAttribute,
  moduleUris,
  numberAttribute,
  requestIdLocation,
  secondsAttribute,
  textAttribute,
} from '../element-attributes.ts'
import { parameterElements } from './spec-parameters.ts'

/** Needed when the action stands alone; ignored in `runtreatments`. */
const interactionId: AttributeSpec = textAttribute('interactionid', {
  doc: 'The interaction, by its "g_uid"; needed outside of "runtreatments", not used inside.',
  confidence: 'app',
})
const common: readonly AttributeSpec[] = [
  requestIdLocation,
  interactionId,
  textAttribute('device', { doc: 'Number on which the treatment is played.', confidence: 'doc' }),
  hintsAttribute,
]
const language: AttributeSpec = textAttribute('language', {
  doc: "Language, such as 'English (US)'.",
  confidence: 'doc',
})
const prompts: ChildSpec = { name: 'prompts', min: 1 }
const input: ChildSpec = { name: 'input', min: 1, max: 1 }

const play: ElementSpec = {
  name: 'play',
  kind: 'action',
  attributes: [...common, language],
  children: [prompts],
  events: ['dialog.play.requestid', 'dialog.play.done', 'error.dialog.play'],
  doc: 'Plays announcements.',
  source: 'dialog §3',
  confidence: 'doc',
}

const collect: ElementSpec = {
  name: 'collect',
  kind: 'action',
  attributes: [...common, language],
  children: [input],
  events: ['dialog.collect.done', 'error.dialog.collect'],
  doc: 'Collects digits; they are "digits" of the answer.',
  source: 'dialog §3',
  confidence: 'doc',
}

const playandcollect: ElementSpec = {
  name: 'playandcollect',
  kind: 'action',
  attributes: [...common, language],
  children: [prompts, input],
  events: ['dialog.playandcollect.done', 'error.dialog.playandcollect'],
  doc: 'Plays announcements and collects digits; they are "digits" of the answer.',
  source: 'dialog §3',
  confidence: 'doc',
}

const playandverify: ElementSpec = {
  name: 'playandverify',
  kind: 'action',
  attributes: [...common, language],
  children: [prompts, input],
  events: ['dialog.playandverify.done', 'error.dialog.playandverify'],
  doc: 'Plays announcements and compares the digits.',
  source: 'dialog §3',
  confidence: 'doc',
  isUnsupported: true,
}

const playsound: ElementSpec = {
  name: 'playsound',
  kind: 'action',
  attributes: [
    ...common,
    textAttribute('type', {
      doc: 'music, busy, fastbusy, ringback, silence or ran (recorded announcement).',
      confidence: 'doc',
      required: true,
    }),
    textAttribute('resource', { doc: 'Number or file of the music.', confidence: 'doc' }),
    secondsAttribute('duration', { doc: 'How long; absent: until it is stopped or replaced.', confidence: 'doc' }),
    numberAttribute('count', { doc: 'How often music is repeated; accepted and not used.', confidence: 'mem?' }),
  ],
  children: [],
  events: ['dialog.playsound.done', 'error.dialog.playsound'],
  doc: 'Plays music or a tone.',
  source: 'dialog §3.1',
  confidence: 'doc',
}

const start: ElementSpec = {
  name: 'start',
  kind: 'action',
  attributes: [
    ...common,
    textAttribute('type', { doc: "Kind of application: 'applid' everywhere.", confidence: 'app' }),
    textAttribute('src', {
      doc: 'Address of the application, when there is no parameter APP_URI.',
      confidence: 'mem?',
    }),
    textAttribute('resource', { doc: 'Device or profile that runs it; accepted and not used.', confidence: 'doc' }),
  ],
  children: [{ name: 'param' }],
  events: ['dialog.start.requestid', 'dialog.start.done', 'error.dialog.start'],
  doc: 'Runs a dialog application (VoiceXML); parameter APP_URI names it, all parameters go to it.',
  source: 'dialog §3.2',
  confidence: 'doc',
}

const stop: ElementSpec = {
  name: 'stop',
  kind: 'action',
  attributes: [
    textAttribute('requestid', { doc: 'Id of the treatment to stop.', confidence: 'mem?', required: true }),
    interactionId,
    textAttribute('device', { doc: 'Number on which the treatment is played.', confidence: 'doc' }),
    hintsAttribute,
  ],
  children: [],
  events: ['dialog.stop.done', 'error.dialog.stop'],
  doc: 'Stops a treatment before its end.',
  source: 'dialog §3.5',
  confidence: 'doc',
}

const remote: ElementSpec = {
  name: 'remote',
  kind: 'action',
  attributes: [
    ...common,
    textAttribute('destination', { doc: 'Where the call is sent.', confidence: 'doc', required: true }),
    textAttribute('default', { doc: 'Where it goes when that fails.', confidence: 'doc' }),
  ],
  children: [{ name: 'param' }],
  events: ['dialog.remote.done', 'error.dialog.remote'],
  doc: 'Has a call treated at another destination.',
  source: 'dialog §3.3',
  confidence: 'doc',
  isUnsupported: true,
}

const createann: ElementSpec = {
  name: 'createann',
  kind: 'action',
  attributes: [...common, language, textAttribute('userid', { doc: 'Owner of the announcement.', confidence: 'doc' })],
  children: [prompts, input],
  events: ['dialog.createann.done', 'error.dialog.createann'],
  doc: 'Records an announcement of a user.',
  source: 'dialog §3',
  confidence: 'doc',
  isUnsupported: true,
}

const deleteann: ElementSpec = {
  name: 'deleteann',
  kind: 'action',
  attributes: [
    ...common,
    textAttribute('userid', { doc: 'Owner of the announcement.', confidence: 'mem' }),
    textAttribute('userannid', { doc: 'Id of the announcement.', confidence: 'mem' }),
  ],
  children: [],
  events: ['dialog.deleteann.done', 'error.dialog.deleteann'],
  doc: 'Deletes an announcement of a user.',
  source: 'dialog §3',
  confidence: 'doc',
  isUnsupported: true,
}

/** The default destination under each of its uncertain names. */
function defaultDestination(name: string): ElementSpec {
  return {
    name,
    kind: 'action',
    attributes: [...common, textAttribute('destination', { doc: 'Default destination.', confidence: 'mem?' })],
    children: [],
    events: [`dialog.${name}.done`, `error.dialog.${name}`],
    doc: 'Sets the default destination of a call.',
    source: 'dialog §3',
    confidence: 'mem?',
    isUnsupported: true,
  }
}

/** Elements of the dialog module. Spec: dialog §2, §3. */
export const dialogNamespace: ElementNamespace = {
  module: 'dialog',
  uris: moduleUris('dialog'),
  elements: [
    play,
    collect,
    playandcollect,
    playandverify,
    playsound,
    start,
    stop,
    remote,
    createann,
    deleteann,
    ...['setdialogdest', 'setdefaultdest', 'setdefaultdestination'].map(defaultDestination),
    ...parameterElements,
  ],
}
