import { existsSync, watch } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { cwd } from 'node:process'
import { pathToFileURL } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import type {
  ApplicationCoverage,
  ChartCoverage,
  RunSettings,
  Scenario,
  ScenarioFile,
  ScenarioResult,
} from '@segue/testing'
import {
  chartCoverage,
  coveragePages,
  coverageText,
  failureText,
  jsonResult,
  junitReport,
  lcovReport,
  loadScenarios,
  percentOf,
  runScenario,
  scenarioFilesIn,
  sharesOf,
  testFault,
} from '@segue/testing'
import { diagnosticText } from '../document-text.ts'
import { CommandFailure, EXIT } from '../exit-codes.ts'
import { interrupted } from '../interrupted.ts'
import type { Output } from '../output.ts'

interface TestOptions {
  readonly grep?: RegExp
  readonly skip?: RegExp
  readonly watch?: boolean
  readonly junit?: string
  readonly json?: boolean
  readonly restartAfterEachEvent?: boolean
  readonly seed?: number
  readonly timeout: number
  readonly coverage?: boolean
  readonly lcov?: string
  readonly html?: string
  readonly minTransitions?: number
}

/** Changes of one save come together. */
const SETTLE_MS = 200

/** `segue test`: runs scenario files against their applications. */
export function testCommand(output: Output): Command {
  return new Command('test')
    .description('runs scenario files against their applications, on virtual time')
    .argument('[paths...]', 'folders or scenario files (*.scenario.yaml, *.scenario.mjs, *.scenario.ts)', ['.'])
    .option('--grep <pattern>', 'only scenarios whose name, tag or file fits', pattern)
    .option('--skip <pattern>', 'not the scenarios whose name, tag or file fits', pattern)
    .option('--watch', 'run again whenever a file of the application changes')
    .option('--restart-after-each-event', 'stop the server and load everything again after everything that happens')
    .option('--seed <n>', 'seed of ids and random numbers, for all scenarios', wholeNumber)
    .option('--timeout <seconds>', 'real time that one scenario may take', positive, 30)
    .option('--coverage', 'tell what of the charts was covered, and what was not')
    .option('--lcov <file>', 'write the coverage in the format of LCOV')
    .option('--html <folder>', 'write pages with each chart and its coverage')
    .option('--min-transitions <percent>', 'fewer covered transitions of an application are a failure', percentage)
    .option('--junit <file>', 'write a JUnit report')
    .option('--json', 'print results as JSON')
    .addHelpText(
      'before',
      `Examples:
  segue test examples/business-hours
  segue test --grep holiday --watch
  segue test --junit report.xml --restart-after-each-event
  segue test --coverage --html coverage --min-transitions 90
`,
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 all passed, 1 a scenario failed, 2 usage or nothing to run, 3 a scenario file has errors. Too few covered\ntransitions are a failure as well.\n',
    )
    .action(async (paths: string[], options: TestOptions) => {
      if (options.watch === true) await watching(paths, options, output)
      else await runOnce(paths, options, output)
    })
}

async function runOnce(
  paths: readonly string[],
  options: TestOptions,
  output: Output,
): Promise<readonly ScenarioFile[]> {
  const files = await Promise.all(filesIn(paths).map(loadScenarios))
  const findings = files.flatMap((file) => file.findings)
  for (const finding of findings) output.note(`${diagnosticText(finding, output)}\n`)
  const chosen = files.flatMap(({ scenarios }) => scenarios.filter((one) => isChosen(one, options)))
  if (chosen.length === 0 && findings.length === 0) {
    throw new CommandFailure(EXIT.usage, 'no scenario fits', 'look at the patterns behind --grep and --skip')
  }
  const coverage = chartCoverage()
  const results = await runAll(chosen, { options, output, coverage })
  await report(results, options, output)
  const isCovered = await reportCoverage(coverage.applications(), options, output)
  if (findings.length > 0) throw new CommandFailure(EXIT.configuration, '')
  if (!isCovered || results.some(({ outcome }) => outcome === 'failed')) throw new CommandFailure(EXIT.findings, '')
  return files
}

