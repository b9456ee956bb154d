import type { Document, InitialNode, InvokeNode, StateNode, TargetRef, TransitionNode } from '../read/document.ts'
import type { DataNode } from '../read/document.ts'
import type { Span } from '../source/source.ts'
import { emptyBits, setBit } from './bits.ts'
import type { MutableBits } from './bits.ts'
import type { ChartDatum, ChartInvoke, ChartState, ChartStateKind, ChartTransition } from './chart.ts'
import { compileContent, compilePayload, compileSlot } from './compile-content.ts'
import { addOptionalPiece, addPiece, placeOf } from './compile-context.ts'
import type { CompileContext, Surroundings } from './compile-context.ts'
import { splitDescriptor } from './event-descriptor.ts'

/** States of a document, numbered, and targets that name none of them. */
export interface CompiledStates {
  readonly states: readonly ChartState[]
  readonly indexOf: ReadonlyMap<string, number>
  readonly unknownTargets: readonly TargetRef[]
}

/** A state with its number, before it is compiled. */
interface Numbered {
  readonly index: number
  readonly node: StateNode | undefined
  readonly parent: number
  readonly children: number[]
  readonly histories: number[]
}

interface Numbering {
  readonly document: Document
  readonly context: CompileContext
  readonly list: readonly Numbered[]
  readonly indexOf: ReadonlyMap<string, number>
  readonly unknownTargets: TargetRef[]
  transitions: number
}

/** Numbers the states in document order and compiles each. Cost: O(states²/32) for the sets. */
export function compileStates(context: CompileContext, document: Document): CompiledStates {
  const list: Numbered[] = [{ index: 0, node: undefined, parent: -1, children: [], histories: [] }]
  numberStates(list, document.states, 0)
  const indexOf = new Map<string, number>()
  for (const { index, node } of list) {
    if (node !== undefined && !indexOf.has(node.id)) indexOf.set(node.id, index)
  }
  const numbering: Numbering = { document, context, list, indexOf, unknownTargets: [], transitions: 0 }
  const states = list.map((numbered) => compileState(numbering, numbered))
  return { states, indexOf, unknownTargets: numbering.unknownTargets }
}

/** Compiles data in document order. */
export function compileData(context: CompileContext, nodes: readonly DataNode[], state: string): readonly ChartDatum[] {
  return nodes.map((node) => ({
    id: node.id,
    value: compileDatumValue(context, node),
    isTopLevel: state === '',
    place: placeOf('data', node.span, state),
  }))
}

function compileDatumValue(context: CompileContext, node: DataNode): ChartDatum['value'] {
  switch (node.value.kind) {
    case 'none':
      return { kind: 'none' }
    case 'expression':
      return { kind: 'piece', piece: addPiece(context, 'value', node.value.text, node.prefix) }
    case 'content':
      return { kind: 'content', text: node.value.text.text, isFromSource: node.value.fromSrc }
  }
}

function numberStates(list: Numbered[], nodes: readonly StateNode[], parent: number): void {
  for (const node of nodes) {
    const numbered: Numbered = { index: list.length, node, parent, children: [], histories: [] }
    list.push(numbered)
    const above = list[parent]
    if (node.kind === 'history') above?.histories.push(numbered.index)
    else above?.children.push(numbered.index)
    numberStates(list, node.states, numbered.index)
  }
}

function compileState(numbering: Numbering, numbered: Numbered): ChartState {
  const { context, document } = numbering
  const { index, node, parent, children, histories } = numbered
  const at: Surroundings = { state: node?.id ?? '', prefix: node?.prefix ?? '' }
  const kind = kindOf(numbered)
  const ancestorList = ancestorsOf(numbering, parent)
  const compileBlocks = (blocks: StateNode['onentry']): ChartState['onentry'] =>
    blocks.map(({ content, prefix }) => compileContent(context, content, { state: at.state, prefix }))
  return {
    index,
    id: at.state,
    kind,
    parent,
    children,
    histories,
    ancestorList,
    ancestors: bitsOf(numbering, ancestorList),
    descendants: bitsOf(numbering, descendantsOf(numbering, numbered)),
    data: node === undefined ? [] : compileData(context, node.data, at.state),
    initial: compileInitial(numbering, numbered, kind, node === undefined ? document.initial : node.initial),
    onentry: compileBlocks(node?.onentry ?? []),
    onexit: compileBlocks(node?.onexit ?? []),
    historyType: node?.kind === 'history' ? (node.historyType ?? 'shallow') : undefined,
    historyTransition: compileHistoryTransition(numbering, numbered),
    transitions:
      node === undefined || node.kind === 'history'
        ? []
        : node.transitions.map((transition) =>
            compileTransition(numbering, transition, numbered, numbering.transitions++),
          ),
    invokes: (node?.invokes ?? []).map((invoke) => compileInvoke(context, invoke, at)),
    doneData:
      node?.donedata === undefined ? undefined : compilePayload(context, { namelist: [], ...node.donedata }, at),
    enterRecord: Object.freeze({ kind: 'enter', state: at.state }),
    exitRecord: Object.freeze({ kind: 'exit', state: at.state }),
    place: placeOf(node?.kind ?? 'scxml', node?.span ?? document.span, at.state),
  }
}

