import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, Option } from 'commander'
import { judge, parseDeviations, runSuite } from '@segue/testing'
import type { ClockKind, ConformanceResult, Deviation, Judgement, SuiteKind } from '@segue/testing'
import { CommandFailure, EXIT } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { table } from '../output.ts'

interface ConformanceOptions {
  readonly dir: string
  readonly json?: boolean
  readonly clock?: ClockKind
  readonly deviations?: string
}

/** A line of progress that nobody can overwrite comes this seldom. */
const testsPerLine = 50

/** `segue conformance`: runs a folder of conformance tests with the engine. */
export function conformanceCommand(output: Output): Command {
  const command = new Command('conformance')
    .description('runs conformance tests of SCXML processors from a folder')
    .addHelpText(
      'before',
      'Examples:\n  segue conformance w3c --dir conformance/suites/w3c-irp\n  segue conformance scion --dir tests --json\n',
    )
  return command
    .addCommand(suiteCommand(output, 'w3c', 'documents that end in "pass" (W3C implementation report plan)'))
    .addCommand(suiteCommand(output, 'scion', 'documents with a script NAME.json beside them (SCION test framework)'))
}

function suiteCommand(output: Output, kind: SuiteKind, description: string): Command {
  return new Command(kind)
    .description(description)
    .requiredOption('--dir <folder>', 'folder with the tests; searched with everything below it')
    .option('--json', 'print results as JSON')
    .addOption(
      new Option('--clock <kind>', 'time of the tests (default: real for HTTP, virtual for all others)').choices([
        'virtual',
        'real',
      ]),
    )
    .option('--deviations <file>', 'known failures (default: those of Segue itself)')
    .action(async (options: ConformanceOptions) => {
      if (!isFolder(options.dir)) throw new CommandFailure(EXIT.usage, `there is no folder "${options.dir}"`)
      const deviations = deviationsOf(options.deviations, kind)
      const folder = resolve(options.dir)
      let done = 0
      let failures = 0
      const results = await runSuite({
        kind,
        folder,
        ...(options.clock !== undefined && { clock: options.clock }),
        onResult({ result }, testCount) {
          done += 1
          if (result === 'fail') failures += 1
          if (output.isTerminal || done % testsPerLine === 0 || done === testCount)
            output.status(`${done}/${testCount} tests, ${failures} failures`)
        },
      })
      if (results.length === 0) throw new CommandFailure(EXIT.usage, `"${options.dir}" holds no ${kind} tests`)
      const judgement = judge(results, deviations, folder)
      output.result(options.json === true ? JSON.stringify({ tests: results }, undefined, 2) : resultTable(results))
      report(output, judgement)
      if (judgement.failed.length + judgement.stale.length > 0) throw new CommandFailure(EXIT.findings, '')
    })
}

function resultTable(results: readonly ConformanceResult[]): string {
  const rows = results.map(({ ms, name, reason = '', result }) => [name, result, `${ms} ms`, reason])
  return table([['test', 'result', 'time', 'reason'], ...rows])
}

function report(output: Output, { failed, known, passed, stale }: Judgement): void {
  for (const { deviation, name } of known)
    output.note(`${name}: known deviation: ${deviation.reason} (${deviation.clause})`)
  for (const { name } of stale) output.note(`${name} is a known deviation but passes: take it off the list`)
  output.note(`${passed.length + stale.length} passed, ${failed.length} failed, ${known.length} known deviations`)
}

function deviationsOf(file: string | undefined, kind: SuiteKind): readonly Deviation[] {
  const path = file ?? ownDeviations()
  if (path === undefined) return []
  try {
    return parseDeviations(readFileSync(path, 'utf8'))[kind]
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `"${path}" cannot be read: ${error instanceof Error ? error.message : ''}`)
  }
}

/** The list in the folder that this program is installed in. */
function ownDeviations(): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const path = join(folder, 'conformance', 'deviations.json')
    if (existsSync(path)) return path
    const above = dirname(folder)
    if (above === folder) return undefined
    folder = above
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
