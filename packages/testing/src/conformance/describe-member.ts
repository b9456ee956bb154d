import { atomicStates } from './session-world.ts'
import type { Member } from './session-world.ts'

const shownEvents = 6

/** Where a session is and how it came there, in one line. */
export function describeMember(member: Member): string {
  const events = member.trace.flatMap((record) => (record.kind === 'event' ? [record.name] : []))
  const errors = member.trace.flatMap((record) => (record.kind === 'error' ? [record] : []))
  const states = atomicStates(member).map((state) => `"${state}"`)
  const where = member.session.isRunning
    ? `still in ${states.join(', ')}`
    : states.length === 0
      ? 'ended before it entered a state'
      : `ended in ${states.join(', ')}${limitText(member)}`
  const shown = events.slice(-shownEvents).join(', ')
  const came = events.length === 0 ? 'no event came' : `events: ${events.length > shownEvents ? '…, ' : ''}${shown}`
  const last = errors.at(-1)
  const failed = last === undefined ? '' : `; last error in <${last.element}> of line ${last.line}: ${last.message}`
  return `${where}; ${came}${failed}`
}

function limitText({ end }: Member): string {
  const limit = end?.limit
  return limit === undefined ? '' : `, stopped by the limit "${limit.name}" in <${limit.element}> of line ${limit.line}`
}
