import type { ModuleFunction } from '@segue/runtime'
import { textArgument, wrongArgument } from '../function-arguments.ts'
import { isRecord } from '../values.ts'

/**
 * Functions of `_genesys.statistic`. Statistics do not reach scripts yet: each function gives the documented value of a
 * statistic that is not known, 0. Arguments are checked, so that a mistake shows all the same.
 * Spec: statistic §2, §2.1.
 */
export const statisticFunctions: readonly ModuleFunction<null>[] = [
  unknownYet('sData', 'Value of a statistic of an object.'),
  unknownYet('getAvgData', 'Average of a statistic over objects.'),
  unknownYet('getMinData', 'Smallest value of a statistic over objects.'),
  unknownYet('getMaxData', 'Greatest value of a statistic over objects.'),
]

function unknownYet(name: string, doc: string): ModuleFunction<null> {
  return {
    kind: 'read',
    root: 'statistic',
    name,
    doc: `${doc} 0 while it is not known, which today is always.`,
    call(args) {
      const called = `_genesys.statistic.${name}`
      const isList = name !== 'sData' && Array.isArray(args[0])
      if (!isList) textArgument(args, { name: called, index: 0, argument: 'object' })
      const isDefinition = isRecord(args[1])
      if (!isDefinition && typeof args[1] !== 'string')
        throw wrongArgument(args[1], { name: called, index: 1, argument: 'statistic' }, 'a name or a definition')
      return 0
    },
  }
}
