import type { Application } from '../compile/application.ts'
import { emptyBits } from '../compile/bits.ts'
import { configurationOf } from '../compile/configuration.ts'
import type { ScopeIdentity } from '../script/contract.ts'
import type { Session, SessionIdentity } from './contract.ts'
import { scxmlProcessor } from './processors.ts'
import { SessionState } from './session.ts'

/** A session that has not run yet. */
export function createSession(application: Application, identity: SessionIdentity): Session {
  const { chart, program } = application
  const scopeIdentity = scopeIdentityOf(application, identity)
  const configuration = configurationOf(chart, emptyBits(chart.states.length))
  return new SessionState(application, identity, scopeIdentity, program.createScope(scopeIdentity), configuration)
}

/** Names that scripts see. The SCXML event processor is the engine's own: it is added to what the world offers. */
export function scopeIdentityOf(application: Application, identity: SessionIdentity): ScopeIdentity {
  const location = JSON.stringify({ location: `#_scxml_${identity.sessionId}` })
  const offered = identity.ioProcessors.trim().slice(1, -1).trim()
  return {
    sessionId: identity.sessionId,
    name: application.chart.origin.name ?? '',
    ioProcessors: `{"scxml":${location},"${scxmlProcessor}":${location}${offered === '' ? '' : `,${offered}`}}`,
  }
}
