import type { Module } from '@segue/runtime'
import { overwriteTypes } from '../route-types.ts'
import { moduleWithoutActions } from '../without-actions.ts'

/** Root `_genesys.voice`: a second place of the override enumeration, which libraries read when they load. */
export const voiceModule: Module<null> = moduleWithoutActions('voice', {
  constants: { overwriteType: overwriteTypes },
  hasNamespace: false,
})
