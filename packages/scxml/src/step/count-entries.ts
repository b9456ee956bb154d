import type { EntryPlan } from '../compile/configuration.ts'
import type { Macrostep } from './macrostep.ts'

/**
 * Watches `_stateEntryLimit`. A microstep enters a state at most once, so that nothing has to be counted before there
 * were as many microsteps as entries are allowed.
 */
export function countEntries(macrostep: Macrostep, entry: EntryPlan): void {
  const limit = macrostep.chart.limits.stateEntryLimit
  if (limit === 0) return
  if (macrostep.entryCounts === undefined) {
    macrostep.entered.push(entry)
    if (macrostep.entered.length <= limit) return
    macrostep.entryCounts = new Map()
    for (const earlier of macrostep.entered) count(macrostep, macrostep.entryCounts, earlier, limit)
    return
  }
  count(macrostep, macrostep.entryCounts, entry, limit)
}

function count(macrostep: Macrostep, counts: Map<number, number>, entry: EntryPlan, limit: number): void {
  for (const state of entry.states) {
    const entries = (counts.get(state.index) ?? 0) + 1
    counts.set(state.index, entries)
    if (entries > limit) macrostep.reachLimit('_stateEntryLimit', limit, state.place)
  }
}
