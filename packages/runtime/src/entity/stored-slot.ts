import type { StoredEntity } from '../ports/store.ts'
import type { EntitySlot, OwnEffect } from './entity-slot.ts'
import { openEnvelope } from './envelope.ts'
import { Sources } from './sources.ts'

/**
 * Fills a slot from what the store has of its entity.
 *
 * Errors: throws when a record cannot be read.
 */
export function fillSlot(
  slot: EntitySlot,
  stored: StoredEntity,
  options: { readonly maxSources: number; readonly isLive: (key: string) => boolean },
): void {
  const state = stored.state === undefined ? undefined : openEnvelope(stored.state)
  const redo = stored.redo.map(openEnvelope)
  const sources = new Sources(options.maxSources)
  if (state !== undefined) sources.fold(state.sequences)
  for (const record of redo) sources.fold(record.sequences)
  const effects = stored.effects.filter((effect) => options.isLive(effect.key))
  const openEffects = effects.map(({ key, type, mode, body, plannedAtEpochMs }): OwnEffect => {
    const parsed: unknown = JSON.parse(body)
    return { key, type, mode, body: isRecord(parsed) ? parsed : {}, plannedAtEpochMs }
  })

  slot.openEffects.clear()
  for (const effect of openEffects) slot.openEffects.set(effect.key, effect)
  sources.keepEffects((key) => slot.openEffects.has(key))
  slot.sources = sources
  slot.timers.clear()
  for (const timer of stored.timers) slot.timers.set(timer.id, timer.dueEpochMs)
  slot.version = stored.version
  slot.committedVersion = stored.version
  slot.unwrittenVersion = 0
  slot.hasEnded = stored.hasEnded
  slot.redoRecords = redo.length
  slot.stored =
    stored.version === 0
      ? 'new'
      : {
          ...stored,
          state: state?.body,
          redo: redo.map((record) => record.body).filter((body) => body !== undefined),
          effects,
          inbox: [],
        }
  slot.phase = 'ready'
}

/** Makes a slot one of an entity that the store does not know. */
export function fillNewSlot(slot: EntitySlot, maxSources: number): void {
  slot.sources = new Sources(maxSources)
  slot.openEffects.clear()
  slot.timers.clear()
  slot.version = 0
  slot.committedVersion = 0
  slot.unwrittenVersion = 0
  slot.redoRecords = 0
  slot.stored = 'new'
  slot.phase = 'ready'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
