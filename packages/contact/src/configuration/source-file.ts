import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import { contactFault, type ContactFaultCode, type FaultParameters } from '../errors.ts'
import type { ConfigurationFinding } from './configuration.ts'

/** A configuration file as text with its name for messages. */
export interface ConfigurationSource {
  readonly file: string
  readonly text: string
}

/** A parsed file that can still tell where each value stands. */
export interface SourceFile {
  readonly file: string
  /** Plain value of the whole file; `undefined` when the text cannot be read. */
  readonly value: unknown
  readonly findings: readonly ConfigurationFinding[]
  /** Finding at the value at `path`, or at its key `key`. */
  finding(
    code: ContactFaultCode,
    parameters: FaultParameters,
    path: readonly PropertyKey[],
    key?: string,
  ): ConfigurationFinding
  /** `file:line:column` of a value. */
  place(path: readonly PropertyKey[]): string
}

/** Largest accepted file. */
const maxFileCharacters = 8_000_000
const maxAliases = 200

/** Reads YAML or JSON (which is YAML); hostile text gives findings and never throws. */
export function readSourceFile(source: ConfigurationSource): SourceFile {
  const findings: ConfigurationFinding[] = []
  const lines = new LineCounter()
  const empty = (finding: ConfigurationFinding): SourceFile => ({
    file: source.file,
    value: undefined,
    findings: [finding],
    finding: (code, parameters) => at(source.file, lines, undefined, code, parameters),
    place: () => `${source.file}:1:1`,
  })
  if (source.text.length > maxFileCharacters) {
    return empty(at(source.file, lines, undefined, 'SEG-CONFIG-008', { limit: maxFileCharacters }))
  }
  let document: Document.Parsed
  let value: unknown
  try {
    document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' })
    for (const error of document.errors) {
      findings.push(at(source.file, lines, error.pos[0], 'SEG-CONFIG-001', { reason: firstLine(error.message) }))
    }
    value = findings.length === 0 ? document.toJS({ maxAliasCount: maxAliases }) : undefined
  } catch (error) {
    const reason = error instanceof Error ? firstLine(error.message) : 'unreadable'
    return empty(at(source.file, lines, undefined, 'SEG-CONFIG-001', { reason }))
  }
  const offset = (path: readonly PropertyKey[], key?: string): number | undefined => offsetOf(document, path, key)
  return {
    file: source.file,
    value: value ?? (findings.length === 0 ? {} : undefined),
    findings,
    finding: (code, parameters, path, key) => at(source.file, lines, offset(path, key), code, parameters),
    place(path) {
      const { line, column } = position(lines, offset(path))
      return `${source.file}:${line}:${column}`
    },
  }
}

function at(
  file: string,
  lines: LineCounter,
  offset: number | undefined,
  code: ContactFaultCode,
  parameters: FaultParameters,
): ConfigurationFinding {
  const fault = contactFault(code, parameters)
  const severity = fault.severity === 'error' ? 'error' : 'warning'
  return { code, severity, message: fault.message, hint: fault.hint, file, ...position(lines, offset) }
}

function position(lines: LineCounter, offset: number | undefined): { line: number; column: number } {
  if (offset === undefined) return { line: 1, column: 1 }
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

/** Offset of the value, its key, or the nearest enclosing value that exists. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], key?: string): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length).map(String), true)
    if (!isNode(node)) continue
    if (key !== undefined && length === path.length && isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
      if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0]
    }
    if (node.range) return node.range[0]
  }
  return undefined
}

function firstLine(message: string): string {
  const line = message.split('\n')[0] ?? message
  return line.charAt(0).toLowerCase() + line.slice(1)
}
