import { createHash } from 'node:crypto'
import type { SentEvent } from './clients.ts'
import type { Delivery } from './contract.ts'
import type { SessionChain } from './read-states.ts'

/** Something that must not have happened. */
export interface Finding {
  /** `phantom`: there is something that nobody asked for. `broken`: a chain that does not fit its events. */
  readonly kind: 'lost' | 'doubled' | 'reordered' | 'phantom' | 'broken'
  /** Event that it is about, `''` when it is about a session as a whole. */
  readonly event: string
  readonly text: string
}

/** Everything that is known at the end of a run. */
export interface Evidence {
  readonly sent: readonly SentEvent[]
  readonly chains: ReadonlyMap<string, SessionChain>
  readonly deliveries: readonly Delivery[]
}

/** Compares what sessions and the ledger hold with what was sent and acknowledged. */
export function check({ chains, deliveries, sent }: Evidence): readonly Finding[] {
  return [
    ...[...chains].flatMap(([session, chain]) => checkChain(session, chain)),
    ...checkTaken(sent, chains),
    ...checkOrder(sent, chains),
    ...checkLedger(sent, deliveries),
  ]
}

/** A chain has to be the md5 chain of what the session took. */
export function checkChain(session: string, { chain, taken }: SessionChain): readonly Finding[] {
  const expected = taken.reduce((link, text) => createHash('md5').update(`${link}|${text}`).digest('hex'), '')
  if (expected === chain) return []
  return [{ kind: 'broken', event: '', text: `session ${session}: the chain does not fit its ${taken.length} events` }]
}

/** Every event and what had to come of it is in its session's chain once, and nothing else is. */
function checkTaken(sent: readonly SentEvent[], chains: ReadonlyMap<string, SessionChain>): readonly Finding[] {
  const findings: Finding[] = []
  const missing = new Map<string, Map<string, number>>()
  for (const [session, { taken }] of chains) missing.set(session, countOf(taken))
  const cancelled = new Set(sent.flatMap(({ plan }) => plan.cancel ?? []))

  const once = (event: string, session: string, texts: readonly string[]): void => {
    const counts = missing.get(session) ?? new Map<string, number>()
    const count = texts.reduce((sum, text) => sum + (counts.get(text) ?? 0), 0)
    for (const text of texts) counts.delete(text)
    if (count === 1) return
    const text = `session ${session} took "${texts.join('" or "')}" ${count} times`
    findings.push({ kind: count === 0 ? 'lost' : 'doubled', event, text })
  }

  for (const { plan, session } of sent) {
    const { ask, armMs, id, tell } = plan
    once(id, session, [id])
    if (ask === true) once(id, session, [`${id}:answer`])
    if (armMs !== undefined) once(id, session, [`${id}:due`, ...(cancelled.has(id) ? [`${id}:cancelled`] : [])])
    if (tell !== undefined) once(id, tell, [`${id}:told`])
  }
  for (const [session, counts] of missing) {
    for (const text of counts.keys()) {
      findings.push({
        kind: 'phantom',
        event: idOf(text),
        text: `session ${session} took "${text}", which nobody sent`,
      })
    }
  }
  return findings
}

/** Per source and session in the order sent; events of sessions to each other in the order in which they were planned. */
function checkOrder(sent: readonly SentEvent[], chains: ReadonlyMap<string, SessionChain>): readonly Finding[] {
  const findings: Finding[] = []
  const places = new Map(
    [...chains].map(([session, { taken }]) => [session, new Map(taken.map((text, at) => [text, at]))]),
  )
  const last = new Map<string, number>()
  const inOrder = (event: string, way: string, at: number | undefined): void => {
    if (at === undefined) return
    const before = last.get(way) ?? -1
    if (at < before)
      findings.push({ kind: 'reordered', event, text: `"${event}" came before what was sent before it, ${way}` })
    last.set(way, Math.max(at, before))
  }
  for (const { plan, session, source } of sent) {
    inOrder(plan.id, `from ${source} to ${session}`, places.get(session)?.get(plan.id))
  }
  const tells = new Map(sent.map(({ plan }) => [plan.id, plan.tell]))
  for (const [session, { taken }] of chains) {
    for (const id of taken) {
      const tell = tells.get(id)
      if (tell !== undefined) inOrder(id, `from ${session} to ${tell}`, places.get(tell)?.get(`${id}:told`))
    }
  }
  return findings
}

/** Every effect is in the ledger under one key, and no other is. */
function checkLedger(sent: readonly SentEvent[], deliveries: readonly Delivery[]): readonly Finding[] {
  const findings: Finding[] = []
  const keys = new Map<string, Set<string>>()
  for (const { key, name } of deliveries) {
    const known = keys.get(name)
    if (known === undefined) keys.set(name, new Set([key]))
    else known.add(key)
  }
  for (const { plan } of sent) {
    for (const kind of ['put', 'ask'] as const) {
      if (plan[kind] !== true) continue
      const name = `${plan.id}:${kind}`
      const found = keys.get(name)
      keys.delete(name)
      if (found === undefined)
        findings.push({ kind: 'lost', event: plan.id, text: `effect "${name}" was not performed` })
      else if (found.size > 1) {
        findings.push({ kind: 'doubled', event: plan.id, text: `effect "${name}" has keys ${[...found].join(', ')}` })
      }
    }
  }
  for (const name of keys.keys())
    findings.push({ kind: 'phantom', event: idOf(name), text: `nobody asked for effect "${name}"` })
  return findings
}

/** Deliveries of a key beyond the first, with the life that made them. */
export function wireDuplicates(deliveries: readonly Delivery[]): readonly Delivery[] {
  const seen = new Set<string>()
  return deliveries.filter(({ key }) => {
    const isAgain = seen.has(key)
    seen.add(key)
    return isAgain
  })
}

function countOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

function idOf(text: string): string {
  return text.split(':')[0] ?? ''
}
