import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Realm } from '@segue/scxml'
import { BasicHttpServer } from './basic-http-server.ts'
import { findScionTests, findW3cTests } from './find-tests.ts'
import type { FoundTest } from './find-tests.ts'
import { manualChecks } from './manual-checks.ts'
import type { ClockKind } from './passage.ts'
import { failure } from './result.ts'
import type { ConformanceResult, Verdict } from './result.ts'
import { openTest } from './run-test.ts'
import type { TestSurroundings } from './run-test.ts'
import { WorldStopped } from './session-world.ts'
import { parseScionScript, runScionTest } from './run-scion-test.ts'
import { runW3cTest } from './run-w3c-test.ts'

/** Suites that can be run. */
export type SuiteKind = 'w3c' | 'scion'

/** How a suite is run. */
export interface SuiteOptions {
  readonly kind: SuiteKind
  /** Searched with everything below it. */
  readonly folder: string
  /** When absent: real time for documents that use HTTP, virtual time for all others. */
  readonly clock?: ClockKind
  /** Tests that run at the same time. Default: 8. */
  readonly concurrency?: number
  /** How long one test may take. Default: 35. */
  readonly limitS?: number
  /** Where scripts run. Default: a context of its own for each document. */
  readonly realm?: () => Realm
  /** Hears of each result as it comes, and of how many tests there are. */
  readonly onResult?: (result: ConformanceResult, testCount: number) => void
}

const defaultLimitS = 35
const defaultConcurrency = 8

/**
 * Runs every test of a suite with the real engine. Whatever a test does, it gives a result.
 *
 * Order: by name, whatever ended first. Errors: rejects when the folder cannot be read.
 */
export async function runSuite(options: SuiteOptions): Promise<readonly ConformanceResult[]> {
  const folder = resolve(options.folder)
  const tests = options.kind === 'w3c' ? findW3cTests(folder) : findScionTests(folder)
  await using http = await BasicHttpServer.start()
  const surroundings: TestSurroundings = {
    http,
    folder,
    limitS: options.limitS ?? defaultLimitS,
    ...(options.realm !== undefined && { realm: options.realm }),
  }
  const results: ConformanceResult[] = []
  const waiting = tests.entries()
  const worker = async (): Promise<void> => {
    for (const [position, test] of waiting) {
      const result = await runOne(test, options, surroundings)
      results[position] = result
      options.onResult?.(result, tests.length)
    }
  }
  await Promise.all(Array.from({ length: options.concurrency ?? defaultConcurrency }, worker))
  return results
}

async function runOne(
  test: FoundTest,
  options: SuiteOptions,
  surroundings: TestSurroundings,
): Promise<ConformanceResult> {
  const startedMs = performance.now()
  const verdict = await verdictOf(test, options, surroundings).catch((error: unknown) => failure(failureText(error)))
  const ms = Math.round(performance.now() - startedMs)
  const { name } = test
  return verdict === undefined ? { name, result: 'pass', ms } : { name, result: 'fail', reason: verdict.reason, ms }
}

async function verdictOf(
  { path }: FoundTest,
  { clock, kind }: SuiteOptions,
  surroundings: TestSurroundings,
): Promise<Verdict> {
  const url = pathToFileURL(path).href
  const manual = kind === 'w3c' ? manualChecks[basename(path).replace(/^test|\.scxml$/g, '')] : undefined
  const isMade = !existsSync(path) && manual?.document !== undefined
  const text = isMade ? (manual.document ?? '') : readFileSync(path, 'utf8')
  const usesHttp = /basichttp/i.test(text)
  const texts = new Map(isMade ? [[url, text]] : [])
  await using run = openTest(surroundings, clock ?? (usesHttp ? 'real' : 'virtual'), texts)
  if (kind === 'w3c') return await runW3cTest(run, url, surroundings.limitS * 1000, manual)
  return await runScionTest(run, url, parseScionScript(readFileSync(path.replace(/\.scxml$/, '.json'), 'utf8')))
}

function failureText(error: unknown): string {
  if (!(error instanceof Error)) return `unexpected failure: ${String(error)}`
  const isExpected = error instanceof WorldStopped || ('code' in error && typeof error.code === 'string')
  return isExpected ? error.message : `unexpected failure: ${error.message}`
}
