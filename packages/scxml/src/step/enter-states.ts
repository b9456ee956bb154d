import { addBits, clearBit, hasBit, membersOf, setBit } from '../compile/bits.ts'
import type { ChartState } from '../compile/chart.ts'
import { configurationOf } from '../compile/configuration.ts'
import type { EntryPlan, ExitPlan, MicrostepPlan } from '../compile/configuration.ts'
import { computeEntrySet } from './compute-entry-set.ts'
import { countEntries } from './count-entries.ts'
import { executeBlocks, executeContent } from './execute-content.ts'
import { initializeData } from './initialize-data.ts'
import { isInFinalState } from './is-in-final-state.ts'
import { platformEvent } from './macrostep.ts'
import type { Macrostep } from './macrostep.ts'
import { evaluateDoneData } from './payload.ts'

/**
 * Enters the states that the transitions of the plan enter: binds late data, runs `onentry` and default content, and
 * raises completion events.
 *
 * Order: entry order (parents before children, document order).
 * Spec: SCXML 1.0, appendix D, enterStates.
 */
export function enterStates(macrostep: Macrostep, plan: MicrostepPlan, exit: ExitPlan | undefined): void {
  if (macrostep.breach !== undefined) return
  const entry = plan.entry ?? planEntry(macrostep, plan, exit)
  countEntries(macrostep, entry)
  for (const state of entry.states) {
    if (macrostep.breach !== undefined) return
    enterState(macrostep, entry, state)
  }
  macrostep.settle(entry.next)
}

function enterState(macrostep: Macrostep, entry: EntryPlan, state: ChartState): void {
  const { chart, session } = macrostep
  setBit(macrostep.active, state.index)
  if (state.invokes.length > 0) (macrostep.statesToInvoke ??= []).push(state.index)
  if (chart.isLateBinding && state.data.length > 0 && session.bound?.has(state.index) !== true) {
    session.bound ??= new Set()
    session.bound.add(state.index)
    initializeData(macrostep, state.data)
  }
  macrostep.record(state.enterRecord)
  executeBlocks(macrostep, state.onentry)
  if (state.initial !== undefined && hasBit(entry.statesForDefaultEntry, state.index)) {
    executeContent(macrostep, state.initial.content)
  }
  const defaultHistory = entry.defaultHistoryContent.get(state.index)
  if (defaultHistory !== undefined) executeContent(macrostep, defaultHistory.content)
  if (state.kind === 'final') complete(macrostep, state)
}

/** A final state ends the session, or completes its parent and perhaps the parallel state above. */
function complete(macrostep: Macrostep, state: ChartState): void {
  const { chart, session } = macrostep
  if (state.parent === 0) {
    session.isRunning = false
    return
  }
  const parent = chart.states[state.parent]
  if (parent === undefined) return
  const data = evaluateDoneData(macrostep, state)
  macrostep.raiseEvent(platformEvent(`done.state.${parent.id}`, data), state.place)
  const grandparent = chart.states[parent.parent]
  if (grandparent?.kind !== 'parallel') return
  if (grandparent.children.every((child) => isInFinalState(chart, macrostep.active, child))) {
    macrostep.raiseEvent(platformEvent(`done.state.${grandparent.id}`, undefined), state.place)
  }
}

function planEntry(macrostep: Macrostep, plan: MicrostepPlan, exit: ExitPlan | undefined): EntryPlan {
  const { chart, session } = macrostep
  const entrySet = computeEntrySet(chart, plan.transitions, session.history)
  const next = [...session.configuration.bits]
  for (const { index } of exit?.states ?? []) clearBit(next, index)
  addBits(next, entrySet.statesToEnter)
  const entry: EntryPlan = {
    states: membersOf(entrySet.statesToEnter).flatMap((index) => chart.states[index] ?? []),
    statesForDefaultEntry: entrySet.statesForDefaultEntry,
    defaultHistoryContent: entrySet.defaultHistoryContent,
    next: configurationOf(chart, next),
  }
  if (!entrySet.usesHistory) plan.entry = entry
  return entry
}
