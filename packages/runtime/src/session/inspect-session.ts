import { shownSnapshot } from '@segue/scxml'
import type { SessionSnapshot } from '@segue/scxml'
import type { CompiledApplication } from './compiled-applications.ts'
import type { SessionInspection, StoredSession } from './contract.ts'
import type { ResidentSession } from './resident-session.ts'
import { foldStored } from './stored-form.ts'
import { textForPeople } from './text-for-people.ts'

/**
 * State of a session for people, from memory or from stored bytes. Data of a stored session is shown only when its
 * application version is loaded.
 */
export function inspectSession(
  sessionId: string,
  resident: ResidentSession | undefined,
  stored: StoredSession | undefined,
  find: (hash: string) => CompiledApplication | undefined,
): SessionInspection | undefined {
  if (resident !== undefined) {
    const { compiled, documentUrl, session } = resident
    return inspection({ sessionId, url: documentUrl, hash: compiled.hash, compiled, saved: shownSnapshot(session) })
  }
  if (stored === undefined) return undefined
  const saved = foldOrNothing(stored)
  if (saved === undefined) return undefined
  const compiled = find(stored.hash)
  return inspection({ sessionId, url: saved.own.url, hash: stored.hash, compiled, saved: saved.snapshot })
}

interface Inspected {
  readonly sessionId: string
  readonly url: string
  readonly hash: string
  readonly compiled: CompiledApplication | undefined
  readonly saved: SessionSnapshot
}

function inspection({ sessionId, url, hash, compiled, saved }: Inspected): SessionInspection {
  const { configuration, isRunning } = saved.frame
  const common = { sessionId, url, hash, isRunning, states: configuration }
  if (compiled === undefined) return { ...common, data: '"[application version is not loaded]"', variables: '{}' }
  const { chart, program } = compiled.application
  const identity = { sessionId, name: chart.origin.name ?? '' }
  // A copy is shown: whatever looking at it does, the session does not see it.
  program.enter(program.createScope(), identity, { nowMs: 0, seed: 0 }, silentHost)
  try {
    const { data, variables } = program.load(saved.scope)
    const isOneObject = data === variables
    return { ...common, data: textForPeople(data), variables: isOneObject ? '{}' : textForPeople(variables) }
  } finally {
    program.leave()
  }
}

/** A session that never ran has stored bytes of another form. */
function foldOrNothing(stored: StoredSession): ReturnType<typeof foldStored> | undefined {
  try {
    return foldStored(stored)
  } catch {
    return undefined
  }
}

const silentHost = {
  isActive: () => false,
  activeStates: () => [],
  log: () => undefined,
  raise: () => undefined,
  ioProcessors: () => '{}',
  documentUrl: '',
  modules: [],
  view: () => '{}',
  viewVersion: () => 0,
  call: () => ({ ok: false, message: 'nothing can be called while a session is inspected' }) as const,
}