interface Run {
  readonly options: TestOptions
  readonly output: Output
  readonly coverage: ChartCoverage
}

async function runAll(
  scenarios: readonly Scenario[],
  { coverage, options, output }: Run,
): Promise<readonly ScenarioResult[]> {
  const settings: RunSettings = {
    timeoutS: options.timeout,
    ...(wantsCoverage(options) && { coverage }),
    ...(options.seed !== undefined && { seed: options.seed }),
    ...(options.restartAfterEachEvent === true && { restartAfterEachEvent: true }),
  }
  const results: ScenarioResult[] = []
  let file = ''
  for (const [index, scenario] of scenarios.entries()) {
    if (output.isTerminal) output.status(`${index + 1}/${scenarios.length} ${scenario.name}`)
    const result = await runScenario(scenario, settings)
    results.push(result)
    if (options.json === true) continue
    if (scenario.file !== file) output.result(paint(output, shortPath(scenario.file), 'bold'))
    file = scenario.file
    showResult(result, output)
  }
  return results
}

function showResult({ durationMs, failure, outcome, scenario }: ScenarioResult, output: Output): void {
  const { name, skip } = scenario
  if (outcome === 'skipped')
    output.result(`  ${paint(output, '-', 'dim')} ${name} ${paint(output, `(not run: ${skip ?? ''})`, 'dim')}`)
  else if (failure === undefined)
    output.result(`  ${paint(output, '✓', 'good')} ${name} ${paint(output, `(${durationMs} ms)`, 'dim')}`)
  else {
    output.result(`  ${paint(output, '✗', 'error')} ${name}`)
    const lines = failureText(failure, cwd(), (text, style) => paint(output, text, style))
    for (const line of lines) output.result(`    ${line}`)
  }
}

