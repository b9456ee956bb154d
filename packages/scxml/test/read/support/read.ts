import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts'
import type { Document, StateNode } from '../../../src/read/document.ts'
import { defaultDocumentLimits } from '../../../src/read/limits.ts'
import { readDocument } from '../../../src/read/read-document.ts'
import { positionAt } from '../../../src/source/source.ts'
import { parseScxml } from '../../../src/xml/parse-scxml.ts'
import { testModules } from './modules.ts'

const namespaces = [
  'xmlns="http://www.w3.org/2005/07/scxml"',
  'xmlns:queue="http://www.genesyslab.com/modules/queue"',
  'xmlns:dialog="www.genesyslab.com/modules/dialog"',
  'xmlns:ixn="http://www.genesyslab.com/modules/interaction"',
  'xmlns:session="http://www.genesyslab.com/modules/session"',
].join(' ')

/** Start tag of a document in the orchestration dialect. */
export const orchestration = `<scxml version="1.0" ${namespaces} profile="ecmascript">`
/** Start tag of a document in the W3C dialect. */
export const w3c = '<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml">'

export interface TestRead {
  readonly document: Document
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a whole document text without includes. */
export function read(text: string): TestRead {
  const source = { url: 'file:///app/doc.scxml', text }
  const parsed = parseScxml(source, defaultDocumentLimits)
  if (parsed.root === undefined) throw new Error(`the test document is broken: ${parsed.diagnostics[0]?.message ?? ''}`)
  const result = readDocument(parsed.root, { modules: testModules, url: source.url, sources: [source] })
  if (result.document === undefined) throw new Error('the test document has no scxml root')
  return { document: result.document, diagnostics: [...parsed.diagnostics, ...result.diagnostics] }
}

/** Code, place and text of each finding. */
export function places(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, severity, span }) => {
    const { line, column } = positionAt(span.source, span.start)
    return `${severity} ${code} ${line}:${column} ${span.source.text.slice(span.start, span.end)}`
  })
}

/** The state of an id, at any depth. */
export function stateOf(document: Document, id: string): StateNode {
  const waiting = [...document.states]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.id === id) return next
    waiting.push(...next.states)
  }
  throw new Error(`no state ${id}`)
}
