import type { Chart } from '@segue/scxml'
import { positionAt } from '@segue/scxml'
import type { ChartCoverage } from '../coverage/chart-coverage.ts'
import { testFault } from '../errors.ts'
import type { TestFaultCode } from '../errors.ts'
import { CheckFailed, checkStep } from './check-step.ts'
import type { Difference } from './check-step.ts'
import { durationForPeople } from './duration.ts'
import { givenWorld } from './given-world.ts'
import type { WorldSettings } from './given-world.ts'
import { epochMsOf } from './instant.ts'
import { plainText } from './plain-text.ts'
import { performStep } from './perform-step.ts'
import type { Place, Scenario, Step } from './scenario.ts'
import { scriptTools } from './script-scenario.ts'
import { filledIn, mark, StepFailure } from './stage.ts'
import type { Stage } from './stage.ts'
import { storySoFar } from './story-text.ts'
import type { StoryLine } from './story-text.ts'
import type { When } from './step-schema.ts'

/** How scenarios are run. */
export interface RunSettings extends WorldSettings {
  /** Real time that one scenario may take. Default 30. */
  readonly timeoutS?: number
  /** Collects what the sessions of the scenario cover. */
  readonly coverage?: ChartCoverage
}

/** Why a scenario has failed. */
export interface ScenarioFailure {
  readonly code: TestFaultCode
  readonly message: string
  readonly hint: string
  /** Of the step that failed, or of the scenario. */
  readonly place: Place
  readonly differences: readonly Difference[]
  readonly story: readonly StoryLine[]
  /** Lines of the story before these. */
  readonly storyLeft: number
}

/** What came of a scenario. */
export interface ScenarioResult {
  readonly scenario: Scenario
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly failure: ScenarioFailure | undefined
  /** Real time. */
  readonly durationMs: number
  /** Virtual time that has passed. */
  readonly virtualMs: number
}

const DEFAULT_TIMEOUT_S = 30
const MAX_STEP_TEXT = 200
const KIND_NAMES: Readonly<Record<string, string>> = { errors: 'error', incidents: 'incident', requests: 'request' }

/** Runs a scenario in a world of its own. Never rejects: whatever goes wrong is the failure of the scenario. */
export async function runScenario(scenario: Scenario, settings: RunSettings = {}): Promise<ScenarioResult> {
  if (scenario.skip !== undefined)
    return { scenario, outcome: 'skipped', failure: undefined, durationMs: 0, virtualMs: 0 }
  const began = performance.now()
  const { timeoutS = DEFAULT_TIMEOUT_S } = settings
  const running: Running = { stage: undefined, place: scenario.place }
  let alarm: ReturnType<typeof setTimeout> | undefined
  const overdue = new Promise<ScenarioFailure>((resolve) => {
    alarm = setTimeout(() => resolve(failureOf(running, 'SEG-TEST-009', { limitS: timeoutS })), timeoutS * 1000)
  })
  const failure = await Promise.race([play(scenario, settings, running), overdue])
  clearTimeout(alarm)
  const { stage } = running
  const virtualMs = stage === undefined ? 0 : stage.world.nowMs - stage.startedAtEpochMs
  // A scenario that hangs is left alone; its world is ended as far as it can be.
  await Promise.race([stage?.world[Symbol.asyncDispose](), afterMs(2_000)])
  const durationMs = Math.round(performance.now() - began)
  return { scenario, outcome: failure === undefined ? 'passed' : 'failed', failure, durationMs, virtualMs }
}

/** Where a running scenario stands. */
interface Running {
  stage: Stage | undefined
  place: Place
}

async function play(scenario: Scenario, settings: RunSettings, running: Running): Promise<ScenarioFailure | undefined> {
  const { folder, given } = scenario
  let stage: Stage
  try {
    const world = await givenWorld(folder, given, settings)
    stage = {
      world,
      folder,
      zone: given.zone ?? 'UTC',
      startedAtEpochMs: given.time === undefined ? world.nowMs : epochMsOf(given.time, given.zone ?? 'UTC'),
      names: new Map(),
      marks: [],
      changed: { lists: given.lists ?? {}, configuration: given.configuration ?? {} },
      allowed: new Set(scenario.allow.map((kind) => KIND_NAMES[kind] ?? kind)),
    }
    running.stage = stage
  } catch (error) {
    return failureOf(running, 'SEG-TEST-008', { reason: messageOf(error) })
  }
  const failure = await playSteps(scenario, stage, running)
  if (settings.coverage !== undefined) await handOver(stage, settings.coverage)
  return failure
}

