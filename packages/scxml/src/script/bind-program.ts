import { codecText } from '../codec/codec-text.ts'
import { dynamicCompiler } from './compile-dynamic.ts'
import type { CompiledUnit } from './compile-scripts.ts'
import {
  ScriptError,
  type CompiledScripts,
  type EventFields,
  type Realm,
  type RealmEvent,
  type SavedScope,
  type Scope,
  type ScriptFailure,
  type ScriptHost,
  type ScriptProgram,
  type Touched,
} from './contract.ts'
import { scriptFaults } from './faults.ts'
import { fillTemplate } from '../diagnostics/fault.ts'
import { scriptLimits } from './limits.ts'
import { intrinsicNames } from './names.ts'
import { preludeText } from './prelude/prelude-text.ts'
import { placeFinder } from './program-text.ts'

/** What a program may use up. */
export interface BindOptions {
  /** Loop rounds and function entries between `enter` and `leave` (E15). */
  readonly fuelPerEnter?: number
  /** Characters of an alias group from which on its differences are written (P3). */
  readonly minTrackedChars?: number
  /** What finding differences may take in memory, of all resident sessions of the program together. */
  readonly maxShadowBytes?: number
}

type GroupTexts = readonly (readonly [key: string, text: string])[]

/** Functions that the prelude gives to the host; they throw values of the realm. */
interface Inside {
  start(program: unknown): {
    readonly pieces: readonly (() => unknown)[]
    readonly writers: Readonly<Record<number, (value: unknown) => void>>
  }
  createScope(): Scope
  enter(
    scope: Scope,
    sessionId: string,
    name: string,
    nowMs: number,
    seed: number,
    host: ScriptHost,
    fuel: number,
  ): void
  leave(): void
  makeEvent(fields: EventFields): RealmEvent
  setEvent(event: RealmEvent | undefined): void
  hasDatum(id: string): boolean
  setDatum(id: string, value: unknown): void
  textOf(value: unknown): string
  encode(value: unknown): string
  decode(text: string): unknown
  readContent(text: string): unknown
  makeObject(members: readonly (readonly [string, unknown])[]): object
  itemsOf(value: unknown): readonly unknown[] | undefined
  save(
    scope: Scope,
    latest: readonly string[] | undefined,
  ): { readonly groups: GroupTexts; readonly order: readonly string[] }
  saveChanges(
    scope: Scope,
    touched: Touched,
  ): {
    readonly groups: GroupTexts
    readonly differences: GroupTexts
    readonly gone: readonly string[]
    readonly order: readonly string[] | undefined
  }
  show(scope: Scope): { readonly groups: GroupTexts; readonly order: readonly string[] }
  load(texts: readonly string[], order: readonly string[] | undefined): Scope
  hasOwnCode(scope: Scope): boolean
  takeUnsaved(): string
  describe(error: unknown): Omit<ScriptFailure, 'span'> & { readonly stack: string }
  readonly BrokenData: new (message: string) => Error
}

const programName = 'segue-application'

/**
 * Evaluates a compiled unit in a realm. A context realm belongs to one program: it is frozen here, after the polyfills
 * of the application have run.
 *
 * Errors: `ScriptError` when the program text itself cannot be evaluated.
 * Spec: script-rules E7, E9–E13, E15.
 */
