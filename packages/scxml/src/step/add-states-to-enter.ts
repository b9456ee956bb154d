import { hasBit, intersects, setBit } from '../compile/bits.ts'
import type { MutableBits } from '../compile/bits.ts'
import type { Chart, ChartTransition } from '../compile/chart.ts'
import type { StoredHistory } from './get-effective-target-states.ts'

/** An entry set while it is computed. The two procedures below call each other, so they share this file. */
export interface EntrySet {
  readonly chart: Chart
  readonly history: StoredHistory | undefined
  readonly statesToEnter: MutableBits
  readonly statesForDefaultEntry: MutableBits
  readonly defaultHistoryContent: Map<number, ChartTransition>
  /** A history decided: the result holds for what is stored now only. */
  usesHistory: boolean
}

/**
 * Adds a state and the descendants that are entered with it.
 *
 * Spec: SCXML 1.0, appendix D, addDescendantStatesToEnter.
 */
export function addDescendantStatesToEnter(entrySet: EntrySet, index: number): void {
  const state = entrySet.chart.states[index]
  if (state === undefined) return
  if (state.kind === 'history') {
    entrySet.usesHistory = true
    const stored = entrySet.history?.get(index)
    const transition = state.historyTransition
    if (stored === undefined && transition !== undefined) {
      entrySet.defaultHistoryContent.set(state.parent, transition)
    }
    addWithin(entrySet, stored ?? transition?.targets ?? [], state.parent)
    return
  }
  setBit(entrySet.statesToEnter, index)
  if (state.kind === 'compound') {
    setBit(entrySet.statesForDefaultEntry, index)
    addWithin(entrySet, state.initial?.targets ?? [], index)
  } else if (state.kind === 'parallel') {
    addMissingRegions(entrySet, index)
  }
}

/**
 * Adds the states between a state and `ancestor`, and missing regions of the parallel states among them.
 *
 * Spec: SCXML 1.0, appendix D, addAncestorStatesToEnter.
 */
export function addAncestorStatesToEnter(entrySet: EntrySet, index: number, ancestor: number): void {
  for (const between of entrySet.chart.states[index]?.ancestorList ?? []) {
    if (between === ancestor) return
    setBit(entrySet.statesToEnter, between)
    if (entrySet.chart.states[between]?.kind === 'parallel') addMissingRegions(entrySet, between)
  }
}

function addWithin(entrySet: EntrySet, targets: readonly number[], ancestor: number): void {
  for (const target of targets) addDescendantStatesToEnter(entrySet, target)
  for (const target of targets) addAncestorStatesToEnter(entrySet, target, ancestor)
}

function addMissingRegions(entrySet: EntrySet, parallel: number): void {
  for (const child of entrySet.chart.states[parallel]?.children ?? []) {
    const region = entrySet.chart.states[child]
    if (region === undefined || hasBit(entrySet.statesToEnter, child)) continue
    if (!intersects(entrySet.statesToEnter, region.descendants)) addDescendantStatesToEnter(entrySet, child)
  }
}
