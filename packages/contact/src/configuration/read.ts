import type { z } from 'zod'
import type { Configuration, ConfigurationFinding } from './configuration.ts'
import { buildConfiguration } from './build.ts'
import type { CheckedFile, ReadOptions } from './checked-file.ts'
import { checkReferences } from './references.ts'
import { configurationFileSchema, knownKeys } from './schema.ts'
import { readSourceFile, type ConfigurationSource, type SourceFile } from './source-file.ts'
import { closestName } from './suggest.ts'

/** Configuration, or why there is none. */
export interface ReadConfigurationResult {
  /** `undefined` when any finding is an error: a bad set changes nothing. */
  readonly configuration: Configuration | undefined
  readonly findings: readonly ConfigurationFinding[]
}

/**
 * Reads a set of YAML or JSON files as one configuration.
 *
 * Errors: never throws; `SEG-CONFIG-001` to `-009` as findings with file, line and column.
 * Order: findings by file, then in the order of the checks.
 */
export function readConfiguration(
  files: readonly ConfigurationSource[],
  options: ReadOptions = {},
): ReadConfigurationResult {
  const findings: ConfigurationFinding[] = []
  const checked: CheckedFile[] = []
  for (const file of files) {
    const source = readSourceFile(file)
    findings.push(...source.findings)
    if (source.value === undefined) continue
    const parsed = configurationFileSchema.safeParse(source.value)
    if (parsed.success) checked.push({ source, content: parsed.data })
    else for (const issue of parsed.error.issues) findings.push(...issueFindings(source, issue))
  }
  if (hasError(findings)) return { configuration: undefined, findings }
  const configuration = buildConfiguration(checked, options)
  findings.push(...checkReferences(checked, configuration))
  return { configuration: hasError(findings) ? undefined : configuration, findings }
}

function hasError(findings: readonly ConfigurationFinding[]): boolean {
  return findings.some((finding) => finding.severity === 'error')
}

type Issue = z.core.$ZodIssue

function issueFindings(source: SourceFile, issue: Issue): ConfigurationFinding[] {
  const path = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path)
    return issue.keys.map((key) => {
      const closest = closestName(key, known)
      const suggestion = closest === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${closest}"`
      return source.finding(
        'SEG-CONFIG-003',
        { key, path: path === '' ? 'the file' : path, suggestion },
        issue.path,
        key,
      )
    })
  }
  return [
    source.finding('SEG-CONFIG-002', { path: path === '' ? 'the file' : path, reason: reasonOf(issue) }, issue.path),
  ]
}

function reasonOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('undefined')
        ? `is missing; expected ${issue.expected}`
        : `expected ${issue.expected}`
    case 'invalid_value':
      return `expected one of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}`
    case 'invalid_union':
      return issue.message.includes('undefined') ? 'is missing' : 'expected a text or a number'
    case 'invalid_format':
      return 'is not written in the expected form'
    default:
      return issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
  }
}
