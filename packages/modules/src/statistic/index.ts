import type { Module } from '@segue/runtime'
import { moduleWithoutActions } from '../without-actions.ts'
import { statisticFunctions } from './functions.ts'

/** Root `_genesys.statistic`. Its actions are not there yet; functions in `functions.ts`. Spec: statistic §2. */
export const statisticModule: Module<null> = moduleWithoutActions('statistic', { functions: statisticFunctions })
