// Answers of all processes as one table of medians.
import { summary } from './statistics.mjs'

/** Nested by kind: throughput → workload → engine, idle → document → sessions → engine, and so on. */
export function combine(plan, answers) {
  const results = { throughput: {}, idle: {}, loading: {}, scaling: {}, takingTurns: {} }
  for (const { key, task } of plan) {
    const list = answers.get(key)
    switch (task.kind) {
      case 'throughput':
        place(results.throughput, [task.workload, task.engine], throughputOf(list))
        break
      case 'idle':
        place(results.idle, [task.document, String(task.sessions), task.engine], membersOf(list))
        break
      case 'loading':
        place(results.loading, [task.document, task.engine], loadingOf(list))
        break
      default:
        results[task.kind][task.engine] = list[0]
    }
  }
  return results
}

function throughputOf(list) {
  const snapshots = list.flatMap(({ snapshot }) => snapshot ?? [])
  return {
    perSecond: summary(list.map(({ perSecond }) => perSecond)),
    perCpuSecond: summary(list.map(({ perCpuSecond }) => perCpuSecond)),
    ...(snapshots.length > 0 && { snapshot: membersOf(snapshots) }),
  }
}

/** The first repetitions of each process warm it up. */
function loadingOf(list) {
  const warm = (times) => summary(times.flatMap((list) => list.slice(list.length >> 1)))
  return {
    sizeBytes: list[0].sizeBytes,
    coldMs: summary(list.map(({ elapsedMs }) => elapsedMs[0])),
    warmMs: warm(list.map(({ elapsedMs }) => elapsedMs)),
    warmCpuMs: warm(list.map(({ cpuMs }) => cpuMs)),
  }
}

function membersOf(list) {
  return Object.fromEntries(Object.keys(list[0]).map((key) => [key, summary(list.map((answer) => answer[key]))]))
}

function place(target, [name, ...rest], value) {
  if (rest.length === 0) target[name] = value
  else place((target[name] ??= {}), rest, value)
}
