import type { Application } from '../compile/application.ts'
import { emptyBits } from '../compile/bits.ts'
import { configurationOf } from '../compile/configuration.ts'
import type { Session, SessionIdentity } from './contract.ts'
import { SessionState } from './session.ts'

/** A session that has not run yet. */
export function createSession(application: Application, identity: SessionIdentity): Session {
  const { chart, program } = application
  const configuration = configurationOf(chart, emptyBits(chart.states.length))
  return new SessionState(application, identity, program.createScope(), configuration)
}
