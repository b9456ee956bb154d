import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { fillTemplate } from '../diagnostics/fault.ts'
import type { Document, StateNode } from '../read/document.ts'
import { compileScripts } from '../script/compile-scripts.ts'
import type { Chart, ChartDatum, ChartLimits } from './chart.ts'
import { addPiece, placeOf } from './compile-context.ts'
import type { CompileContext } from './compile-context.ts'
import { compileData, compileStates } from './compile-states.ts'
import { compileFaults } from './faults.ts'
import { sha256 } from './hash.ts'

/** What compiling a document gave. */
export interface Compiled {
  /** Absent when there is at least one error. */
  readonly chart: Chart | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Compiles a document to a chart. Never throws on what a document can hold.
 *
 * Order: states, transitions and script pieces are numbered in document order.
 * Cost: O(document), for sets O(states²/32).
 */
export function compile(document: Document): Compiled {
  const context: CompileContext = { dialect: document.dialect, pieces: [] }
  const topLevelData = compileData(context, document.data.filter(isOutside(document.states)), '')
  const globalScripts = document.scripts.map((script) => {
    const piece = addPiece(context, 'script', script.text, '')
    const added = context.pieces[piece]
    if (added !== undefined) context.pieces[piece] = { ...added, isDocumentLevel: true }
    return { piece, place: placeOf('script', script.span, '') }
  })
  const { states, indexOf, unknownTargets } = compileStates(context, document)
  const data: readonly ChartDatum[] = [...topLevelData, ...states.flatMap((state) => state.data)]
  const scripts = compileScripts({
    dialect: document.dialect,
    dataIds: data.map(({ id }) => id),
    pieces: context.pieces,
  })
  const diagnostics = [...unknownTargets.map(unknownTarget), ...scripts.diagnostics]
  if (diagnostics.some(({ severity }) => severity === 'error')) return { chart: undefined, diagnostics }
  const chart: Chart = {
    origin: originOf(document),
    hash: hashOf(document),
    scripts,
    stateIds: states.map(({ id }) => id),
    states,
    indexOf,
    data,
    globalScripts,
    isLateBinding: document.binding === 'late' && document.dialect === 'w3c',
    limits: limitsOf(document),
    memo: new Map(),
  }
  return { chart, diagnostics }
}

/** Nested data may be listed with the document too; they belong to their state. */
function isOutside(states: readonly StateNode[]): (datum: Document['data'][number]) => boolean {
  const nested = new Set(states.flatMap(dataWithin))
  return (datum) => !nested.has(datum)
}

function dataWithin(state: StateNode): StateNode['data'] {
  return [...state.data, ...state.states.flatMap(dataWithin)]
}

function unknownTarget({ id, span }: { readonly id: string; readonly span: Diagnostic['span'] }): Diagnostic {
  const fault = compileFaults['SEG-COMPILE-001']
  return {
    code: 'SEG-COMPILE-001',
    severity: 'error',
    message: fillTemplate(fault.message, { target: id }),
    hint: fault.hint,
    span,
  }
}

function originOf({ url, dialect, dataModel, name, settings, sources }: Document): Chart['origin'] {
  return { url, dialect, dataModel, name, settings, sources }
}

function hashOf({ dialect, sources }: Document): string {
  return sha256(JSON.stringify([dialect, ...sources.map(({ text }) => text)]))
}

/** Limits of a session where its document sets none. */
export const defaultChartLimits: ChartLimits = {
  microStepLimit: 1000,
  stateEntryLimit: 100,
  maxInternalEvents: 10_000,
  maxQueuedEvents: 10_000,
}

/** Recommendation documents may loop through a state as often as they like; their microsteps are bounded all the same. */
function limitsOf({ dialect, settings }: Document): ChartLimits {
  const entries = dialect === 'orchestration' ? defaultChartLimits.stateEntryLimit : 0
  return {
    ...defaultChartLimits,
    microStepLimit: settings.microStepLimit ?? defaultChartLimits.microStepLimit,
    stateEntryLimit: settings.stateEntryLimit ?? entries,
  }
}