export function bindProgram(compiled: CompiledScripts, realm: Realm, options: BindOptions = {}): ScriptProgram {
  if (!isCompiledUnit(compiled)) throw new TypeError('these scripts were not made by compileScripts')
  const { unit, names, code, places, functionTexts, closureTexts } = compiled
  const fuel = options.fuelPerEnter ?? scriptLimits.fuelPerEnter
  const compileText = dynamicCompiler(names)
  const finder = placeFinder(code, places, unit)
  let evaluations = 0
  const outer = {
    codec: realm.evaluate(codecText, 'segue-codec'),
    compile: (kind: string, text: string, locals: string, hasBag: boolean): string => {
      const parsed: unknown = JSON.parse(locals)
      const list = Array.isArray(parsed) ? parsed.map(String) : []
      return JSON.stringify(
        compileText({ kind: kind === 'function' ? 'function' : 'eval', text, locals: list, hasBag }),
      )
    },
    evaluate: (text: string): unknown => {
      evaluations += 1
      return realm.evaluate(text, `${programName}-eval-${evaluations}`)
    },
    // A session that left memory must not be kept by what was noted about it.
    weakly: (scope: object): (() => object | undefined) => {
      const held = new WeakRef(scope)
      return () => held.deref()
    },
    sourceOf: (code: number, isClosure: boolean): string | undefined =>
      (isClosure ? closureTexts : functionTexts)[code],
  }
  const make = realm.evaluate(preludeText, 'segue-prelude')
  if (typeof make !== 'function') throw new TypeError('the realm does not evaluate programs')
  const inside: unknown = make(outer, {
    isContext: realm.kind === 'context',
    dialect: unit.dialect,
    programName,
    ownIntrinsics: names.ownIntrinsics,
    intrinsics: [...intrinsicNames],
    documentScripts: unit.pieces.flatMap((piece, id) => (piece.isDocumentLevel && piece.kind === 'script' ? [id] : [])),
    maxDynamicChars: scriptLimits.maxDynamicChars,
    maxToSourceChars: scriptLimits.maxToSourceChars,
    fuelOfProbe: scriptLimits.fuelOfProbe,
    minTrackedChars: options.minTrackedChars ?? scriptLimits.minTrackedChars,
    maxTrackedChars: scriptLimits.maxTrackedChars,
    maxShadowBytes: options.maxShadowBytes ?? scriptLimits.maxShadowBytes,
  })
  if (!isInside(inside)) throw new TypeError('the prelude gave no program')

  const failureOf = (error: unknown): ScriptError => {
    // Nothing is asked of the error itself: it may be a proxy.
    const { type, message, cause, stack } = inside.describe(error)
    return new ScriptError({ type, message, cause, span: spanOf(stack, finder) })
  }
  const inScript = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw failureOf(error)
    }
  }
  const reading = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof inside.BrokenData)) throw failureOf(error)
      const message = fillTemplate(`SEG-SCRIPT-010: ${scriptFaults['SEG-SCRIPT-010'].message}`, {
        reason: error.message,
      })
      throw new ScriptError({ type: 'Error', message, cause: 'thrown', span: undefined })
    }
  }
  const { pieces, writers: writersById } = inScript(() => inside.start(realm.evaluate(code, programName)))
  // By number in a list of this realm: looking one up in an object with few numbers takes longer than running it.
  const writers = Array.from(pieces, (_, piece) => writersById[piece])
  const mustBeThere = (piece: number): void => {
    if (pieces[piece] === undefined) throw new RangeError(`there is no piece ${piece}`)
  }

  // Pieces are called as members of their list: a sloppy function that is called with no receiver is given one each
  // time. They do not see it, `this` was rewritten (E6).
  return {
    fuelPerEnter: fuel,
    createScope: () => inside.createScope(),
    enter: (scope, identity, moment, host) => {
      const { sessionId, name } = identity
      inside.enter(scope, sessionId, name, moment.nowMs, moment.seed, host, fuel)
    },
    leave: () => inside.leave(),
    makeEvent: (fields) => reading(() => inside.makeEvent(fields)),
    setEvent: (event) => inside.setEvent(event),
    evaluate: (piece) => {
      let value: unknown
      try {
        value = pieces[piece]?.()
      } catch (error) {
        throw failureOf(error)
      }
      if (value === undefined) mustBeThere(piece)
      return value
    },
    test: (piece) => {
      let isTrue: boolean
      try {
        isTrue = Boolean(pieces[piece]?.())
      } catch (error) {
        throw failureOf(error)
      }
      if (!isTrue) mustBeThere(piece)
      return isTrue
    },
    assign: (piece, value) => {
      try {
        writers[piece]?.(value)
      } catch (error) {
        throw failureOf(error)
      }
    },
    run: (piece) => {
      mustBeThere(piece)
      try {
        pieces[piece]?.()
      } catch (error) {
        throw failureOf(error)
      }
    },
    hasDatum: (id) => inside.hasDatum(id),
    setDatum: (id, value) => inside.setDatum(id, value),
    toText: (value) => inside.textOf(value),
    encode: (value) => inScript(() => inside.encode(value)),
    decode: (text) => reading(() => inside.decode(text)),
    readContent: (text) => inside.readContent(text),
    makeObject: (members) => inside.makeObject(members),
    itemsOf: (value) => inScript(() => inside.itemsOf(value)),
    save: (scope, latest) => {
      const known = latest === undefined ? undefined : Object.keys(latest.groups)
      const { groups, order } = inScript(() => inside.save(scope, known))
      return { groups: { ...latest?.groups, ...Object.fromEntries(groups) }, order: [...order] }
    },
    show: (scope) => {
      const { groups, order } = inScript(() => inside.show(scope))
      return { groups: Object.fromEntries(groups), order: [...order] }
    },
    saveChanges: (scope, touched) => {
      const { differences, gone, groups, order } = inScript(() => inside.saveChanges(scope, touched))
      return {
        groups: Object.fromEntries(groups),
        ...(differences.length > 0 && { differences: Object.fromEntries(differences) }),
        gone: [...gone],
        order: order === undefined ? undefined : [...order],
      }
    },
    hasOwnCode: (scope) => inside.hasOwnCode(scope),
    load: (saved: SavedScope) => reading(() => inside.load(Object.values(saved.groups), saved.order)),
    takeUnsaved: () => readUnsaved(inside.takeUnsaved()),
  }
}

function spanOf(stack: unknown, finder: ReturnType<typeof placeFinder>): ScriptFailure['span'] {
  if (typeof stack !== 'string') return undefined
  const frames = stack.matchAll(/segue-application:(\d+):(\d+)/g)
  for (const [, line, column] of frames) {
    const span = finder(Number(line), Number(column))
    if (span !== undefined) return span
  }
  return undefined
}

function readUnsaved(text: string): readonly { readonly path: string; readonly what: string }[] {
  const list: unknown = JSON.parse(text)
  if (!Array.isArray(list)) return []
  return list.map((entry: { path?: unknown; what?: unknown }) => ({
    path: String(entry.path),
    what: String(entry.what),
  }))
}

function isCompiledUnit(compiled: CompiledScripts): compiled is CompiledUnit {
  return 'unit' in compiled && 'places' in compiled
}

/** The border to the realm: the prelude is ours, its shape is what `program.ts` of the prelude returns. */
function isInside(value: unknown): value is Inside {
  return typeof value === 'object' && value !== null && 'describe' in value && 'takeUnsaved' in value
}
