import type { Module, ModuleFunction, ShardQuestion } from '@segue/runtime'

/** Values of statistics by object, then by statistic. The object may be named with or without `@StatServer.TYPE`. */
export type StatisticValues = Readonly<Record<string, Readonly<Record<string, number>>>>

/** Statistics that a test sets. */
export interface StatisticsTable {
  set(object: string, statistic: string, value: number): void
  /** What was set of the statistic that a script asks for; `undefined`: nothing, or the question is another one. */
  answer(question: ShardQuestion): number | undefined
  /** The modules with functions of `_genesys.statistic` that give what was set, and else what they gave before. */
  over(modules: readonly Module[]): readonly Module[]
}

/** Makes a table of statistics for scripts; routing goes on with its own figures. */
export function statisticsTable(initial: StatisticValues = {}): StatisticsTable {
  const values = new Map<string, number>()
  const table: StatisticsTable = {
    set(object, statistic, value) {
      values.set(keyOf(object, statistic), value)
    },
    answer({ about, function: name }) {
      if (name !== 'statistic.sData' || typeof about !== 'object' || about === null) return undefined
      return valueOf(Reflect.get(about, 'object'), statisticName(Reflect.get(about, 'statistic')))
    },
    over: (modules) => modules.map((module) => (module.name === 'statistic' ? overModule(module) : module)),
  }
  for (const [object, statistics] of Object.entries(initial))
    for (const [statistic, value] of Object.entries(statistics)) table.set(object, statistic, value)

  function valueOf(object: unknown, statistic: string): number | undefined {
    if (typeof object !== 'string') return undefined
    return values.get(keyOf(object, statistic)) ?? values.get(keyOf(object.split('@')[0] ?? '', statistic))
  }

  function overFunction(own: ModuleFunction<unknown>): ModuleFunction<unknown> {
    const fold = FOLDS[own.name]
    if (own.kind !== 'read' || own.root !== 'statistic' || fold === undefined) return own
    return {
      ...own,
      call(args, slice, context) {
        const otherwise = own.call(args, slice, context)
        const [objects, statistic] = args
        const known = (Array.isArray(objects) ? (objects as readonly unknown[]) : [objects]).flatMap(
          (object) => valueOf(object, statisticName(statistic)) ?? [],
        )
        return known.length === 0 ? otherwise : fold(known)
      },
    }
  }

  function overModule(module: Module): Module {
    return { ...module, functions: module.functions.map(overFunction) }
  }

  return table
}

const FOLDS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  getAvgData: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  getMinData: (values) => Math.min(...values),
  getMaxData: (values) => Math.max(...values),
}

/** A statistic is named, or defined by an object that has a name. */
function statisticName(statistic: unknown): string {
  if (typeof statistic === 'string') return statistic
  if (typeof statistic !== 'object' || statistic === null) return ''
  return String(Reflect.get(statistic, 'name') ?? '')
}

function keyOf(object: string, statistic: string): string {
  return JSON.stringify([object, statistic])
}
