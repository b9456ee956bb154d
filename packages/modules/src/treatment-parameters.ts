import type { TreatmentInput, TreatmentPrompt } from '@segue/contact'
import type { PlannedAction } from '@segue/runtime'
import { readAttributes } from './attribute-reader.ts'
import { fault } from './errors.ts'
import type { Fault } from './errors.ts'
import { isRecord, shown } from './values.ts'

/** Most prompts that one `prompts` may have. Spec: dialog §2.1. */
const maxPrompts = 10

/**
 * Prompts that are simply played; those for verification belong to elements that no switch of ours does.
 * Spec: dialog §2.1, §2.2.
 */
export function writtenPrompts(action: PlannedAction): {
  readonly prompts: readonly TreatmentPrompt[]
  readonly problem: Fault | undefined
} {
  const prompts: TreatmentPrompt[] = []
  let problem: Fault | undefined
  for (const block of action.children.filter(({ element }) => element === 'prompts')) {
    const type = readAttributes(block).text('type')?.toLowerCase() ?? 'ann'
    if (type !== 'ann' && type !== 'tts') {
      problem ??= fault('SEG-MODULE-002', {
        element: block.element,
        attribute: 'type',
        value: shown(type),
        expected: `ann or tts in "${action.element}"`,
      })
    }
    if (block.children.length > maxPrompts) {
      problem ??= fault('SEG-MODULE-006', {
        element: block.element,
        child: 'prompt',
        advice: `one to ${maxPrompts} of them; there are ${block.children.length}`,
      })
    }
    for (const child of block.children) {
      const written = writtenPrompt(child, type === 'tts')
      if (written.prompt !== undefined) prompts.push(written.prompt)
      problem ??= written.problem
    }
  }
  return { prompts, problem }
}

function writtenPrompt(
  child: PlannedAction,
  needsText: boolean,
): { readonly prompt: TreatmentPrompt | undefined; readonly problem: Fault | undefined } {
  const read = readAttributes(child)
  const isInterruptible = read.flag('interrupt', false)
  const announcementId = read.number('intid')
  const number = read.text('number')
  const userAnnouncementId = read.text('userannid')
  const text = read.text('text')
  const given = ['intid', 'number', 'userannid', 'text'].filter((name) => read.value(name) !== undefined)
  if (given.length === 0) read.note('SEG-MODULE-001', { attribute: 'text' })
  else if (given.length > 1)
    read.note('SEG-MODULE-002', {
      attribute: given[1] ?? '',
      value: shown(read.value(given[1] ?? '')),
      expected: `only one of intid, number, userannid, text; "${given[0] ?? ''}" is there already`,
    })
  else if (needsText && text === undefined) read.note('SEG-MODULE-001', { attribute: 'text' })
  else if (given[0] === 'intid' && announcementId === undefined)
    read.note('SEG-MODULE-002', { attribute: 'intid', value: shown(read.value('intid')), expected: 'a number' })
  if (read.problem !== undefined) return { prompt: undefined, problem: read.problem }
  const prompt: TreatmentPrompt = {
    isInterruptible,
    ...(text === undefined ? {} : { text }),
    ...(announcementId === undefined ? {} : { announcementId }),
    ...(number === undefined ? {} : { number }),
    ...(userAnnouncementId === undefined ? {} : { userAnnouncementId }),
  }
  return { prompt, problem: undefined }
}

/** Most digits of one input, and most keys in a key list. Spec: dialog §2.3. */
const maxDigits = 31
const maxKeys = 2

/** How digits are collected, from an `input` element. Spec: dialog §2.3. */
export function writtenInput(child: PlannedAction): {
  readonly input: TreatmentInput
  readonly problem: Fault | undefined
} {
  const read = readAttributes(child)
  const keys = (name: string): string | undefined => {
    const given = read.text(name) || undefined
    if (given !== undefined && (given.length > maxKeys || !/^[0-9*#A-D]+$/i.test(given)))
      read.note('SEG-MODULE-002', {
        attribute: name,
        value: shown(given),
        expected: `at most ${maxKeys} telephone keys`,
      })
    return given
  }
  const digits = read.number('max_digits')
  if (digits !== undefined && (!Number.isInteger(digits) || digits < 0 || digits > maxDigits))
    read.note('SEG-MODULE-002', { attribute: 'max_digits', value: shown(digits), expected: `0 to ${maxDigits}` })
  const input = withoutAbsent({
    maxDigits: digits,
    terminationDigits: keys('term_digits'),
    ignoreDigits: keys('ignore_digits'),
    abortDigits: keys('abort_digits'),
    startTimeoutS: read.seconds('start_timeout'),
    digitTimeoutS: read.seconds('digit_timeout'),
    // 0 means no limit, as does its absence.
    totalTimeoutS: read.seconds('total_timeout') || undefined,
    clearFirst: read.value('clear') === undefined ? undefined : read.flag('clear', false),
  })
  for (const name of ['backspace_digits', 'reset_digits'])
    if (keys(name) !== undefined) read.note('SEG-MODULE-005', { what: `"${name}"`, advice: 'leave it out' })
  return { input, problem: read.problem }
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The members that have a value. */
function withoutAbsent<T extends object>(given: T): Present<T>
function withoutAbsent(given: object): object {
  return isRecord(given) ? Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) : given
}
