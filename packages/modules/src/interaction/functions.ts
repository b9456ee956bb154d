import type { UserDataValue, InteractionView } from '@segue/contact'
import type { ActResult, ModuleFunction } from '@segue/runtime'
import {
  functionFault,
  objectArgument,
  optionalTextArgument,
  textArgument,
  wrongArgument,
} from '../function-arguments.ts'
import { requestToInteraction } from '../messages.ts'
import { isRecord, maxDepth, shown, userDataOf } from '../values.ts'
import { mediaTypes } from './media-types.ts'
import { ownedInteraction } from './slice.ts'
import type { InteractionSlice } from './slice.ts'

const root = 'ixn'

const getMediaIntValue: ModuleFunction<InteractionSlice> = {
  kind: 'read',
  root,
  name: 'getMediaIntValue',
  doc: 'Number of a media type by its name; -1 for a name that is none.',
  call([media]) {
    return typeof media === 'string' && Object.hasOwn(mediaTypes, media) ? mediaTypes[media] : -1
  },
}

const setuData: ModuleFunction<InteractionSlice> = {
  kind: 'act',
  root,
  name: 'setuData',
  doc: 'Adds and overwrites user data; seen when "interaction.udata.changed" arrives.',
  call(args, slice) {
    const name = '_genesys.ixn.setuData'
    const input = objectArgument(args, { name, index: 0, argument: 'input' })
    const interaction = namedInteraction(args, slice, name)
    const put = userDataOf(input)
    return Object.keys(put).length === 0 ? nothing : change(slice, interaction, { put, remove: [] })
  },
}

const deleteuData: ModuleFunction<InteractionSlice> = {
  kind: 'act',
  root,
  name: 'deleteuData',
  doc: 'Deletes the user data that a mask names; without a mask all of it.',
  call(args, slice) {
    const name = '_genesys.ixn.deleteuData'
    const interaction = namedInteraction(args, slice, name)
    const remove = maskedPaths(args[0], interaction, name)
    return remove.length === 0 ? nothing : change(slice, interaction, { put: {}, remove })
  },
}

const getuData: ModuleFunction<InteractionSlice> = {
  kind: 'read',
  root,
  name: 'getuData',
  doc: 'Value of a key of user data; undefined when the key or the interaction is missing.',
  call(args, slice) {
    const name = '_genesys.ixn.getuData'
    const key = textArgument(args, { name, index: 0, argument: 'key' })
    const id = optionalTextArgument(args, { name, index: 1, argument: 'interactionid' })
    const interaction = id === undefined ? slice.interactions[0] : ownedInteraction(slice, id)
    const userData = interaction?.['udata']
    return isRecord(userData) && Object.hasOwn(userData, key) ? userData[key] : undefined
  },
}

/** Functions of `_genesys.ixn`. Spec: interaction-functions §2. */
export const interactionFunctions: readonly ModuleFunction<InteractionSlice>[] = [
  getMediaIntValue,
  setuData,
  deleteuData,
  getuData,
]

const nothing: ActResult<InteractionSlice> = { value: undefined, commands: [] }

function change(
  slice: InteractionSlice,
  interaction: InteractionView,
  { put, remove }: { readonly put: Record<string, UserDataValue>; readonly remove: readonly (readonly string[])[] },
): ActResult<InteractionSlice> {
  const to = { sessionId: slice.sessionId, interactionId: interaction.g_uid }
  return { value: undefined, commands: [requestToInteraction(to, 'once', { kind: 'setUserData', put, remove })] }
}

/** The interaction of the second argument; without one the first of the session. */
function namedInteraction(args: readonly unknown[], slice: InteractionSlice, name: string): InteractionView {
  const id = optionalTextArgument(args, { name, index: 1, argument: 'interactionid' })
  const interaction = id === undefined ? slice.interactions[0] : ownedInteraction(slice, id)
  if (interaction === undefined)
    throw functionFault('SEG-MODULE-009', { name, value: id === undefined ? 'yet' : shown(id) })
  return interaction
}

/** Paths that a deletion mask names: a key with an object goes deeper, any other value ends the path. */
function maskedPaths(mask: unknown, interaction: InteractionView, name: string): readonly (readonly string[])[] {
  if (typeof mask === 'string') return [[mask]]
  if (Array.isArray(mask)) return mask.map((_, index) => [textArgument(mask, { name, index, argument: 'mask' })])
  if (mask !== undefined && mask !== null && !isRecord(mask))
    throw wrongArgument(mask, { name, index: 0, argument: 'mask' }, 'an object, a key or a list of keys')
  if (isRecord(mask) && Object.keys(mask).length > 0) return leafPaths(mask, [])
  const userData = interaction['udata']
  return isRecord(userData) ? Object.keys(userData).map((key) => [key]) : []
}

function leafPaths(mask: Readonly<Record<string, unknown>>, above: readonly string[]): readonly (readonly string[])[] {
  return Object.entries(mask).flatMap(([key, value]) => {
    const path = [...above, key]
    if (path.length > maxDepth) return []
    return isRecord(value) ? leafPaths(value, path) : [path]
  })
}
