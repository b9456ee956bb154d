import type {
  ActionAttribute,
  ActionNode,
  ContentNode,
  Executable,
  ParamNode,
  SendNode,
  Slot,
} from '../read/document.ts'
import { wordsOf } from '../source/mapped-text.ts'
import type { MappedText } from '../source/mapped-text.ts'
import { addOptionalPiece, addPiece, placeOf } from './compile-context.ts'
import type { CompileContext, Surroundings } from './compile-context.ts'
import { isExpression, isReference } from './is-expression.ts'
import type {
  ActionInstruction,
  ChartAttribute,
  ChartContent,
  ChartParam,
  Instruction,
  Operand,
  Payload,
  SendInstruction,
} from './instruction.ts'

/** Turns executable content into instructions. Order: document order. */
export function compileContent(
  context: CompileContext,
  content: readonly Executable[],
  at: Surroundings,
): readonly Instruction[] {
  return content.map((node) => compileExecutable(context, node, at))
}

function compileExecutable(context: CompileContext, node: Executable, at: Surroundings): Instruction {
  const place = placeOf(node.kind, node.span, at.state)
  switch (node.kind) {
    case 'raise':
      return { kind: 'raise', event: node.event, params: compileParams(context, node.params, at), place }
    case 'if':
      return {
        kind: 'if',
        branches: node.branches.map(({ cond, content }) => ({
          cond: addOptionalPiece(context, 'condition', cond, at.prefix),
          content: compileContent(context, content, at),
        })),
        place,
      }
    case 'foreach':
      return {
        kind: 'foreach',
        array: addPiece(context, 'value', node.array, at.prefix),
        item: addPiece(context, 'location', node.item, at.prefix),
        index: addOptionalPiece(context, 'location', node.index, at.prefix),
        illegal: [node.item.text, node.index?.text ?? 'index'].find((text) => !isReference(text)),
        content: compileContent(context, node.content, at),
        place,
      }
    case 'log':
      return {
        kind: 'log',
        label: compileSlot(context, node.label, at),
        expr: addOptionalPiece(context, 'value', node.expr, at.prefix),
        level: compileSlot(context, node.level, at),
        place,
      }
    case 'assign':
      return {
        kind: 'assign',
        location: addPiece(context, 'location', node.location, at.prefix),
        value: addOptionalPiece(context, 'value', node.value, at.prefix),
        content: node.content?.text,
        place,
      }
    case 'script':
      return { kind: 'script', piece: addPiece(context, 'script', node.text, at.prefix), place }
    case 'send':
      return compileSend(context, node, at)
    case 'cancel':
      return { kind: 'cancel', sendId: slotOperand(context, node.sendId, at), place }
    case 'action':
      return compileAction(context, node, at)
    case 'unsupported':
      return { kind: 'unsupported', name: node.name, place: { ...place, element: node.name } }
  }
}

/** A slot of the document as an operand. */
export function compileSlot(context: CompileContext, slot: Slot | undefined, at: Surroundings): Operand | undefined {
  return slot === undefined ? undefined : slotOperand(context, slot, at)
}

/** Parts of a message: `namelist`, `<param>`, `<content>`. */
export function compilePayload(
  context: CompileContext,
  parts: {
    readonly namelist: readonly MappedText[]
    readonly params: readonly ParamNode[]
    readonly content: ContentNode | undefined
  },
  at: Surroundings,
): Payload {
  return {
    names: parts.namelist.map((text) => ({
      name: text.text.trim(),
      piece: addPiece(context, 'value', text, at.prefix),
    })),
    params: compileParams(context, parts.params, at),
    content: compileInlineContent(context, parts.content, at),
  }
}

/** A `<content>` element as it is evaluated when its parent runs. */
function compileInlineContent(
  context: CompileContext,
  content: ContentNode | undefined,
  at: Surroundings,
): ChartContent | undefined {
  if (content === undefined) return undefined
  const place = placeOf('content', content.span, at.state)
  return content.kind === 'literal'
    ? { kind: 'literal', value: content.text.text, place }
    : { kind: 'piece', piece: addPiece(context, 'value', content.text, at.prefix), place }
}

function slotOperand(context: CompileContext, slot: Slot, at: Surroundings): Operand {
  return slot.kind === 'literal'
    ? { kind: 'literal', value: slot.value }
    : { kind: 'piece', piece: addPiece(context, 'value', slot.text, at.prefix) }
}

function compileParams(context: CompileContext, params: readonly ParamNode[], at: Surroundings): readonly ChartParam[] {
  return params.map((param) => ({
    name: param.name,
    piece: addOptionalPiece(context, 'value', param.value, at.prefix),
    isLocation: param.isLocation,
    place: placeOf('param', param.span, at.state),
  }))
}

function compileSend(context: CompileContext, node: SendNode, at: Surroundings): SendInstruction {
  return {
    kind: 'send',
    event: compileSlot(context, node.event, at),
    target: compileSlot(context, node.target, at),
    type: compileSlot(context, node.type, at),
    id: node.id,
    idLocation: addOptionalPiece(context, 'location', node.idLocation, at.prefix),
    delay: compileSlot(context, node.delay, at),
    hints: addOptionalPiece(context, 'value', node.hints, at.prefix),
    payload: compilePayload(context, node, at),
    place: placeOf('send', node.span, at.state),
  }
}

function compileAction(context: CompileContext, node: ActionNode, at: Surroundings): ActionInstruction {
  const locations = node.attributes.filter(({ spec }) => spec.kind === 'location')
  const names = node.attributes.filter(({ spec }) => spec.kind === 'names').flatMap(({ text }) => wordsOf(text))
  const place = placeOf(`${node.module}:${node.spec.name}`, node.span, at.state)
  return {
    kind: 'action',
    module: node.module,
    spec: node.spec,
    attributes: node.attributes
      .filter(({ spec }) => spec.kind !== 'location' && spec.kind !== 'names')
      .map((attribute) => compileAttribute(context, attribute, at)),
    locations: locations.map(({ spec, text }) => ({
      piece: addPiece(context, 'location', text, at.prefix),
      receives: spec.receives ?? 'requestId',
    })),
    params: [
      ...names.map((text) => ({
        name: text.text.trim(),
        piece: addPiece(context, 'value', text, at.prefix),
        isLocation: true,
        place,
      })),
      ...compileParams(context, node.params, at),
    ],
    content: compileInlineContent(context, node.content, at),
    children: node.children.map((child) => compileAction(context, child, at)),
    place,
  }
}

/**
 * Numbers and booleans are written bare or as expressions in practice: they are evaluated, and the text counts where
 * that cannot be done.
 */
function compileAttribute(context: CompileContext, { spec, text }: ActionAttribute, at: Surroundings): ChartAttribute {
  const { name, type } = spec
  const isMixed = spec.kind === 'expression-or-text' || type === 'number' || type === 'boolean'
  if (isMixed) {
    const piece = isExpression(text.text) ? addPiece(context, 'value', text, at.prefix) : undefined
    return { name, type, piece, text: text.text }
  }
  if (spec.kind === 'literal') return { name, type, piece: undefined, text: text.text }
  return { name, type, piece: addPiece(context, 'value', text, at.prefix), text: undefined }
}
