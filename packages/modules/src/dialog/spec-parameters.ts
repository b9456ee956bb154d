import type { AttributeSpec, ElementSpec } from '@segue/scxml'
import {
  flagAttribute,
  numberAttribute,
  secondsAttribute,
  textAttribute,
  wordAttribute,
} from '../element-attributes.ts'

/** What may stand in `runtreatments`, in any number and order. Spec: dialog §3. */
const treatments: readonly string[] = [
  'collect',
  'play',
  'playandcollect',
  'playandverify',
  'playsound',
  'start',
  'pause',
  'remote',
]

const runtreatments: ElementSpec = {
  name: 'runtreatments',
  kind: 'child',
  attributes: [],
  children: treatments.map((name) => ({ name })),
  events: [],
  doc: 'Treatments that are played one after the other, and again from the first, while a submit waits. They raise no events.',
  source: 'dialog §3.4',
  confidence: 'doc',
}

const pause: ElementSpec = {
  name: 'pause',
  kind: 'child',
  attributes: [secondsAttribute('duration', { doc: 'How long.', confidence: 'app', required: true })],
  children: [],
  events: [],
  doc: 'A pause between treatments of "runtreatments".',
  source: 'dialog §3',
  confidence: 'doc',
}

const prompts: ElementSpec = {
  name: 'prompts',
  kind: 'child',
  attributes: [
    wordAttribute('type', ['ann', 'tts', 'iretry', 'ifailure', 'isuccess', 'itimeout', 'msg_type'], {
      doc: 'What the prompts are for: announcements, or text to speech; the others belong to "playandverify".',
      confidence: 'doc',
      defaultText: 'ann',
    }),
  ],
  children: [{ name: 'prompt', min: 1, max: 10 }],
  events: [],
  doc: 'Prompts of a treatment.',
  source: 'dialog §2.1',
  confidence: 'doc',
}

const prompt: ElementSpec = {
  name: 'prompt',
  kind: 'child',
  attributes: [
    flagAttribute('interrupt', { doc: 'A key press ends it.', confidence: 'doc', defaultText: 'false' }),
    numberAttribute('intid', { doc: 'Id of an announcement.', confidence: 'doc' }),
    textAttribute('number', { doc: 'Number to say; its first digit selects the manner.', confidence: 'doc' }),
    textAttribute('userannid', { doc: 'Id of an announcement that a user recorded.', confidence: 'doc' }),
    textAttribute('text', { doc: 'Text to speak, or the address of a sound file.', confidence: 'doc' }),
    textAttribute('userid', { doc: 'Owner of the recorded announcement; accepted and not used.', confidence: 'app' }),
  ],
  children: [],
  events: [],
  doc: 'One prompt; "intid", "number", "userannid" and "text" exclude each other.',
  source: 'dialog §2.2',
  confidence: 'doc',
}

/** A list of keys of the telephone. */
function keys(name: string, doc: string, confidence: AttributeSpec['confidence']): AttributeSpec {
  return textAttribute(name, { doc: `${doc} At most two keys.`, confidence })
}

const input: ElementSpec = {
  name: 'input',
  kind: 'child',
  attributes: [
    numberAttribute('max_digits', { doc: 'Most digits, 0 to 31; 0 returns at once with none.', confidence: 'app' }),
    keys('term_digits', 'Ends collection.', 'doc'),
    keys('abort_digits', 'Aborts; counts as a failure.', 'doc'),
    keys('ignore_digits', 'Is skipped.', 'doc'),
    keys('backspace_digits', 'Takes the last key back. Refused.', 'mem'),
    keys('reset_digits', 'Takes all keys back. Refused.', 'mem'),
    secondsAttribute('start_timeout', { doc: 'Wait for the first key.', confidence: 'app' }),
    secondsAttribute('digit_timeout', { doc: 'Wait between keys.', confidence: 'app' }),
    secondsAttribute('total_timeout', { doc: 'Limit of the whole; 0: none.', confidence: 'doc' }),
    flagAttribute('clear', { doc: 'Forgets keys that were pressed before.', confidence: 'app' }),
    textAttribute('verify_digits', { doc: 'Digits to compare with ("playandverify").', confidence: 'mem?' }),
    numberAttribute('num_attempts', { doc: 'Attempts ("playandverify").', confidence: 'mem?', defaultText: '1' }),
  ],
  children: [],
  events: [],
  doc: 'How digits are collected.',
  source: 'dialog §2.3',
  confidence: 'doc',
}

/** What stands inside of treatments. */
export const parameterElements: readonly ElementSpec[] = [runtreatments, pause, prompts, prompt, input]
