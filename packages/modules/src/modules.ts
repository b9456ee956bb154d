import type { Module } from '@segue/runtime'
import type { ElementNamespace } from '@segue/scxml'
import { dialogModule } from './dialog/index.ts'
import { interactionModule } from './interaction/index.ts'
import { queueModule } from './queue/index.ts'
import { resourceModule } from './resource/index.ts'
import { sessionModule } from './session/index.ts'
import { statisticModule } from './statistic/index.ts'
import { voiceModule } from './voice/index.ts'
import { moduleWithoutActions } from './without-actions.ts'
import { wsModule } from './ws/index.ts'

/** Every extension module, in the order of the reference. Adding one is one line here. */
export const allModules: readonly Module[] = [
  sessionModule,
  wsModule,
  interactionModule,
  queueModule,
  dialogModule,
  statisticModule,
  resourceModule,
  voiceModule,
  moduleWithoutActions('classification'),
  moduleWithoutActions('elasticconnector'),
  moduleWithoutActions('agent'),
]

/** Namespaces that a document may bind, for the reader and the checker. */
export const elementNamespaces: readonly ElementNamespace[] = allModules
  .map(({ namespace }) => namespace)
  .filter(({ uris }) => uris.length > 0)
