import type { Reach, Touched, WriteClass } from './contract.ts'

/** Everything may have changed. */
export const touchedAll: Touched = Object.freeze({ isDeep: true, names: [], reads: 'all', takesViews: true })

/** What running a piece touches; `undefined` when it changes nothing. */
export function touchOf(writes: WriteClass, { reads, takesViews }: Reach): Touched | undefined {
  if (writes.kind === 'nothing') return undefined
  return { isDeep: writes.kind === 'deep', names: writes.kind === 'names' ? writes.names : [], reads, takesViews }
}

/** What an object may share that was read and is assigned now; `undefined` when nothing. */
export function linkOf({ reads, takesViews }: Reach): Touched | undefined {
  if (reads !== 'all' && reads.length === 0 && !takesViews) return undefined
  return { isDeep: false, names: [], reads, takesViews }
}

/** Both together. Cost: O(names) when they differ. */
export function mergeTouched(one: Touched | undefined, other: Touched | undefined): Touched | undefined {
  if (one === undefined || one === other) return other
  if (other === undefined) return one
  return {
    isDeep: one.isDeep || other.isDeep,
    names: union(one.names, other.names),
    reads: one.reads === 'all' || other.reads === 'all' ? 'all' : union(one.reads, other.reads),
    takesViews: one.takesViews || other.takesViews,
  }
}

function union(one: readonly string[], other: readonly string[]): readonly string[] {
  if (one.length === 0 || one === other) return other
  return other.length === 0 ? one : [...new Set([...one, ...other])]
}
