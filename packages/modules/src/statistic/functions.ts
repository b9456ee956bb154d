import type { ModuleFunction } from '@segue/runtime'
import { textArgument, wrongArgument } from '../function-arguments.ts'
import { isRecord } from '../values.ts'

/**
 * Functions of `_genesys.statistic`. `sData` asks the front, which has the figures of agents, agent groups and virtual
 * queues; what is not known is 0, as documented. The others give 0 always, for now. Arguments are checked in any case,
 * so that a mistake shows.
 * Spec: statistic §2, §2.1.
 */
export const statisticFunctions: readonly ModuleFunction<null>[] = [
  {
    kind: 'ask',
    root: 'statistic',
    name: 'sData',
    doc: 'Value of a statistic of an object, at most 0.1 s old. 0 while it is not known.',
    question(args) {
      checkArguments('sData', args)
      return { object: args[0], statistic: args[1] }
    },
    unknownYet: 0,
  },
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
      checkArguments(name, args)
      return 0
    },
  }
}

function checkArguments(name: string, args: readonly unknown[]): void {
  const called = `_genesys.statistic.${name}`
  const isList = name !== 'sData' && Array.isArray(args[0])
  if (!isList) textArgument(args, { name: called, index: 0, argument: 'object' })
  const isDefinition = isRecord(args[1])
  if (!isDefinition && typeof args[1] !== 'string')
    throw wrongArgument(args[1], { name: called, index: 1, argument: 'statistic' }, 'a name or a definition')
}
