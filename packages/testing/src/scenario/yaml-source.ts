import { pathToFileURL } from 'node:url'
import type { Diagnostic, Source } from '@segue/scxml'
import { isMap, isNode, isPair, isScalar, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import { testFault } from '../errors.ts'
import type { TestFaultCode } from '../errors.ts'
import { scenarioLimits } from './scenario-schema.ts'

/** Way to a value of a file: keys and positions. */
export type Path = readonly PropertyKey[]

/** A YAML file that can still tell where each value stands. */
export interface YamlSource {
  readonly source: Source
  /** Plain value of the whole file; `undefined` when it cannot be read. */
  readonly value: unknown
  readonly findings: readonly Diagnostic[]
  /** Finding at a value, or at its key. */
  finding(
    code: TestFaultCode,
    parameters: Readonly<Record<string, string | number>>,
    path: Path,
    key?: string,
  ): Diagnostic
  /** Characters of the file that a value, or its key, takes. */
  rangeOf(path: Path, key?: string): readonly [number, number]
}

/** Reads YAML. Never throws: hostile or broken text gives findings. Errors: SEG-TEST-001, SEG-TEST-004. */
export function readYaml(file: string, text: string): YamlSource {
  const { maxAliases, maxDepth, maxFileCharacters } = scenarioLimits
  const isTooLarge = text.length > maxFileCharacters
  const source: Source = { url: pathToFileURL(file).href, text: isTooLarge ? '' : text }
  const refused = (code: TestFaultCode, parameters: Readonly<Record<string, string | number>>, at = 0): YamlSource => {
    const found = diagnostic(source, code, parameters, [at, at + 1])
    return { ...nothing, source, value: undefined, findings: [found] }
  }
  const nothing: YamlSource = {
    source,
    value: undefined,
    findings: [],
    finding: (code, parameters) => diagnostic(source, code, parameters, [0, 1]),
    rangeOf: () => [0, 1],
  }
  if (isTooLarge) return refused('SEG-TEST-004', { what: 'its number of characters', limit: maxFileCharacters })
  let document: Document.Parsed
  let value: unknown
  try {
    document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' })
    const [error] = document.errors
    if (error !== undefined) return refused('SEG-TEST-001', { reason: firstLine(error.message) }, error.pos[0])
    value = document.toJS({ maxAliasCount: maxAliases })
  } catch (error) {
    return refused('SEG-TEST-001', { reason: error instanceof Error ? firstLine(error.message) : 'unreadable' })
  }
  if (depthOf(value, maxDepth) > maxDepth) return refused('SEG-TEST-004', { what: 'its nesting', limit: maxDepth })
  const rangeOf = (path: Path, key?: string): readonly [number, number] => rangeIn(document, path, key)
  return {
    source,
    value: value ?? {},
    findings: [],
    finding: (code, parameters, path, key) => diagnostic(source, code, parameters, rangeOf(path, key)),
    rangeOf,
  }
}

function diagnostic(
  source: Source,
  code: TestFaultCode,
  parameters: Readonly<Record<string, string | number>>,
  [start, end]: readonly [number, number],
): Diagnostic {
  return { code, severity: 'error', ...testFault(code, parameters), span: { source, start, end } }
}

/** Range of the value, its key, or the nearest enclosing value that exists. A block is shown by its first line. */
function rangeIn(document: Document.Parsed, path: Path, key?: string): readonly [number, number] {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (!isNode(node)) continue
    if (key !== undefined && length === path.length && isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
      if (pair !== undefined && isScalar(pair.key) && pair.key.range) return [pair.key.range[0], pair.key.range[1]]
    }
    if (node.range) return [node.range[0], node.range[1]]
  }
  return [0, 1]
}

/** Values that hold themselves (an alias inside of its anchor) count as endless. */
function depthOf(value: unknown, limit: number): number {
  if (limit < 0) return 1
  if (typeof value !== 'object' || value === null) return 0
  let deepest = 0
  for (const member of Object.values(value)) {
    deepest = Math.max(deepest, depthOf(member, limit - 1))
    if (deepest > limit) break
  }
  return deepest + 1
}

function firstLine(message: string): string {
  const line = message.split('\n')[0] ?? message
  return (line.charAt(0).toLowerCase() + line.slice(1)).replace(/\.$/, '')
}
