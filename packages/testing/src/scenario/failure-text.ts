import type { Difference } from './check-step.ts'
import { plainText } from './plain-text.ts'
import type { ScenarioFailure } from './run-scenario.ts'
import { placeText } from './run-scenario.ts'
import { storyText } from './story-text.ts'

/** How a failure is painted; plain text when absent. */
export type Paint = (text: string, style: 'bold' | 'dim' | 'error' | 'good') => string

const plain: Paint = (text) => text

/** A failure as people read it: place and message, what was expected and seen, and the story so far. */
export function failureText(failure: ScenarioFailure, base: string, paint: Paint = plain): readonly string[] {
  const { code, differences, hint, message, place, story, storyLeft } = failure
  const lines = [`${paint(placeText(place, base), 'bold')} ${paint('error', 'error')} ${paint(code, 'dim')} ${message}`]
  for (const difference of differences) lines.push(...differenceLines(difference, paint))
  if (story.length > 0) {
    lines.push(`  ${paint('the story so far:', 'dim')}`)
    if (storyLeft > 0) lines.push(`    … ${storyLeft} lines before`)
    for (const line of storyText(story)) lines.push(`  ${line}`)
  }
  lines.push(`  ${paint('hint:', 'dim')} ${hint}`)
  return lines
}

function differenceLines({ expected, seen, what }: Difference, paint: Paint): readonly string[] {
  return [
    `  ${what}`,
    ...valueLines('expected', expected, (text) => paint(text, 'good')),
    ...valueLines('seen', seen, (text) => paint(text, 'error')),
  ]
}

/** A list has a line for each member, as it is compared one by one. */
function valueLines(label: string, value: unknown, paint: (text: string) => string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  if (list.length < 2) return [`    ${label.padEnd(9)} ${paint(shown(list.length === 1 ? list[0] : value))}`]
  return list
    .slice(0, MAX_LINES)
    .map((one, index) => `    ${(index === 0 ? label : '').padEnd(9)} ${paint(`- ${shown(one)}`)}`)
    .concat(list.length > MAX_LINES ? [`    ${''.padEnd(9)} … ${list.length - MAX_LINES} more`] : [])
}

const MAX_LINES = 40
const MAX_TEXT = 600

function shown(value: unknown): string {
  const text =
    value === undefined || (Array.isArray(value) && value.length === 0) ? '(nothing)' : visible(plainText(value))
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
}

/** Nothing of a document may steer the terminal that shows it. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ')
}
