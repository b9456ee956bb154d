import type { ApplicationCoverage, Share } from './chart-coverage.ts'
import { percentOf, sharesOf } from './chart-coverage.ts'

/** Lines of a list that are shown. */
const MAX_LINES = 200

/** Coverage for a terminal: a line of shares for each application, and below it what is missing. */
export function coverageText(applications: readonly ApplicationCoverage[]): readonly string[] {
  return applications.flatMap((application) => [...headOf(application), ...missingIn(application)])
}

function headOf(application: ApplicationCoverage): readonly string[] {
  const { guards, states, transitions } = sharesOf(application)
  const parts = [
    ['states', states],
    ['transitions', transitions],
    ['guards', guards],
  ] as const
  return [`${application.name}: ${parts.map(([name, share]) => `${name} ${shareText(share)}`).join(', ')}`]
}

function missingIn({ states, timers, transitions }: ApplicationCoverage): readonly string[] {
  const never = states.filter(({ entered }) => entered === 0).map(({ state }) => `${state.id}:${state.place.line}`)
  const notTaken = transitions.filter(({ taken }) => taken === 0).map(({ text }) => text)
  const oneWay = transitions
    .filter(({ guard, taken }) => taken > 0 && guard !== undefined && (guard.wasTrue === 0 || guard.wasFalse === 0))
    .map(({ guard, text }) => `${text} (never ${guard?.wasTrue === 0 ? 'true' : 'false'})`)
  const lines = timers.map(
    ({ cancelled, ended, event, fired, started }) =>
      `${event}: started ${started}, fired ${fired}, cancelled ${cancelled}, gone with its session ${ended}`,
  )
  return [
    ...section('states that were never entered', never),
    ...section('transitions that were never taken', notTaken),
    ...section('guards that came out one way only', oneWay),
    ...section('timers', lines),
  ]
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return []
  const shown = lines.slice(0, MAX_LINES).map((line) => `    ${line}`)
  const more = lines.length > MAX_LINES ? [`    … ${lines.length - MAX_LINES} more`] : []
  return [`  ${title}:`, ...shown, ...more]
}

function shareText(share: Share): string {
  return `${share.covered}/${share.all} (${percentOf(share)} %)`
}