function kindOf({ node, children }: Numbered): ChartStateKind {
  if (node === undefined) return 'document'
  if (node.kind !== 'state') return node.kind
  return children.length > 0 ? 'compound' : 'atomic'
}

function compileInitial(
  numbering: Numbering,
  numbered: Numbered,
  kind: ChartStateKind,
  initial: InitialNode | undefined,
): ChartTransition | undefined {
  if (kind !== 'compound' && kind !== 'document') return undefined
  const first = numbered.children[0]
  const targets = initial === undefined ? [] : resolveTargets(numbering, initial.targets)
  const prefix = initial?.prefix ?? ''
  const state = numbered.node?.id ?? ''
  const content = compileContent(numbering.context, initial?.content ?? [], { state, prefix })
  if (targets.length === 0 && first === undefined) return undefined
  return makeTransition(numbering, {
    index: -1,
    source: numbered.index,
    targets: targets.length === 0 && first !== undefined ? [first] : targets,
    content,
    span: initial?.span ?? numbered.node?.span ?? numbering.document.span,
    state,
  })
}

function compileHistoryTransition(numbering: Numbering, numbered: Numbered): ChartTransition | undefined {
  const node = numbered.node
  if (node?.kind !== 'history') return undefined
  const transition = node.transitions[0]
  if (transition !== undefined) return compileTransition(numbering, transition, numbered, -1)
  // Without a default transition the parent's own default is the only sensible place to go.
  const first = numbering.list[numbered.parent]?.children[0]
  return makeTransition(numbering, {
    index: -1,
    source: numbered.index,
    targets: first === undefined ? [] : [first],
    content: [],
    span: node.span,
    state: node.id,
  })
}

function compileTransition(
  numbering: Numbering,
  node: TransitionNode,
  numbered: Numbered,
  index: number,
): ChartTransition {
  const state = numbered.node?.id ?? ''
  const transition = makeTransition(numbering, {
    index,
    source: numbered.index,
    targets: resolveTargets(numbering, node.targets),
    content: compileContent(numbering.context, node.content, { state, prefix: node.prefix }),
    span: node.span,
    state,
  })
  return {
    ...transition,
    events: node.events.map(({ text }) => splitDescriptor(text)),
    cond: addOptionalPiece(numbering.context, 'condition', node.cond, node.prefix),
    isInternal: node.type === 'internal',
  }
}

function makeTransition(
  numbering: Numbering,
  parts: Pick<ChartTransition, 'index' | 'source' | 'targets' | 'content'> & {
    readonly span: Span
    readonly state: string
  },
): ChartTransition {
  const nodes = parts.targets.flatMap((target) => numbering.list[target]?.node ?? [])
  return {
    index: parts.index,
    source: parts.source,
    events: [],
    cond: undefined,
    targets: parts.targets,
    targetIds: nodes.map(({ id }) => id),
    isInternal: false,
    hasHistoryTarget: nodes.some(({ kind }) => kind === 'history'),
    content: parts.content,
    place: placeOf('transition', parts.span, parts.state),
  }
}

function resolveTargets(numbering: Numbering, targets: readonly TargetRef[]): readonly number[] {
  return targets.flatMap((target) => {
    const index = numbering.indexOf.get(target.id)
    if (index !== undefined) return [index]
    numbering.unknownTargets.push(target)
    return []
  })
}

function compileInvoke(context: CompileContext, node: InvokeNode, at: Surroundings): ChartInvoke {
  const inside: Surroundings = { state: at.state, prefix: node.prefix }
  return {
    id: node.id,
    idLocation: addOptionalPiece(context, 'location', node.idLocation, node.prefix),
    type: compileSlot(context, node.type, inside),
    src: compileSlot(context, node.src, inside),
    payload: compilePayload(context, node, inside),
    autoforward: node.autoforward,
    finalize:
      node.finalize === undefined
        ? undefined
        : compileContent(context, node.finalize.content, {
            state: at.state,
            prefix: node.finalize.prefix,
          }),
    place: placeOf('invoke', node.span, at.state),
  }
}

function ancestorsOf(numbering: Numbering, parent: number): readonly number[] {
  const ancestors: number[] = []
  for (let at = parent; at >= 0; at = numbering.list[at]?.parent ?? -1) ancestors.push(at)
  return ancestors
}

/** Descendants are numbered right behind their ancestor. */
function descendantsOf({ list }: Numbering, { index }: Numbered): readonly number[] {
  const descendants: number[] = []
  for (let at = index + 1; at < list.length && (list[at]?.parent ?? -1) >= index; at += 1) descendants.push(at)
  return descendants
}

function bitsOf(numbering: Numbering, members: readonly number[]): MutableBits {
  const bits = emptyBits(numbering.list.length)
  for (const member of members) setBit(bits, member)
  return bits
}
