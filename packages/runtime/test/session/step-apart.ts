import type { MessageBody } from '../../src/entity/contract.ts'
import { contextRealm } from '../../src/realm/context-realm.ts'
import { createApplications } from '../../src/session/applications.ts'
import { createInProcessShard } from '../../src/session/in-process-shard.ts'
import { createSessionBehaviour } from '../../src/session/session-behaviour.ts'
import { everyStepApplication } from './every-step-application.ts'

/** One message for a session and everything that is known of it, as it goes to another process. */
export interface StepApart {
  readonly version: number
  readonly nowMs: number
  readonly body: MessageBody
  /** `undefined` before the first step. */
  readonly stored: StoredApart | undefined
  /** Texts of documents by hash. */
  readonly rows: Readonly<Record<string, string>>
}

export interface StoredApart {
  readonly attributes: Readonly<Record<string, string>>
  /** Base64. */
  readonly state: string
  readonly redo: readonly string[]
}

export interface SteppedApart {
  readonly stored: StoredApart
  readonly rows: Readonly<Record<string, string>>
  readonly logs: readonly string[]
  readonly warnings: readonly string[]
  readonly hasEnded: boolean
}

const ref = { kind: 'session', id: 'S1' } as const

/** Steps one message in a shard that nobody has used before and nobody will again. */
export async function stepApart({ version, nowMs, body, stored, rows }: StepApart): Promise<SteppedApart> {
  const warnings: string[] = []
  const clock = { nowMs: () => nowMs, schedule: () => ({ cancel: () => undefined }) }
  const behaviour = createSessionBehaviour({
    shard: createInProcessShard({
      modules: [],
      realm: contextRealm,
      server: { name: 'n', cluster: 'c', url: undefined },
    }),
    applications: createApplications({
      resolve: everyStepApplication.resolve,
      namespaces: [],
      stored: (hash) => Promise.resolve(rows[hash]),
      clock,
      maxAgeS: 3600,
    }),
    onIncident: ({ message }) => warnings.push(message),
    onWarning: ({ message }) => warnings.push(message),
  })
  const nothing = { effects: [], timers: [], inbox: [], rows: [] }
  const before = stored && {
    ...nothing,
    ref,
    version: version - 1,
    hasEnded: false,
    attributes: stored.attributes,
    state: bytesOf(stored.state),
    redo: stored.redo.map(bytesOf),
  }
  const [response] = await behaviour.step([
    {
      context: { ref, version, nowMs, seed: version, openEffects: [] },
      stored: before ?? 'new',
      message: { to: ref, source: 'test', body },
      effectKey: undefined,
    },
  ])
  if (response === undefined || !response.ok) throw new Error(response?.message ?? 'no answer')
  const { step } = response
  const added = step.rows.flatMap((row) => (row.kind === 'put' ? [[row.key, row.value] as const] : []))
  const isWhole = step.save === 'snapshot'
  const kept = isWhole ? [] : (stored?.redo ?? [])
  return {
    stored: {
      attributes: step.attributes ?? stored?.attributes ?? {},
      state: isWhole ? textOf(step.snapshot) : (stored?.state ?? ''),
      redo: step.redo === undefined ? kept : [...kept, textOf(step.redo)],
    },
    rows: { ...rows, ...Object.fromEntries(added) },
    logs: (step.traceTexts ?? []).flatMap(logOf),
    warnings,
    hasEnded: step.hasEnded,
  }
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'base64')
const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('base64')

/** The text of a log record; errors of scripts count, so that none goes unseen. */
export function logOf(line: string): readonly string[] {
  const { kind, text, name } = JSON.parse(line) as Readonly<Record<string, unknown>>
  if (kind === 'log') return [String(text)]
  return kind === 'error' ? [`error ${String(name)} ${line}`] : []
}
