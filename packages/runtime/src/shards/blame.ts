import type { ApplicationBundle, ShardIncident, ShardStepRequest, ShardStepResponse } from '../session/contract.ts'
import { sessionMessage } from '../session/session-faults.ts'
import type { SessionFaultCode } from '../session/session-faults.ts'
import { lostResponse } from './pending-work.ts'
import type { Quarantine } from './quarantine.ts'
import type { Culprit, ShardEnd } from './shard-end.ts'

/** What judging needs to know of the node. */
export interface BlameOptions {
  readonly quarantine: Quarantine
  readonly maxSetApart: number
  readonly memoryMb: number
  readonly nowEpochMs: () => number
  readonly onIncident?: (incident: ShardIncident) => void
}

const MAX_SUSPECTS = 1_000

/** Says who is to blame for the end of a process, and answers for the request that went with it. Spec: design P14. */
export class Blame {
  readonly #options: BlameOptions
  /** Sessions with which a process has ended, nobody knows why. */
  readonly #suspects = new Set<string>()

  constructor(options: BlameOptions) {
    this.#options = options
  }

  judge({ culprit, reason, text }: ShardEnd): void {
    switch (reason) {
      case 'time':
        if (culprit !== undefined) this.#strike(culprit, 'SEG-SHARD-001', { limitMs: culprit.limitMs })
        return
      case 'crowd':
        if (culprit !== undefined) this.#strike(culprit, 'SEG-SHARD-007', { value: this.#options.maxSetApart })
        return
      case 'memory':
        if (culprit === undefined)
          this.#options.onIncident?.(shardIncident('SEG-SHARD-005', { end: `memory, ${text}` }))
        else this.#strike(culprit, 'SEG-SHARD-002', { memoryMb: this.#options.memoryMb })
        return
      case 'unknown':
        this.#options.onIncident?.(shardIncident('SEG-SHARD-005', { end: text }))
        if (culprit !== undefined) this.#suspect(culprit, text)
        return
      case 'stuck':
      case 'answered':
      case 'stopped':
        culprit?.resolve(lostResponse)
    }
  }

  /** Whoever has been stepped since is no suspect any more. */
  clear(requests: readonly ShardStepRequest[], responses: readonly ShardStepResponse[]): void {
    if (this.#suspects.size === 0) return
    for (const [index, { sessionId }] of requests.entries())
      if (responses[index]?.ok === true) this.#suspects.delete(sessionId)
  }

  /** Nobody knows who ended the process: the session is tried once more. */
  #suspect(culprit: Culprit, end: string): void {
    const { sessionId } = culprit.request
    if (this.#suspects.delete(sessionId)) {
      this.#strike(culprit, 'SEG-SHARD-003', { end })
      return
    }
    if (this.#suspects.size < MAX_SUSPECTS) this.#suspects.add(sessionId)
    culprit.resolve(lostResponse)
  }

  #strike(culprit: Culprit, code: SessionFaultCode, parameters: Readonly<Record<string, string | number>>): void {
    const { bundle, request, script } = culprit
    const { message } = request
    const url = bundle?.url ?? (message.kind === 'start' ? message.url : '')
    const taken = message.kind === 'event' ? `event "${message.name}"` : `its ${message.kind}`
    const place = script === '' ? 'no script of its own' : script
    const incident = shardIncident(code, { ...parameters, message: taken, place, url })
    if (bundle !== undefined) this.#count(bundle, incident.message)
    const strike = { ...incident, kind: 'strike' }
    culprit.resolve({ ok: false, message: strike.message, isLost: true, strike })
  }

  /** The strike may be the one that puts the version into quarantine. */
  #count(bundle: ApplicationBundle, reason: string): void {
    const { nowEpochMs, onIncident, quarantine } = this.#options
    const wasHeld = quarantine.refusal(bundle.hash) !== undefined
    quarantine.strike(bundle, reason, nowEpochMs())
    const message = quarantine.refusal(bundle.hash)
    if (!wasHeld && message !== undefined) onIncident?.({ kind: 'quarantine', code: 'SEG-SHARD-004', message })
  }
}

/** An incident of the catalogue about shards. */
export function shardIncident(
  code: SessionFaultCode,
  parameters: Readonly<Record<string, string | number>>,
): ShardIncident {
  return { kind: 'shard', code, message: sessionMessage(code, parameters) }
}
