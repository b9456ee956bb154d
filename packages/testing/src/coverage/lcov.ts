import { fileURLToPath } from 'node:url'
import type { ApplicationCoverage, TransitionRow } from './chart-coverage.ts'

/**
 * Coverage in the format of LCOV, for tools that draw it beside the source: states as functions, transitions as lines,
 * the two ways of each guard as branches.
 */
export function lcovReport(applications: readonly ApplicationCoverage[]): string {
  const files = new Map<string, FileRecord>()
  const of = (url: string): FileRecord => {
    const record = files.get(url) ?? { functions: [], lines: new Map(), branches: [] }
    files.set(url, record)
    return record
  }
  for (const { states, transitions } of applications) {
    for (const { entered, state } of states) {
      const record = of(state.place.url)
      record.functions.push({ name: state.id, line: state.place.line, count: entered })
      addLine(record, state.place.line, entered)
    }
    for (const row of transitions) addTransition(of(row.transition.place.url), row)
  }
  return [...files].map(([url, record]) => recordText(url, record)).join('')
}

interface FileRecord {
  readonly functions: { readonly name: string; readonly line: number; readonly count: number }[]
  readonly lines: Map<number, number>
  readonly branches: {
    readonly line: number
    readonly block: number
    readonly branch: number
    readonly count: number
  }[]
}

function addTransition(record: FileRecord, { guard, taken, transition }: TransitionRow): void {
  const { line } = transition.place
  addLine(record, line, taken)
  if (guard === undefined) return
  const block = transition.index
  record.branches.push(
    { line, block, branch: 0, count: guard.wasTrue },
    { line, block, branch: 1, count: guard.wasFalse },
  )
}

function addLine({ lines }: FileRecord, line: number, count: number): void {
  lines.set(line, (lines.get(line) ?? 0) + count)
}

function recordText(url: string, { branches, functions, lines }: FileRecord): string {
  const sorted = [...lines].toSorted(([one], [other]) => one - other)
  const taken = (block: number): boolean => branches.some((one) => one.block === block && one.count > 0)
  const text = [
    'TN:',
    `SF:${url.startsWith('file:') ? fileURLToPath(url) : url}`,
    ...functions.map(({ line, name }) => `FN:${line},${name}`),
    ...functions.map(({ count, name }) => `FNDA:${count},${name}`),
    `FNF:${functions.length}`,
    `FNH:${functions.filter(({ count }) => count > 0).length}`,
    ...branches.map(
      ({ block, branch, count, line }) => `BRDA:${line},${block},${branch},${taken(block) ? count : '-'}`,
    ),
    `BRF:${branches.length}`,
    `BRH:${branches.filter(({ count }) => count > 0).length}`,
    ...sorted.map(([line, count]) => `DA:${line},${count}`),
    `LF:${sorted.length}`,
    `LH:${sorted.filter(([, count]) => count > 0).length}`,
    'end_of_record',
    '',
  ]
  return text.join('\n')
}
