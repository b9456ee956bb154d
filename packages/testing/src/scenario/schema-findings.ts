import type { Diagnostic } from '@segue/scxml'
import type { z } from 'zod'
import { nameHint } from '../nearest-name.ts'
import { scenarioJsonSchema } from './scenario-schema.ts'
import type { Path, YamlSource } from './yaml-source.ts'

type Issue = z.core.$ZodIssue

/** What the schema refuses, each at its place and with what is expected there. */
export function schemaFindings(file: YamlSource, issues: readonly Issue[]): readonly Diagnostic[] {
  return issues.flatMap((issue) => innermost(issue)).flatMap((issue) => issueFindings(file, issue))
}

function issueFindings(file: YamlSource, issue: Issue): readonly Diagnostic[] {
  const path = pathText(issue.path)
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path)
    return issue.keys.map((key) => {
      const suggestion = nameHint(key, known, 'known keys')
      return file.finding('SEG-TEST-003', { key, path, suggestion }, issue.path, key)
    })
  }
  const doc = descriptionAt(issue.path)
  const isMissing = valueAt(file.value, issue.path) === undefined
  const suggestion = doc === '' ? 'see the reference of scenario files' : doc
  return [
    file.finding('SEG-TEST-002', { path, reason: isMissing ? 'is missing' : reasonOf(issue), suggestion }, issue.path),
  ]
}

/** Of the ways to write a value, the one that was most probably meant: the one that fails deepest inside. */
function innermost(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const branches = issue.errors.map((errors) =>
    errors.flatMap((error) => innermost({ ...error, path: [...issue.path, ...error.path] })),
  )
  const meant = branches.filter((errors) => !errors.some((error) => isWrongType(error, issue.path)))
  const [best, ...others] = meant
  if (best !== undefined && others.length === 0) return best
  const deepest = meant.toSorted((one, other) => depth(other) - depth(one))[0]
  return deepest ?? [issue]
}

function isWrongType(error: Issue, path: Path): boolean {
  const isHere = error.path.length === path.length
  return isHere && (error.code === 'invalid_type' || error.code === 'invalid_union')
}

function depth(errors: readonly Issue[]): number {
  return Math.max(0, ...errors.map(({ path }) => path.length))
}

function reasonOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${nameOf(issue.expected)}`
    case 'invalid_value':
      return `expected ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`
    case 'invalid_union':
      return `expected ${[...new Set(issue.errors.flat().map(unionPart))].join(' or ')}`
    case 'invalid_key':
      return issue.issues.map(reasonOf).join('; ')
    case 'invalid_format':
      if (issue.message.startsWith('expected')) return issue.message
      return 'is not written in the expected form'
    case 'too_big':
      return `is too large; at most ${String(issue.maximum)}`
    case 'too_small':
      return `is too small; at least ${String(issue.minimum)}`
    default:
      return issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
  }
}

function unionPart(issue: Issue): string {
  if (issue.code === 'invalid_type') return nameOf(issue.expected)
  return reasonOf(issue).replace(/^expected /, '')
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined),
    value,
  )
}

function nameOf(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'keys with values',
    record: 'keys with values',
  }
  return names[expected] ?? expected
}

function pathText(path: Path): string {
  if (path.length === 0) return 'the file'
  return path
    .map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}

/** Keys that the object at `path` may have. */
function knownKeys(path: Path): readonly string[] {
  return nodesAt(path).flatMap((node) => Object.keys(recordOf(member(node, 'properties'))))
}

function descriptionAt(path: Path): string {
  for (let length = path.length; length > 0; length -= 1) {
    for (const node of nodesAt(path.slice(0, length))) {
      const text = member(node, 'description')
      if (typeof text === 'string') return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '')
    }
  }
  return ''
}

/** Parts of the JSON Schema that may be about the value at `path`. */
function nodesAt(path: Path): readonly unknown[] {
  let nodes: readonly unknown[] = alternatives(scenarioJsonSchema())
  for (const part of path) {
    nodes = nodes
      .flatMap((node) =>
        typeof part === 'number'
          ? [member(node, 'items')]
          : [member(member(node, 'properties'), String(part)) ?? member(node, 'additionalProperties')],
      )
      .filter((node) => typeof node === 'object' && node !== null)
      .flatMap(alternatives)
  }
  return nodes
}

function alternatives(node: unknown): readonly unknown[] {
  const anyOf = member(node, 'anyOf')
  return Array.isArray(anyOf) ? [node, ...(anyOf as readonly unknown[]).flatMap(alternatives)] : [node]
}

function member(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? Reflect.get(node, key) : undefined
}

function recordOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