async function report(results: readonly ScenarioResult[], options: TestOptions, output: Output): Promise<void> {
  if (options.junit !== undefined) await writeText(options.junit, junitReport(results, cwd()))
  const of = (outcome: ScenarioResult['outcome']): number => results.filter((one) => one.outcome === outcome).length
  const [passed, failed, skipped] = [of('passed'), of('failed'), of('skipped')]
  if (options.json === true) {
    output.result(JSON.stringify({ passed, failed, skipped, results: results.map(jsonResult) }, undefined, 2))
  }
  const seconds = results.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000
  const parts = [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} not run`] : [])]
  output.note(`${parts.join(', ')} in ${seconds.toFixed(1)} s`)
}

function wantsCoverage({ coverage, html, lcov, minTransitions }: TestOptions): boolean {
  return coverage === true || html !== undefined || lcov !== undefined || minTransitions !== undefined
}

/** `false`: less is covered than is wanted. */
async function reportCoverage(
  applications: readonly ApplicationCoverage[],
  { coverage, html, json, lcov, minTransitions: least }: TestOptions,
  output: Output,
): Promise<boolean> {
  const base = pathToFileURL(cwd()).href
  if (coverage === true)
    for (const line of coverageText(applications)) (json === true ? output.note : output.result)(line)
  if (lcov !== undefined) await writeText(lcov, lcovReport(applications))
  if (html !== undefined) {
    for (const { file, text } of await coveragePages(applications, base)) await writeText(join(html, file), text)
    output.note(`wrote ${join(html, 'index.html')}`)
  }
  if (least === undefined) return true
  const poor = applications.filter((one) => percentOf(sharesOf(one).transitions) < least)
  for (const application of poor) {
    const percent = percentOf(sharesOf(application).transitions)
    const { hint, message } = testFault('SEG-TEST-014', { percent, application: application.name, least })
    output.note(`SEG-TEST-014 ${message}\nhint: ${hint}`)
  }
  if (applications.length === 0) output.note('no session has run: nothing is covered')
  return poor.length === 0 && applications.length > 0
}

/** Runs until Ctrl-C; a failure is told and waits for the next change. */
async function watching(paths: readonly string[], options: TestOptions, output: Output): Promise<void> {
  const folders = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const watchers: { close(): void }[] = []
  const runAgain = async (): Promise<void> => {
    try {
      await runOnce(paths, options, output)
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      if (error.message !== '') output.note(error.message)
    }
    for (const folder of await watchedFolders(paths)) {
      if (folders.has(folder)) continue
      folders.add(folder)
      watchers.push(watch(folder, { recursive: true }, (_event, name) => changed(folder, name)))
    }
    output.note(`watching ${[...folders].map(shortPath).join(', ')}`)
  }
  const changed = (folder: string, name: string | null): void => {
    if (
      name !== null &&
      (/(^|[\\/])(node_modules|dist|\.[^\\/]*)([\\/]|$)/.test(name) || isOwnOutput(resolve(folder, name), options))
    )
      return
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running.then(runAgain).catch((error: unknown) => output.note(String(error)))
    }, SETTLE_MS)
  }
  await runAgain()
  await interrupted()
  clearTimeout(timer)
  for (const watcher of watchers) watcher.close()
  await running
}

/** Scenario files and their applications; a folder inside of another one is watched with it. */
async function watchedFolders(paths: readonly string[]): Promise<readonly string[]> {
  const files = await Promise.all(filesIn(paths).map(loadScenarios))
  const folders = [
    ...paths.map((path) => (/\.scenario\.\w+$/.test(path) ? dirname(resolve(path)) : resolve(path))),
    ...files.flatMap(({ scenarios }) => scenarios.map(({ folder }) => folder)),
  ]
  return [...new Set(folders)].filter((folder) => !folders.some((other) => folder.startsWith(`${other}/`)))
}

function isOwnOutput(path: string, { html, junit, lcov }: TestOptions): boolean {
  return [html, junit, lcov].some((own) => own !== undefined && `${path}/`.startsWith(`${resolve(own)}/`))
}

function filesIn(paths: readonly string[]): readonly string[] {
  const files: string[] = []
  for (const path of paths) {
    if (!existsSync(path)) throw new CommandFailure(EXIT.usage, `there is no file or folder "${path}"`)
    const found = scenarioFilesIn(path)
    if (found.length === 0) {
      const { hint, message } = testFault('SEG-TEST-015', { folder: path })
      throw new CommandFailure(EXIT.usage, `SEG-TEST-015 ${message}`, hint)
    }
    files.push(...found)
  }
  return [...new Set(files)]
}

function isChosen({ file, name, tags }: Scenario, { grep, skip }: TestOptions): boolean {
  const fits = (pattern: RegExp): boolean => [name, shortPath(file), ...tags].some((text) => pattern.test(text))
  return (grep === undefined || fits(grep)) && (skip === undefined || !fits(skip))
}

async function writeText(file: string, text: string): Promise<void> {
  await mkdir(dirname(resolve(file)), { recursive: true })
  await writeFile(file, text)
}

function shortPath(path: string): string {
  return path.startsWith(`${cwd()}/`) ? path.slice(cwd().length + 1) : path
}

const STYLES = { bold: '1', dim: '2', error: '31', good: '32' } as const

function paint(output: Output, text: string, style: keyof typeof STYLES): string {
  return output.color ? `\u001B[${STYLES[style]}m${text}\u001B[0m` : text
}

function pattern(word: string): RegExp {
  try {
    return new RegExp(word, 'i')
  } catch {
    throw new InvalidArgumentError('must be a regular expression')
  }
}

function wholeNumber(word: string): number {
  if (!/^\d{1,9}$/.test(word)) throw new InvalidArgumentError('must be a whole number, 0 or more')
  return Number(word)
}

function percentage(word: string): number {
  const value = Number(word)
  if (word.trim() === '' || !(value >= 0 && value <= 100))
    throw new InvalidArgumentError('must be a number from 0 to 100')
  return value
}

function positive(word: string): number {
  const value = Number(word)
  if (!(value > 0) || value > 86_400) throw new InvalidArgumentError('must be a number of seconds above 0')
  return value
}
