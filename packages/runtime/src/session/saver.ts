import { hash } from 'node:crypto'
import type { SessionFrame, SessionSnapshot } from '@segue/scxml'
import { redoBytes, snapshotBytes } from './stored-form.ts'
import type { SavedOwn, SavedSession } from './stored-form.ts'

/** What was saved last, enough to tell what a step changed. */
export interface SavedMarks {
  /** Digest of each alias group. */
  readonly groups: ReadonlyMap<string, string>
  readonly frame: string
  readonly slices: readonly unknown[]
  readonly own: SavedOwn
  readonly snapshotSizeBytes: number
}

/** The session after a step, as far as it has to be looked at. */
export interface SaveInput {
  frame(): SessionFrame
  /** Cost: encodes the whole data model. */
  snapshot(): SessionSnapshot
  readonly moduleNames: readonly string[]
  readonly slices: readonly unknown[]
  readonly own: SavedOwn
  readonly dataMayHaveChanged: boolean
  readonly wantsSnapshot: boolean
}

export interface Saving {
  readonly save: 'snapshot' | 'redo' | 'nothing'
  readonly bytes: Uint8Array | undefined
  readonly marks: SavedMarks
}

/**
 * Decides what a step has to write: nothing, what changed, or everything when that is hardly more.
 *
 * Cost: the frame alone while the data model cannot have changed, else one encoding of it.
 * Spec: design P2, P3.
 */
export function saving(input: SaveInput, last: SavedMarks | undefined): Saving {
  if (last === undefined || input.wantsSnapshot) return whole(input, input.snapshot())
  const slices = changedSlices(input, last)
  const own = input.own === last.own ? undefined : input.own
  if (!input.dataMayHaveChanged) {
    const frame = input.frame()
    const frameText = JSON.stringify(frame)
    if (frameText === last.frame && slices === undefined && own === undefined)
      return { save: 'nothing', bytes: undefined, marks: last }
    const bytes = redoBytes({ frame, ...(slices && { slices }), ...(own && { own }) })
    if (bytes.length * 2 > last.snapshotSizeBytes) return whole(input, input.snapshot())
    return { save: 'redo', bytes, marks: { ...last, frame: frameText, slices: [...input.slices], own: input.own } }
  }
  const snapshot = input.snapshot()
  const { frame, scope } = snapshot
  const frameText = JSON.stringify(frame)
  const digests = new Map<string, string>()
  const groups: Record<string, string> = {}
  let hasChanged = false
  for (const key of Object.keys(scope.groups)) {
    const text = scope.groups[key] ?? ''
    const known = last.groups.get(key)
    const digest = digestOf(text)
    digests.set(key, digest)
    if (known === digest) continue
    groups[key] = text
    hasChanged = true
  }
  const goneGroups = [...last.groups.keys()].filter((key) => !digests.has(key))
  if (!hasChanged && goneGroups.length === 0 && frameText === last.frame && slices === undefined && own === undefined)
    return { save: 'nothing', bytes: undefined, marks: last }
  const bytes = redoBytes({
    frame,
    ...(hasChanged && { groups }),
    ...(goneGroups.length > 0 && { goneGroups }),
    ...(slices && { slices }),
    ...(own && { own }),
  })
  if (bytes.length * 2 > last.snapshotSizeBytes) return whole(input, snapshot)
  const { snapshotSizeBytes } = last
  return {
    save: 'redo',
    bytes,
    marks: { groups: digests, frame: frameText, slices: [...input.slices], own: input.own, snapshotSizeBytes },
  }
}

/** Marks of a session that was just loaded, so that its next step can write a redo record. */
export function marksOf(
  saved: SavedSession,
  slices: readonly unknown[],
  own: SavedOwn,
  snapshotSizeBytes: number,
): SavedMarks {
  return {
    groups: digestsOf(saved.snapshot),
    frame: JSON.stringify(saved.snapshot.frame),
    slices: [...slices],
    own,
    snapshotSizeBytes,
  }
}

function whole(input: SaveInput, snapshot: SessionSnapshot): Saving {
  const slices: Record<string, unknown> = {}
  for (const [index, name] of input.moduleNames.entries()) slices[name] = input.slices[index]
  const saved: SavedSession = { snapshot, slices, own: input.own }
  const bytes = snapshotBytes(saved)
  return { save: 'snapshot', bytes, marks: marksOf(saved, input.slices, input.own, bytes.length) }
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

function digestsOf(snapshot: SessionSnapshot): Map<string, string> {
  return new Map(Object.entries(snapshot.scope.groups).map(([key, text]) => [key, digestOf(text)]))
}

/** Short texts stand for themselves. */
function digestOf(text: string): string {
  return text.length <= 64 ? text : hash('sha256', text, 'base64')
}
