import type { InteractionView } from '@segue/contact'
import type { ModuleNotice } from '@segue/runtime'
import { isRecord } from '../values.ts'
import type { InteractionSlice } from './slice.ts'

/** Events after which the interaction is no longer the session's, whatever their payload says. */
const losses: ReadonlySet<string> = new Set([
  'interaction.deleted',
  'interaction.notcontrolled',
  'interaction.detach.done',
])

/**
 * Takes an interaction event before the document sees it: the handler of `interaction.added` finds the entry, the
 * handlers of `interaction.deleted` and `interaction.detach.done` no longer do.
 * Spec: interaction-model §2; interaction-events §5, §6.
 */
export function applyInteraction(notice: ModuleNotice, slice: InteractionSlice): InteractionSlice {
  const { payload } = notice
  if (isRecord(payload) && payload['kind'] === 'put' && isView(payload['interaction']))
    return put(slice, payload['interaction'])
  if (isRecord(payload) && payload['kind'] === 'remove') return remove(slice, payload['interactionId'])
  return losses.has(notice.name) ? remove(slice, notice.data['interactionid']) : slice
}

function put(slice: InteractionSlice, view: InteractionView): InteractionSlice {
  const at = slice.interactions.findIndex(({ g_uid: id }) => id === view.g_uid)
  const interactions = at === -1 ? [...slice.interactions, view] : slice.interactions.with(at, view)
  return { ...slice, interactions }
}

function remove(slice: InteractionSlice, interactionId: unknown): InteractionSlice {
  const interactions = slice.interactions.filter(({ g_uid: id }) => id !== interactionId)
  return interactions.length === slice.interactions.length ? slice : { ...slice, interactions }
}

function isView(value: unknown): value is InteractionView {
  return isRecord(value) && typeof value['g_uid'] === 'string' && value['g_uid'] !== ''
}
