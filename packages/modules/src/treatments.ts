import type { Treatment } from '@segue/contact'
import type { PlannedAction } from '@segue/runtime'
import { readAttributes } from './attribute-reader.ts'
import { fault } from './errors.ts'
import type { Fault } from './errors.ts'
import { writtenInput, writtenPrompts } from './treatment-parameters.ts'
import { shown, userDataOf } from './values.ts'

/** A treatment, or what is wrong with the element; `error` is the code of the event. */
export type WrittenTreatment =
  | { readonly ok: true; readonly treatment: Treatment }
  | { readonly ok: false; readonly error: 'invalidattribute' | 'remote'; readonly fault: Fault }

/** Busy treatments of a submit or update, in document order. Spec: dialog §3.4. */
export function runTreatments(action: PlannedAction): {
  readonly treatments: readonly Treatment[]
  readonly problem: Fault | undefined
} {
  const written = action.children
    .filter(({ element }) => element === 'runtreatments')
    .flatMap(({ children }) => children.map(treatmentOf))
  const problem = written.find((one) => !one.ok)?.fault
  return { treatments: written.flatMap((one) => (one.ok ? [one.treatment] : [])), problem }
}

/**
 * What the switch has to do for an element of the dialog module.
 *
 * Errors: `invalidattribute` for a value that cannot be; `remote` for what no switch of ours does.
 * Spec: dialog §2, §3, §5.
 */
export function treatmentOf(action: PlannedAction): WrittenTreatment {
  switch (action.element) {
    case 'play':
      return announcement(action)
    case 'collect':
    case 'playandcollect':
      return collection(action)
    case 'playsound':
      return sound(action)
    case 'start':
      return application(action)
    case 'pause':
      return pause(action)
    default:
      return {
        ok: false,
        error: 'remote',
        fault: fault('SEG-MODULE-005', {
          what: 'the treatment',
          element: action.element,
          advice: 'use "start" with an application that does it',
        }),
      }
  }
}

function announcement(action: PlannedAction): WrittenTreatment {
  const read = readAttributes(action)
  const language = read.text('language')
  const { prompts, problem } = writtenPrompts(action)
  const found = read.problem ?? problem ?? (prompts.length === 0 ? missingChild(action, 'prompts') : undefined)
  if (found !== undefined) return invalid(action, found)
  return { ok: true, treatment: { kind: 'announcement', prompts, ...(language ? { language } : {}) } }
}

function collection(action: PlannedAction): WrittenTreatment {
  const read = readAttributes(action)
  const language = read.text('language')
  const written = action.element === 'collect' ? { prompts: [], problem: undefined } : writtenPrompts(action)
  const input = action.children.find(({ element }) => element === 'input')
  if (input === undefined) return invalid(action, missingChild(action, 'input'))
  const { input: limits, problem } = writtenInput(input)
  const found = read.problem ?? written.problem ?? problem
  if (found !== undefined) return invalid(action, found)
  const treatment: Treatment = {
    kind: 'collect',
    prompts: written.prompts,
    input: limits,
    ...(language ? { language } : {}),
  }
  return { ok: true, treatment }
}

type Sound = Extract<Treatment, { kind: 'sound' }>['sound']

/** Words of `playsound`, compared without letter case. Spec: dialog §3.1. */
const sounds: ReadonlyMap<string, Sound> = new Map<string, Sound>([
  ['music', 'music'],
  ['busy', 'busy'],
  ['busytone', 'busy'],
  ['fastbusy', 'fastbusy'],
  ['fastbusytone', 'fastbusy'],
  ['ringback', 'ringback'],
  ['silence', 'silence'],
  ['ran', 'ran'],
  ['recordedannouncement', 'ran'],
])

function sound(action: PlannedAction): WrittenTreatment {
  const read = readAttributes(action)
  const type = read.requiredText('type').trim().toLowerCase()
  const resource = read.text('resource')
  const durationS = read.seconds('duration')
  const known = sounds.get(type)
  if (known === undefined)
    read.note('SEG-MODULE-002', { attribute: 'type', value: shown(type), expected: [...sounds.keys()].join(', ') })
  if (known === undefined || read.problem !== undefined) return invalid(action, read.problem)
  const treatment: Treatment = {
    kind: 'sound',
    sound: known,
    ...(resource ? { resource } : {}),
    ...(durationS === undefined ? {} : { durationS }),
  }
  return { ok: true, treatment }
}

/** The address is parameter `APP_URI`, or `src`; all parameters go to the application. */
function application(action: PlannedAction): WrittenTreatment {
  const read = readAttributes(action)
  const named = action.params.filter(({ name }) => name !== '')
  const parameters = userDataOf(Object.fromEntries(named.map(({ name, value }) => [name, value])))
  const given = parameters['APP_URI']
  const applicationUri = (typeof given === 'string' ? given : read.text('src')) ?? ''
  if (applicationUri.trim() === '')
    read.note('SEG-MODULE-006', {
      child: 'param',
      advice: `name the application: <param name="APP_URI" expr="…"/>; it is ${shown(given)} now`,
    })
  if (read.problem !== undefined) return invalid(action, read.problem)
  return { ok: true, treatment: { kind: 'application', applicationUri, parameters } }
}

function pause(action: PlannedAction): WrittenTreatment {
  const read = readAttributes(action)
  const durationS = read.seconds('duration')
  if (durationS === undefined) read.note('SEG-MODULE-001', { attribute: 'duration' })
  if (durationS === undefined || read.problem !== undefined) return invalid(action, read.problem)
  return { ok: true, treatment: { kind: 'pause', durationS } }
}

/** `problem` is there whenever a value could not be read. */
function invalid(action: PlannedAction, problem: Fault | undefined): WrittenTreatment {
  const found = problem ?? fault('SEG-MODULE-001', { element: action.element, attribute: 'type' })
  return { ok: false, error: 'invalidattribute', fault: found }
}

function missingChild(action: PlannedAction, child: string): Fault {
  return fault('SEG-MODULE-006', { element: action.element, child, advice: `put a "${child}" into it` })
}
