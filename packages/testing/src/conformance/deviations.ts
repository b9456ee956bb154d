import type { ConformanceResult } from './result.ts'
import type { SuiteKind } from './run-suite.ts'

/** A test that is known to fail, and why that is right. */
export interface Deviation {
  readonly name: string
  readonly reason: string
  /** Where the recommendation decides. */
  readonly clause: string
}

/** Known failures by suite. */
export type Deviations = Readonly<Record<SuiteKind, readonly Deviation[]>>

/** Results held against the known failures. */
export interface Judgement {
  readonly passed: readonly ConformanceResult[]
  /** Failures that are listed. */
  readonly known: readonly (ConformanceResult & { readonly deviation: Deviation })[]
  readonly failed: readonly ConformanceResult[]
  /** Listed ones that pass: they have to leave the list. */
  readonly stale: readonly ConformanceResult[]
}

/** Reads a list of known failures. Errors: throws when the text is none. */
export function parseDeviations(text: string): Deviations {
  const parsed: unknown = JSON.parse(text)
  const listOf = (kind: SuiteKind): readonly Deviation[] => {
    const list = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
    const found: unknown = list.find(([name]) => name === kind)?.[1]
    if (!Array.isArray(found) || !found.every(isDeviation)) {
      throw new Error(`"${kind}" has to be a list of entries with "name", "reason" and "clause"`)
    }
    return found
  }
  return { w3c: listOf('w3c'), scion: listOf('scion') }
}

/**
 * Holds results against known failures. A part of a suite may be run: an entry is for a test when the path of the
 * test ends with its name.
 */
export function judge(
  results: readonly ConformanceResult[],
  deviations: readonly Deviation[],
  folder: string,
): Judgement {
  const deviationOf = ({ name }: ConformanceResult): Deviation | undefined =>
    deviations.find((entry) => `${folder}/${name}`.replaceAll('\\', '/').endsWith(`/${entry.name}`))
  const failures = results.filter(({ result }) => result === 'fail')
  return {
    passed: results.filter((result) => result.result === 'pass' && deviationOf(result) === undefined),
    known: failures.flatMap((result) => {
      const deviation = deviationOf(result)
      return deviation === undefined ? [] : [{ ...result, deviation }]
    }),
    failed: failures.filter((result) => deviationOf(result) === undefined),
    stale: results.filter((result) => result.result === 'pass' && deviationOf(result) !== undefined),
  }
}

function isDeviation(value: unknown): value is Deviation {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['name', 'reason', 'clause'].every((member) => {
      const text: unknown = Object.getOwnPropertyDescriptor(value, member)?.value
      return typeof text === 'string' && text !== ''
    })
  )
}
