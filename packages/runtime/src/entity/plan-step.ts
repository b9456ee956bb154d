import type { EffectKey, EffectRow, StateChange, Step, TimerRow } from '../ports/store.ts'
import type { EntityStep } from './contract.ts'
import type { EntitySlot, MailItem, OwnEffect } from './entity-slot.ts'
import { encodeEnvelope, type SourceSequences } from './envelope.ts'

/** A step that is not durable yet, with what has to happen when it is. */
export interface PendingStep {
  readonly slot: EntitySlot
  readonly item: MailItem
  readonly step: Step
  readonly withdrawn: readonly EffectKey[]
  /** Acknowledged already; its commit may wait for company. */
  readonly isRelaxed: boolean
}

/** Sequence numbers of messages between entities are `version * 1000 + n`. */
export const EFFECTS_PER_STEP = 1000

/** Answer of a step that changes nothing: what the dispatcher itself commits when it sets a message aside. */
export const EMPTY_STEP: EntityStep = {
  effects: [],
  withdrawn: [],
  timersPut: [],
  timersDeleted: [],
  rows: [],
  trace: [],
  save: 'nothing',
  hasEnded: false,
}

/**
 * Turns what a behaviour answered into a step of the store and moves the slot to the version after it.
 *
 * Errors: throws when the answer breaks the contract of `EntityStep`; the slot is unchanged then.
 * Spec: design P5, P6, P9, P10.
 */
export function planStep(slot: EntitySlot, item: MailItem, answer: EntityStep, nowMs: number): PendingStep {
  const version = slot.version + 1
  const isVolatile = version === 1 ? answer.durability === 'none' : slot.isVolatile
  const keyStart = `${slot.key}:${isVolatile ? slot.keyBase + version : version}`
  const checked = check(slot, keyStart, answer, nowMs)
  const withdrawn = withdrawals(slot, item, answer)

  // Nothing fails from here on: the slot moves.
  const answered = [...withdrawn]
  if (item.effect?.mode === 'once') answered.push(item.effect.key)
  if (item.message.answers !== undefined) answered.push(item.message.answers)
  for (const key of answered) {
    slot.openEffects.delete(key)
    slot.sources.forgetEffect(key)
  }
  for (const own of checked.own) slot.openEffects.set(own.key, own)

  const delta = takeSequence(slot, item)
  const timersDeleted = moveTimers(slot, item, answer, checked.timersPut)
  const change = stateChange(slot, answer, delta, nowMs)
  slot.redoRecords = change.kind === 'snapshot' ? 0 : slot.redoRecords + (change.kind === 'redo' ? 1 : 0)
  slot.version = version
  if (item.inboxSequence === undefined) slot.unwrittenVersion = version
  slot.hasEnded = answer.hasEnded
  slot.isVolatile = isVolatile
  const step: Step = {
    ref: slot.ref,
    expectedVersion: version - 1,
    version,
    change,
    ...(answer.attributes === undefined ? {} : { attributes: answer.attributes }),
    effects: checked.rows,
    answered,
    timersPut: checked.timersPut,
    timersDeleted,
    rows: answer.rows,
    trace: checked.trace,
    taken: [],
  }
  return { slot, item, step, withdrawn, isRelaxed: answer.durability === 'relaxed' }
}

interface CheckedAnswer {
  readonly rows: readonly EffectRow[]
  readonly own: readonly OwnEffect[]
  readonly timersPut: readonly TimerRow[]
  readonly trace: readonly string[]
}

function check(slot: EntitySlot, keyStart: string, answer: EntityStep, nowMs: number): CheckedAnswer {
  if (answer.effects.length >= EFFECTS_PER_STEP) {
    throw new Error(`a step planned ${answer.effects.length} effects, ${EFFECTS_PER_STEP - 1} are the most`)
  }
  if (answer.save === 'snapshot' && answer.snapshot === undefined) throw new Error('a step saves no snapshot')
  if (answer.save === 'redo' && answer.redo === undefined) throw new Error('a step saves no redo record')
  const own = answer.effects.map(({ type, mode, body }, n): OwnEffect => ({
    key: `${keyStart}:${n}`,
    type,
    mode,
    body,
    plannedAtEpochMs: nowMs,
  }))
  return {
    own,
    rows: own.map((effect) => ({ ...effect, owner: slot.ref, body: JSON.stringify(effect.body) })),
    timersPut: answer.hasEnded ? [] : answer.timersPut.map((timer) => timerRow(slot, timer)),
    trace: [...answer.trace.map((line) => JSON.stringify(line)), ...(answer.traceTexts ?? [])],
  }
}

function timerRow(slot: EntitySlot, timer: EntityStep['timersPut'][number]): TimerRow {
  if (!Number.isFinite(timer.dueEpochMs)) throw new Error(`timer "${timer.id}" is due at ${timer.dueEpochMs}`)
  return { owner: slot.ref, id: timer.id, dueEpochMs: Math.floor(timer.dueEpochMs) }
}

/** Own effects that are no longer wanted; an ending entity wants none of its open ones (P6). */
function withdrawals(slot: EntitySlot, item: MailItem, answer: EntityStep): readonly EffectKey[] {
  const asked = answer.withdrawn.filter((key) => slot.openEffects.has(key))
  const ended = answer.hasEnded
    ? [...slot.openEffects.values()].filter((effect) => effect.mode === 'open').map((effect) => effect.key)
    : []
  return [...new Set([...asked, ...ended])].filter((key) => key !== item.message.answers)
}

function takeSequence(slot: EntitySlot, item: MailItem): SourceSequences {
  const { source, sequence, answers } = item.message
  if (sequence === undefined || (answers !== undefined && source === `effect:${answers}`)) return []
  slot.sources.set(source, sequence)
  return [[source, sequence]]
}

function moveTimers(
  slot: EntitySlot,
  item: MailItem,
  answer: EntityStep,
  timersPut: readonly TimerRow[],
): readonly string[] {
  if (answer.hasEnded) {
    slot.timers.clear()
    return []
  }
  const deleted = item.timerDueEpochMs === undefined ? [] : [timerIdOf(item)]
  deleted.push(...answer.timersDeleted)
  for (const id of deleted) slot.timers.delete(id)
  for (const timer of timersPut) slot.timers.set(timer.id, timer.dueEpochMs)
  return deleted
}

/** Id of the timer that a timer message is about. */
export function timerIdOf(item: MailItem): string {
  return String(item.message.body['id'])
}

function stateChange(slot: EntitySlot, answer: EntityStep, delta: SourceSequences, nowMs: number): StateChange {
  const redo = answer.save === 'redo' ? encodeEnvelope({ sequences: delta, body: answer.redo }) : undefined
  const snapshot =
    answer.save === 'snapshot'
      ? encodeEnvelope({ sequences: slot.sources.toSequences(), body: answer.snapshot })
      : undefined
  if (answer.hasEnded) {
    return { kind: 'end', state: snapshot, ...(redo === undefined ? {} : { redo }), endedAtEpochMs: nowMs }
  }
  if (snapshot !== undefined) return { kind: 'snapshot', state: snapshot }
  if (redo !== undefined) return { kind: 'redo', redo }
  if (delta.length === 0) return { kind: 'none' }
  return { kind: 'redo', redo: encodeEnvelope({ sequences: delta, body: undefined }) }
}
