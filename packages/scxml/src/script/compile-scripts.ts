import { fillTemplate } from '../diagnostics/fault.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { spanIn } from '../source/mapped-text.ts'
import { analysePiece } from './analyse-piece.ts'
import { applicationNames, type ApplicationNames } from './application-names.ts'
import type { CompiledScripts, ScriptPiece, ScriptUnit } from './contract.ts'
import { scriptFaults, type ScriptFaultCode } from './faults.ts'
import { scriptLimits } from './limits.ts'
import { sealedRoots } from './names.ts'
import { parsePiece, type Ast, type ParseProblem } from './parse-piece.ts'
import { ProgramText, type Place } from './program-text.ts'
import type { GeneratedNames, RewriteContext } from './rewrite-context.ts'
import { rewritePiece } from './rewrite-piece.ts'
import { memberOf } from './rewrite-questions.ts'
import { sharedFunctions, type AnalysedPiece } from './shared-functions.ts'
import { linkOf, touchOf } from './touch.ts'
import { unknownEffects, writeClasses, type PieceEffects } from './write-class.ts'

/** A compiled unit with what errors and evaluated text need later; what `compileScripts` makes. */
export interface CompiledUnit extends CompiledScripts {
  readonly unit: ScriptUnit
  readonly names: ApplicationNames
  /** Where each stretch of the program text came from, in order. */
  readonly places: readonly Place[]
  /** Functions as the customer wrote them, by the number of their code (E17). */
  readonly functionTexts: readonly string[]
  /** The same of functions that capture locals, by the number of their closure. */
  readonly closureTexts: readonly string[]
}

/** Pieces that did not parse carry what is wrong with them. */
type Read = { readonly piece: ScriptPiece } & (
  | { readonly analysed: AnalysedPiece; readonly isScript: boolean }
  | { readonly analysed: undefined; readonly reason: string }
)

/**
 * Turns all scripts of an application into one program text. Never throws: what cannot be compiled is a diagnostic, and
 * a piece that fails when it is run. In the W3C dialect such findings are warnings, because there the session has to
 * start and to get an error event.
 *
 * Spec: script-rules E1–E7, E10, E15, E16.
 */
export function compileScripts(unit: ScriptUnit): CompiledUnit {
  const diagnostics: Diagnostic[] = []
  const size = unit.pieces.reduce((sum, piece) => sum + piece.text.text.length, 0)
  const isTooLarge = size > scriptLimits.maxUnitChars
  if (isTooLarge && unit.pieces[0] !== undefined) {
    report(diagnostics, unit, unit.pieces[0], 'SEG-SCRIPT-005', { size, limit: scriptLimits.maxUnitChars }, 0, 0)
  }
  const read = unit.pieces.map((piece) => readPiece(piece, unit, diagnostics, isTooLarge))
  const analysed = read.map((one) => one.analysed)
  const present = analysed.filter((one) => one !== undefined)
  const names = applicationNames(
    unit,
    present.map((one) => one.facts),
    read.flatMap((one) =>
      one.piece.kind === 'location' && one.analysed?.tree.type === 'Identifier' ? [one.analysed.tree.name] : [],
    ),
  )
  warnAboutUnknown(read, unit, names, diagnostics)
  const { code, places, functionTexts, closureTexts } = generate(read, unit, names)
  const effects = writeClasses(analysed, names)
  const pieces = unit.pieces.map((piece, id) => {
    const own = effects[id] ?? unknownEffects
    const { reads, takesViews, writes } = piece.kind === 'location' ? locationEffects(read[id], names, own) : own
    const reach = { reads, takesViews }
    const mayRunLong = callsOrLoops(piece.text.text)
    return { writes, touches: touchOf(writes, reach), links: linkOf(reach), mayRunLong, span: piece.text.span }
  })
  return { code, pieces, diagnostics, unit, names, places, functionTexts, closureTexts }
}

