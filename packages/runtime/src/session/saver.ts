import { hash } from 'node:crypto'
import type { ScopeChanges, SessionFrame, SessionSnapshot, Touched } from '@segue/scxml'
import { redoBytes, snapshotBytes } from './stored-form.ts'
import type { SavedChange, SavedOwn, SavedSession } from './stored-form.ts'

/** What was saved last, enough to tell what a step changed. */
export interface SavedMarks {
  /** Digests of alias groups that were written since the session is in memory; others are not known. */
  readonly groups: Map<string, string>
  /** Texts of all groups as they were loaded, until the first step has been saved. */
  readonly loaded?: Readonly<Record<string, string>>
  readonly frame: string
  readonly slices: readonly unknown[]
  readonly own: SavedOwn
  readonly snapshotSizeBytes: number
  /** Snapshot with the redo records after it. */
  readonly sizeBytes: number
}

/** The session after a step, as far as it has to be looked at. */
export interface SaveInput {
  frame(): SessionFrame
  /** Cost: encodes the whole data model but what stands in `latest`. */
  snapshot(latest: ScopeChanges | undefined): SessionSnapshot
  /** Cost: encodes what may have changed. */
  changes(touched: Touched): ScopeChanges
  readonly moduleNames: readonly string[]
  readonly slices: readonly unknown[]
  readonly own: SavedOwn
  /** What may have changed in the data model since the last save. */
  readonly touched: Touched | undefined
  readonly wantsSnapshot: boolean
  /** Snapshot and redo records together that make a snapshot due; without a limit when absent. */
  readonly maxRedoBytes?: number
}

export interface Saving {
  readonly save: 'snapshot' | 'redo' | 'nothing'
  readonly bytes: Uint8Array | undefined
  readonly marks: SavedMarks
}

/**
 * Decides what a step has to write: nothing, what changed, or everything when that is hardly more.
 *
 * Cost: the frame alone while the data model cannot have changed, else one encoding of the groups that may have.
 * Spec: design P2, P3.
 */
export function saving(input: SaveInput, last: SavedMarks | undefined): Saving {
  if (last === undefined || input.wantsSnapshot) return whole(input, input.snapshot(undefined), last?.groups)
  const frame = input.frame()
  const frameText = JSON.stringify(frame)
  const slices = changedSlices(input, last)
  const own = input.own === last.own ? undefined : input.own
  const changes = input.touched === undefined ? undefined : input.changes(input.touched)
  const scope = changes === undefined ? undefined : changedGroups(changes, last)
  const isSameFrame = frameText === last.frame
  if (isSameFrame && slices === undefined && own === undefined && scope === undefined)
    return { save: 'nothing', bytes: undefined, marks: withoutLoaded(last) }
  const bytes = redoBytes({ ...(!isSameFrame && { frame }), ...scope, ...(slices && { slices }), ...(own && { own }) })
  const sizeBytes = last.sizeBytes + bytes.length
  const isTooMuch = input.maxRedoBytes !== undefined && sizeBytes > input.maxRedoBytes
  if (isTooMuch || bytes.length * 2 > last.snapshotSizeBytes) return whole(input, input.snapshot(changes), last.groups)
  const { groups, snapshotSizeBytes } = last
  const marks = { groups, frame: frameText, slices: [...input.slices], own: input.own, snapshotSizeBytes, sizeBytes }
  return { save: 'redo', bytes, marks }
}

/** Marks of a session that was just loaded, so that its next step can write a redo record. */
export function marksOf(
  saved: SavedSession,
  slices: readonly unknown[],
  own: SavedOwn,
  snapshotSizeBytes: number,
  sizeBytes = snapshotSizeBytes,
): SavedMarks {
  const { frame, scope } = saved.snapshot
  const loaded = scope.groups
  return {
    groups: new Map(),
    loaded,
    frame: JSON.stringify(frame),
    slices: [...slices],
    own,
    snapshotSizeBytes,
    sizeBytes,
  }
}

function withoutLoaded(marks: SavedMarks): SavedMarks {
  if (marks.loaded === undefined) return marks
  const { loaded: _, ...others } = marks
  return others
}

function whole(input: SaveInput, snapshot: SessionSnapshot, digests: ReadonlyMap<string, string> | undefined): Saving {
  const slices: Record<string, unknown> = {}
  for (const [index, name] of input.moduleNames.entries()) slices[name] = input.slices[index]
  const saved: SavedSession = { snapshot, slices, own: input.own }
  const bytes = snapshotBytes(saved)
  const marks = withoutLoaded(marksOf(saved, input.slices, input.own, bytes.length))
  // What was written deeply once will be again.
  for (const key of digests?.keys() ?? []) {
    const text = snapshot.scope.groups[key]
    if (text !== undefined) marks.groups.set(key, digestOf(text))
  }
  return { save: 'snapshot', bytes, marks }
}

/** Groups whose text is another one than what was written last; `digests` then knows the new ones. */
function changedGroups(
  changes: ScopeChanges,
  { groups: digests, loaded }: SavedMarks,
): Pick<SavedChange, 'groups' | 'differences' | 'goneGroups' | 'order'> | undefined {
  const groups: Record<string, string> = {}
  let hasChanged = false
  for (const key of changes.gone) digests.delete(key)
  for (const [key, text] of Object.entries(changes.groups)) {
    const digest = digestOf(text)
    const isSame = digests.get(key) === digest || loaded?.[key] === text
    digests.set(key, digest)
    if (isSame) continue
    groups[key] = text
    hasChanged = true
  }
  const { differences, gone, order } = changes
  // Their texts are no longer what was written last.
  for (const key of Object.keys(differences ?? {})) digests.delete(key)
  if (!hasChanged && differences === undefined && gone.length === 0 && order === undefined) return undefined
  return {
    ...(hasChanged && { groups }),
    ...(differences && { differences }),
    ...(gone.length > 0 && { goneGroups: gone }),
    ...(order && { order }),
  }
}

function changedSlices(input: SaveInput, last: SavedMarks): Record<string, unknown> | undefined {
  let changed: Record<string, unknown> | undefined
  for (const [index, name] of input.moduleNames.entries()) {
    if (input.slices[index] === last.slices[index]) continue
    changed ??= {}
    changed[name] = input.slices[index]
  }
  return changed
}

/** Short texts stand for themselves. */
function digestOf(text: string): string {
  return text.length <= 64 ? text : hash('sha256', text, 'base64')
}
