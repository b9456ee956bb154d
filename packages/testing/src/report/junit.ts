import { failureText } from '../scenario/failure-text.ts'
import type { ScenarioResult } from '../scenario/run-scenario.ts'

/** Results as a JUnit report: a suite for each file, a case for each scenario. Paths are relative to `base`. */
export function junitReport(results: readonly ScenarioResult[], base: string): string {
  const suites = new Map<string, ScenarioResult[]>()
  for (const result of results) {
    const { file } = result.scenario
    suites.set(file, [...(suites.get(file) ?? []), result])
  }
  const all = counts(results)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="segue test" ${all}>`,
    ...[...suites].flatMap(([file, suite]) => [
      `  <testsuite name="${escaped(relative(file, base))}" ${counts(suite)}>`,
      ...suite.flatMap((result) => testcase(result, base)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function testcase({ durationMs, failure, scenario }: ScenarioResult, base: string): readonly string[] {
  const file = escaped(relative(scenario.file, base))
  const head = `<testcase name="${escaped(scenario.name)}" classname="${file}" file="${file}" time="${seconds(durationMs)}"`
  if (scenario.skip !== undefined)
    return [`    ${head}>`, `      <skipped message="${escaped(scenario.skip)}"/>`, '    </testcase>']
  if (failure === undefined) return [`    ${head}/>`]
  const text = escaped(failureText(failure, base).join('\n'))
  return [
    `    ${head}>`,
    `      <failure type="${failure.code}" message="${escaped(failure.message)}">${text}</failure>`,
    '    </testcase>',
  ]
}

function counts(results: readonly ScenarioResult[]): string {
  const of = (outcome: string): number => results.filter((result) => result.outcome === outcome).length
  const time = seconds(results.reduce((sum, { durationMs }) => sum + durationMs, 0))
  return `tests="${results.length}" failures="${of('failed')}" errors="0" skipped="${of('skipped')}" time="${time}"`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

function relative(file: string, base: string): string {
  return file.startsWith(`${base}/`) ? file.slice(base.length + 1) : file
}

/** Characters that XML 1.0 cannot hold are shown as a replacement character. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