/** Every loop and every call needs a bracket, but for `new` and tagged templates. `In` is the engine's own. */
function callsOrLoops(text: string): boolean {
  return /[(`]|\bnew\b/.test(text.replaceAll(/\bIn\s*\(\s*(?:'[^']*'|"[^"]*")\s*\)/g, ''))
}

function readPiece(piece: ScriptPiece, unit: ScriptUnit, diagnostics: Diagnostic[], isTooLarge: boolean): Read {
  const { text } = piece.text
  const tell = (
    code: ScriptFaultCode,
    parameters: Record<string, string | number>,
    start = 0,
    end = text.length,
  ): Read => {
    const message = report(diagnostics, unit, piece, code, parameters, start, end)
    return { piece, analysed: undefined, reason: message }
  }
  if (isTooLarge) return { piece, analysed: undefined, reason: 'the scripts of the application are too large' }
  if (text.length > scriptLimits.maxPieceChars) {
    return tell('SEG-SCRIPT-005', { size: text.length, limit: scriptLimits.maxPieceChars })
  }
  const tooDeep = (): Read => tell('SEG-SCRIPT-006', { limit: scriptLimits.maxNesting })
  const problem = (found: ParseProblem): Read => {
    if (found.kind === 'nesting') return tooDeep()
    if (found.kind === 'location') return tell('SEG-SCRIPT-004', { text: text.trim().slice(0, 80) })
    return tell('SEG-SCRIPT-001', { message: found.message }, found.at, Math.min(found.at + 1, text.length))
  }
  const parsed = parsePiece(piece.kind, text)
  if (parsed.form === 'broken') return problem(parsed.problem)
  const facts = analysePiece(parsed.tree)
  const [refusal] = facts.refusals
  if (refusal !== undefined) {
    let answer: Read | undefined
    for (const { construct, instead, node } of facts.refusals) {
      answer ??= tell('SEG-SCRIPT-002', { construct, instead }, node.start, node.end)
      if (node !== refusal.node) tell('SEG-SCRIPT-002', { construct, instead }, node.start, node.end)
    }
    if (answer !== undefined) return answer
  }
  const analysed = { tree: parsed.tree, facts, isDocumentLevel: piece.isDocumentLevel && piece.kind === 'script' }
  return { piece, analysed, isScript: parsed.form === 'script' }
}

function report(
  diagnostics: Diagnostic[],
  unit: ScriptUnit,
  piece: ScriptPiece,
  code: ScriptFaultCode,
  parameters: Readonly<Record<string, string | number>>,
  start: number,
  end: number,
): string {
  const fault = scriptFaults[code]
  const message = fillTemplate(fault.message, parameters)
  diagnostics.push({
    code,
    severity: unit.dialect === 'w3c' ? 'warning' : fault.severity,
    message,
    hint: fillTemplate(fault.hint, parameters),
    span: spanIn(piece.text, start, end),
  })
  return message
}

function warnAboutUnknown(
  read: readonly Read[],
  unit: ScriptUnit,
  names: ApplicationNames,
  diagnostics: Diagnostic[],
): void {
  for (const { piece, analysed } of read) {
    if (analysed === undefined) continue
    const told = new Set<string>()
    for (const { name, node, use } of analysed.facts.free.values()) {
      if ((use !== 'read' && use !== 'update') || told.has(name) || names.guarded.has(name)) continue
      if (names.meaningOf(name).kind !== 'unknown') continue
      told.add(name)
      report(diagnostics, unit, piece, 'SEG-SCRIPT-003', { name }, node.start, node.end)
    }
  }
}

/** What the writer of a location does; what its text reads is known from the piece. */
function locationEffects(read: Read | undefined, names: ApplicationNames, effects: PieceEffects): PieceEffects {
  const tree = read?.analysed?.tree
  if (tree?.type === 'Identifier') {
    const meaning = names.meaningOf(tree.name)
    if (meaning.kind === 'system') return { ...effects, writes: { kind: 'nothing' } }
    const name = `${meaning.kind === 'datum' ? '_data' : '$'}.${tree.name}`
    return { ...effects, writes: { kind: 'names', names: [name] } }
  }
  if (tree?.type === 'MemberExpression' && !tree.computed && tree.object.type === 'Identifier') {
    const isDatum = tree.object.name === '_data' && names.meaningOf('_data').kind === 'system'
    if (isDatum && tree.property.type === 'Identifier') {
      return { ...effects, writes: { kind: 'names', names: [`_data.${tree.property.name}`] } }
    }
  }
  return { ...effects, writes: { kind: 'deep' } }
}

/** Names for generated text that occur in none of the given texts. */
export function freshNames(written: readonly string[]): GeneratedNames {
  const texts = written.map(withPlainNames)
  let mark = '$'
  while (texts.some((text) => text.includes(`${mark}s`) || text.includes(`${mark}p`))) mark += '$'
  const free = (letter: string): string => {
    let name = mark + letter
    while (texts.some((text) => text.includes(name))) name += '$'
    return name
  }
  return {
    state: free('s'),
    prelude: free('p'),
    codes: free('k'),
    completion: free('c'),
    bag: free('d'),
    locals: free('a'),
    value: free('v'),
    captured: free('e'),
    closures: free('q'),
  }
}

/** Names may be written with escapes: `\u0024s` is `$s`. */
function withPlainNames(text: string): string {
  if (!text.includes('\\u')) return text
  return text.replace(/\\u(?:\{0*([\da-f]{1,6})\}|([\da-f]{4}))/gi, (whole, braced?: string, four?: string) => {
    const code = Number.parseInt(braced ?? four ?? '', 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

function generate(
  read: readonly Read[],
  unit: ScriptUnit,
  names: ApplicationNames,
): Pick<CompiledUnit, 'code' | 'places' | 'functionTexts' | 'closureTexts'> {
  const generated = freshNames(unit.pieces.map((piece) => piece.text.text))
  const shared = sharedFunctions(
    read.flatMap((one) => (one.analysed === undefined ? [] : [one.analysed])),
    unit.dialect === 'w3c' ? new Set(unit.dataIds) : new Set(),
  )
  const sharedNodes = new Map([...shared].map(([name, node]) => [node, name]))
  const sharedCodes = new Map<string, number>()
  const codes = new ProgramText()
  const pieces = new ProgramText()
  const functionTexts: string[] = []
  const closures = new ProgramText()
  const closureTexts: string[] = []
  read.forEach((one, id) => {
    const { piece } = one
    if (one.analysed === undefined) {
      pieces.add(`${generated.prelude}.broken(${JSON.stringify(one.reason)}),\n`)
      return
    }
    const { tree, facts } = one.analysed
    const context: RewriteContext = {
      text: piece.text.text,
      facts,
      names,
      generated,
      prefix: piece.prefix,
      keepsCompletion: one.isScript && piece.kind !== 'script',
      // An earlier declaration of a shared name is dropped: the later one holds from the start.
      isShared: (node) => node.type === 'FunctionDeclaration' && shared.has(node.id?.name ?? ''),
      addCode: (node, text) => {
        const number = functionTexts.push(piece.text.text.slice(node.start, node.end)) - 1
        const own = sharedNodes.get(node)
        if (own !== undefined) sharedCodes.set(own, number)
        const strictness = facts.functions.get(node)?.isInStrict === true ? '"use strict";' : ''
        codes.add(`${generated.codes}[${number}]=function(){${strictness}return ${generated.prelude}.stamp((\n`)
        codes.addSource(text, id)
        codes.add(`\n),${number})};\n`)
        return number
      },
      addClosure: ({ fact, member }, text) => {
        const { start, end } = member ?? fact.node
        const number = closureTexts.push(piece.text.text.slice(start, end)) - 1
        const strictness = fact.isInStrict ? '"use strict";' : ''
        const { closures: list, locals, prelude } = generated
        closures.add(`${list}[${number}]=function(${locals}){${strictness}return ${prelude}.close(`)
        closures.add(member === undefined ? '(\n' : `${prelude}.memberOf({\n`)
        closures.addSource(text, id)
        const { key, kind } = member === undefined ? { key: '', kind: '' } : memberOf(member)
        closures.add(member === undefined ? '\n)' : `\n},${JSON.stringify(key)},"${kind}")`)
        closures.add(`,${number},${locals})};\n`)
        return number
      },
    }
    const { body, prologue } = rewritePiece(tree, context)
    const strict = facts.isStrict ? '"use strict";' : ''
    if (!one.isScript) {
      pieces.add('function(){return(\n')
      pieces.addSource(body, id)
      pieces.add('\n)},\n')
      return
    }
    pieces.add(`function(){${strict}var ${generated.completion};${prologue}\n`)
    pieces.addSource(body, id)
    pieces.add(`\n;return ${generated.completion}},\n`)
  })
  const writers = new ProgramText()
  read.forEach((one, id) => {
    if (one.piece.kind !== 'location') return
    if (one.analysed === undefined) {
      writers.add(`${id}:${generated.prelude}.broken(${JSON.stringify(one.reason)}),\n`)
      return
    }
    addWriter(writers, one.piece, one.analysed, id, names, generated)
  })
  const program = new ProgramText()
  program.add(
    `(function(${generated.state},${generated.prelude}){var ${generated.codes}=[],${generated.closures}=[];\n`,
  )
  program.append(codes)
  program.append(closures)
  program.add('return{pieces:[\n')
  program.append(pieces)
  program.add('],writers:{\n')
  program.append(writers)
  program.add(
    `},codes:${generated.codes},closures:${generated.closures},shared:${JSON.stringify(Object.fromEntries(sharedCodes))}}\n})`,
  )
  return { ...program.finish(), functionTexts, closureTexts }
}

function addWriter(
  writers: ProgramText,
  piece: ScriptPiece,
  { tree, facts }: AnalysedPiece,
  id: number,
  names: ApplicationNames,
  generated: GeneratedNames,
): void {
  const readonlyName = sealedTarget(tree, facts.free.has.bind(facts.free), names)
  if (readonlyName !== undefined) {
    writers.add(`${id}:function(){${generated.prelude}.readonly(${JSON.stringify(readonlyName)})},\n`)
    return
  }
  const free = facts.free.get(tree)
  // The piece itself is read; its writer is the same text in front of an assignment.
  const written =
    free === undefined ? facts : { ...facts, free: new Map(facts.free).set(tree, { ...free, use: 'write' as const }) }
  const { body } = rewritePiece(tree, {
    text: piece.text.text,
    facts: written,
    names,
    generated,
    prefix: piece.prefix,
    keepsCompletion: false,
  })
  writers.add(`${id}:function(${generated.value}){\n`)
  writers.addSource(body, id)
  writers.add(`\n=${generated.value}},\n`)
}

/** System name that a location would write to; members of `_data` are free to write. */
function sealedTarget(tree: Ast, isFree: (node: Ast) => boolean, names: ApplicationNames): string | undefined {
  let root = tree
  while (root.type === 'MemberExpression') root = root.object
  if (root.type !== 'Identifier' || !isFree(root)) return undefined
  if (names.meaningOf(root.name).kind !== 'system') return undefined
  return root === tree || sealedRoots.has(root.name) ? root.name : undefined
}
