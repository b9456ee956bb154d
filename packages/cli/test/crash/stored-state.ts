import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '@segue/adapters'
import { withoutEnvelope, type EntityKind, type EntitySummary, type Store, type StoreCounts } from '@segue/runtime'

/** Where a call was when the server died. */
export type CallPhase = 'dialog' | 'queue' | 'ringing' | 'talking'

/** A stored interaction with what its trace says. */
export interface StoredCall {
  readonly callId: string
  readonly hasEnded: boolean
  /** Sessions that were started for it, in order. */
  readonly sessionIds: readonly string[]
  /** Once at least it waited at a routing point and no session had it. */
  readonly wasUnattended: boolean
}

/** What a store holds at the end of a run. */
export interface StoredRun {
  readonly counts: StoreCounts
  readonly sessions: readonly EntitySummary[]
  readonly calls: readonly StoredCall[]
  /** Trace lines of any session or interaction that tell of something wrong. */
  readonly incidents: readonly string[]
}

type TraceLine = { readonly atVersion: number } & Readonly<Record<string, unknown>>

const PARTITIONS = 256
const PAGE = 500

/** Calls per phase in the store of a server that was killed. Reads a copy: the original is recovered by the server alone. */
export function phasesAtDeath(dataFolder: string): Promise<ReadonlyMap<CallPhase, number>> {
  return withCopy(dataFolder, async (store) => {
    const phases = new Map<CallPhase, number>()
    const count = (phase: CallPhase): unknown => phases.set(phase, (phases.get(phase) ?? 0) + 1)
    for (const session of await all(store, 'session', true)) {
      const states = session.attributes['states'] ?? ''
      if (/Greeting|Play/.test(states)) count('dialog')
      if (/Shares|Everybody/.test(states)) count('queue')
    }
    const running = await all(store, 'interaction', true)
    for (const stored of await store.load(running.map(({ ref }) => ref))) {
      const life = lifeOf(withoutEnvelope(stored).state)
      if (life === 'ringing') count('ringing')
      if (life === 'connected') count('talking')
    }
    return phases
  })
}

/** Everything in the store of a server that has stopped. */
export function storedRun(dataFolder: string): Promise<StoredRun> {
  return withCopy(dataFolder, async (store) => {
    const sessions = await all(store, 'session', false)
    const interactions = await all(store, 'interaction', false)
    const calls: StoredCall[] = []
    const incidents: string[] = []
    const lines = async ({ ref }: EntitySummary): Promise<readonly TraceLine[]> => {
      const trace = await store.query({ kind: 'trace', ref, afterSequence: 0, limit: 10_000 })
      // Trace lines are JSON objects.
      const parsed = trace.map(({ atVersion, line }): TraceLine => ({ atVersion, ...(JSON.parse(line) as object) }))
      for (const line of parsed) if (line['kind'] === 'incident') incidents.push(`${ref.id} ${JSON.stringify(line)}`)
      return parsed
    }
    for (const session of sessions) await lines(session)
    for (const interaction of interactions) {
      const trace = await lines(interaction)
      calls.push({
        callId: interaction.ref.id,
        hasEnded: interaction.hasEnded,
        wasUnattended: wasUnattended(trace),
        sessionIds: trace.filter(({ kind }) => kind === 'interaction.session').map((line) => String(line['sessionId'])),
      })
    }
    return { counts: await store.query({ kind: 'counts' }), sessions, calls, incidents }
  })
}

function lifeOf(state: Uint8Array | undefined): string {
  // An interaction is stored as JSON text.
  const stored = JSON.parse(new TextDecoder().decode(state)) as { readonly state?: { readonly life?: string } }
  return stored.state?.life ?? ''
}

/** After each step of the interaction: who waits has a session. */
function wasUnattended(trace: readonly TraceLine[]): boolean {
  let isWaiting = false
  let hasSession = false
  return trace.some((line, index) => {
    if (line['kind'] === 'interaction.session') hasSession = true
    if (line['kind'] === 'interaction.released') hasSession = false
    if (line['kind'] === 'interaction.state') isWaiting = line['to'] === 'queued' || line['to'] === 'treating'
    const isLastOfStep = trace[index + 1]?.atVersion !== line.atVersion
    return isLastOfStep && isWaiting && !hasSession
  })
}

async function withCopy<T>(dataFolder: string, work: (store: Store) => Promise<T>): Promise<T> {
  const copy = await mkdtemp(join(tmpdir(), 'segue-crash-copy-'))
  try {
    for (const name of await readdir(dataFolder)) {
      if (name.startsWith('segue.db')) await cp(join(dataFolder, name), join(copy, name))
    }
    await using store = await openSqliteStore({ path: join(copy, 'segue.db'), partitions: PARTITIONS })
    return await work(store)
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

async function all(store: Store, entityKind: EntityKind, running: boolean): Promise<readonly EntitySummary[]> {
  const found: EntitySummary[] = []
  for (;;) {
    const after = found.at(-1)?.ref.id ?? ''
    const page = await store.query({ kind: 'entities', entityKind, running, after, limit: PAGE })
    found.push(...page)
    if (page.length < PAGE) return found
  }
}
