import { sessionMessage } from '../session/session-faults.ts'

/** An application version whose sessions had to be ended too often. */
export interface QuarantinedVersion {
  readonly hash: string
  readonly url: string
  readonly strikes: number
  readonly sinceEpochMs: number
  /** Why the last of its sessions was ended. */
  readonly reason: string
}

/** Counts strikes by application version and says which versions take no new sessions. */
export interface Quarantine {
  strike(version: { readonly hash: string; readonly url: string }, reason: string, nowMs: number): void
  /** Why no session of the version may start; `undefined`: it may. */
  refusal(hash: string): string | undefined
  list(): readonly QuarantinedVersion[]
  /** `false`: the version is in no quarantine. */
  lift(hash: string): boolean
}

export interface QuarantineOptions {
  /** Strikes that put a version into quarantine. */
  readonly maxStrikes: number
  /** Older strikes do not count. */
  readonly strikeWindowMs: number
  /** What was in quarantine before the node ended. */
  readonly known?: readonly QuarantinedVersion[]
  /** Told whenever the list changes, to keep it. Must not throw. */
  readonly changed?: (list: readonly QuarantinedVersion[]) => void
}

/** Versions whose strikes are counted; those struck longest ago are forgotten. */
const MAX_COUNTED = 10_000

/** Spec: design P14. */
export function createQuarantine(options: QuarantineOptions): Quarantine {
  const counted = new Map<string, number[]>()
  const held = new Map<string, QuarantinedVersion>((options.known ?? []).map((version) => [version.hash, version]))
  const list = (): readonly QuarantinedVersion[] => [...held.values()]

  return {
    strike({ hash, url }, reason, nowMs) {
      const recent = (counted.get(hash) ?? []).filter((atMs) => nowMs - atMs < options.strikeWindowMs)
      recent.push(nowMs)
      counted.delete(hash)
      counted.set(hash, recent.slice(-options.maxStrikes))
      for (const oldest of counted.keys()) {
        if (counted.size <= MAX_COUNTED) break
        counted.delete(oldest)
      }
      const known = held.get(hash)
      if (known === undefined && recent.length < options.maxStrikes) return
      const strikes = known === undefined ? recent.length : known.strikes + 1
      held.set(hash, { hash, url, strikes, sinceEpochMs: known?.sinceEpochMs ?? nowMs, reason })
      options.changed?.(list())
    },
    refusal(hash) {
      const version = held.get(hash)
      if (version === undefined) return undefined
      const { reason, strikes, url } = version
      return sessionMessage('SEG-SHARD-004', { url, strikes, reason })
    },
    list,
    lift(hash) {
      counted.delete(hash)
      const wasHeld = held.delete(hash)
      if (wasHeld) options.changed?.(list())
      return wasHeld
    },
  }
}