async function playSteps(scenario: Scenario, stage: Stage, running: Running): Promise<ScenarioFailure | undefined> {
  for (const step of scenario.steps) {
    running.place = step.place
    const failure = await playStep(step, stage, running)
    if (failure !== undefined) return failure
  }
  running.place = scenario.place
  if (scenario.run !== undefined) {
    try {
      await scenario.run(scriptTools(stage))
    } catch (error) {
      return scriptFailure(error, running)
    }
  }
  await stage.world.settle()
  const found = stage.world.unexpected().find(({ kind }) => !stage.allowed.has(kind))
  if (found === undefined) return undefined
  const kind = Object.entries(KIND_NAMES).find(([, name]) => name === found.kind)?.[0] ?? found.kind
  return failureOf(running, 'SEG-TEST-012', { what: found.text, kind })
}

async function playStep(step: Step, stage: Stage, running: Running): Promise<ScenarioFailure | undefined> {
  mark(stage, stepText(step))
  if (step.kind === 'note') return undefined
  try {
    if (step.kind === 'when') {
      const value = step.value[step.key]
      // Filling in changes texts only, never the form.
      if (value !== undefined)
        await performStep(stage, step.key, (await filledIn(stage, value)) as NonNullable<When[typeof step.key]>)
      return undefined
    }
    const value = (await filledIn(stage, step.value)) as typeof step.value
    const differences = await checkStep(stage, step.keys, value)
    const [first] = differences
    return first === undefined
      ? undefined
      : failureOf(running, 'SEG-TEST-010', { what: `"${first.what}"` }, differences)
  } catch (error) {
    const suggestion = error instanceof StepFailure ? error.hint : 'look at the story so far'
    return failureOf(running, 'SEG-TEST-011', { reason: messageOf(error), suggestion })
  }
}

/** What a scenario has covered, also of one that failed; applications that it did not start are known by it. */
async function handOver({ world }: Stage, coverage: ChartCoverage): Promise<void> {
  const charts = new Map<string, Chart>()
  const chartAt = async (url: string): Promise<Chart | undefined> => {
    try {
      const chart = charts.get(url) ?? (await world.chart(url))
      charts.set(url, chart)
      return chart
    } catch {
      // Content of an invocation has no address that it could be loaded from.
      return undefined
    }
  }
  for (const url of world.applicationUrls()) {
    const chart = coverage.isKnown(url) ? undefined : await chartAt(url)
    if (chart !== undefined) coverage.know(url, chart)
  }
  for (const id of await world.sessionIds()) {
    const session = await world.session(id)
    const chart = await chartAt(session.url)
    if (chart !== undefined) coverage.add(session, chart)
  }
}

function stepText(step: Step): string {
  if (step.kind === 'note') return `note  ${step.text}`
  if (step.kind === 'then') {
    return short(`then  ${step.keys.map((key) => `${key}: ${plainText(step.value[key])}`).join(', ')}`)
  }
  const value = step.value[step.key]
  const isTime = typeof value === 'number' && step.key === 'wait'
  return short(`when  ${step.key}: ${isTime ? durationForPeople(value) : plainText(value)}`)
}

function short(text: string): string {
  return text.length > MAX_STEP_TEXT ? `${text.slice(0, MAX_STEP_TEXT)}…` : text
}

function scriptFailure(error: unknown, running: Running): ScenarioFailure {
  if (error instanceof CheckFailed) {
    const [first] = error.differences
    return failureOf(running, 'SEG-TEST-010', { what: `"${first?.what ?? ''}"` }, error.differences)
  }
  if (error instanceof StepFailure)
    return failureOf(running, 'SEG-TEST-011', { reason: error.message, suggestion: error.hint })
  const isAssertion = error instanceof Error && 'expected' in error && 'actual' in error
  const difference = isAssertion ? [{ what: 'the assertion', expected: error.expected, seen: error.actual }] : []
  return failureOf(running, 'SEG-TEST-011', { reason: messageOf(error), suggestion: placeInScript(error) }, difference)
}

function placeInScript(error: unknown): string {
  const line = error instanceof Error ? /\(?(file:[^\s()]+:\d+:\d+)\)?/.exec(error.stack ?? '')?.[1] : undefined
  return line === undefined ? 'look at the story so far' : `thrown at ${line.replace(/\?v=\d+/, '')}`
}

function failureOf(
  { place, stage }: Running,
  code: TestFaultCode,
  parameters: Readonly<Record<string, string | number>>,
  differences: readonly Difference[] = [],
): ScenarioFailure {
  const { left, lines } = stage === undefined ? { lines: [], left: 0 } : storySoFar(stage)
  return { code, ...testFault(code, parameters), place, differences, story: lines, storyLeft: left }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function afterMs(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs).unref()
  })
}

/** `file:line:column` of a place; the path relative to `base`. */
export function placeText({ source, start }: Place, base: string): string {
  const { column, line } = positionAt(source, start)
  const path = source.url.startsWith('file://') ? decodeURI(source.url.slice('file://'.length)) : source.url
  return `${path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path}:${line}:${column}`
}
