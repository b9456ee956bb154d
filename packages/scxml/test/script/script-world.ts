import { contextRealm } from '@segue/runtime'
import { bindProgram, type BindOptions } from '../../src/script/bind-program.ts'
import { compileScripts } from '../../src/script/compile-scripts.ts'
import type {
  CompiledScripts,
  EventFields,
  HostAnswer,
  ModuleSurface,
  PieceKind,
  Realm,
  SavedScope,
  Scope,
  ScriptHost,
  ScriptPiece,
  ScriptProgram,
} from '../../src/script/contract.ts'
import { ScriptError } from '../../src/script/contract.ts'
import { sameRealm } from '../../src/script/same-realm.ts'
import type { MappedText } from '../../src/source/mapped-text.ts'
import type { Dialect } from '../../src/read/document.ts'

export { mergeTouched, touchedAll } from '../../src/script/touch.ts'

/** Both realms: every suite of script rules runs in each. */
export const realms: readonly (readonly [string, () => Realm])[] = [
  ['same realm', sameRealm],
  ['context realm', contextRealm],
]

export interface PieceText {
  readonly kind: PieceKind
  readonly text: string
  readonly isDocumentLevel?: boolean
  readonly prefix?: string
}

/** Text that stands in a source of its own, from its first character on. */
export function mapped(text: string, url = 'file:///app/page.scxml'): MappedText {
  const source = { url, text }
  return {
    text,
    pieces: text === '' ? [] : [{ at: 0, source, offset: 0 }],
    span: { source, start: 0, end: text.length },
  }
}

export function piece({ kind, text, isDocumentLevel = false, prefix = '' }: PieceText): ScriptPiece {
  return { kind, text: mapped(text), prefix, isDocumentLevel }
}

export const value = (text: string): PieceText => ({ kind: 'value', text })
export const script = (text: string): PieceText => ({ kind: 'script', text })
export const library = (text: string): PieceText => ({ kind: 'script', text, isDocumentLevel: true })
export const location = (text: string): PieceText => ({ kind: 'location', text })

export interface WorldOptions extends BindOptions {
  readonly dialect?: Dialect
  readonly dataIds?: readonly string[]
  readonly modules?: readonly ModuleSurface[]
  readonly views?: Record<string, string>
  readonly call?: (module: string, name: string, args: string) => HostAnswer
}

const identity = { sessionId: 'SID', name: 'app' }

/** A program with one session entered, in which pieces are run one after the other. */
export class ScriptWorld {
  readonly program: ScriptProgram
  readonly compiled: CompiledScripts
  readonly raised: [name: string, data: string][] = []
  readonly logged: [text: string, label: string, level: number][] = []
  readonly versions = new Map<string, number>()
  readonly host: ScriptHost
  scope: Scope
  nowMs = 1_000_000
  seed = 7

  constructor(realm: Realm, pieces: readonly PieceText[], options: WorldOptions = {}) {
    const { dialect = 'orchestration', dataIds = [], modules = [], views = {}, call } = options
    const compiled = compileScripts({ dialect, dataIds, pieces: pieces.map(piece) })
    this.compiled = compiled
    this.program = bindProgram(compiled, realm, options)
    this.host = {
      isActive: (id) => id === 'active',
      activeStates: () => ['outer', 'active'],
      log: (text, label, level) => this.logged.push([text, label, level]),
      raise: (name, data) => this.raised.push([name, data]),
      ioProcessors: () => '{"scxml":{"location":"#_scxml_SID"}}',
      documentUrl: 'http://host/app/page.scxml?a=1',
      modules,
      view: (module) => views[module] ?? '{}',
      viewVersion: (module) => this.versions.get(module) ?? 1,
      call: (module, name, args) => call?.(module, name, args) ?? { ok: false, message: `no ${module}.${name}` },
    }
    this.scope = this.newScope()
    for (const id of dataIds) this.setDatum(id, undefined)
    this.enter()
  }

  /** Variables and data of another session. */
  newScope(): Scope {
    return this.program.createScope()
  }

  enter(scope: Scope = this.scope): void {
    this.scope = scope
    this.program.enter(scope, identity, { nowMs: this.nowMs, seed: this.seed }, this.host)
  }

  setDatum(id: string, datum: unknown): void {
    this.enter()
    this.program.setDatum(id, datum)
  }

  event(fields: Partial<EventFields>): void {
    const none = { sendId: undefined, origin: undefined, originType: undefined, invokeId: undefined, data: undefined }
    this.program.setEvent(this.program.makeEvent({ name: 'e', type: 'external', ...none, ...fields }))
  }

  /** Saves and loads the session, and goes on with what was loaded. */
  reload(): SavedScope {
    const saved = this.program.save(this.scope)
    this.program.leave()
    this.enter(this.program.load(saved))
    return saved
  }
}

/** Runs scripts in order and gives the value of the last piece. */
export function evaluateLast(realm: Realm, pieces: readonly PieceText[], options: WorldOptions = {}): unknown {
  const world = new ScriptWorld(realm, pieces, options)
  pieces.slice(0, -1).forEach(({ kind }, id) => {
    if (kind === 'script') world.program.run(id)
  })
  return world.program.evaluate(pieces.length - 1)
}

/** The failure of `work`, `undefined` when it does not fail. */
export function failureOf(work: () => unknown): ScriptError['failure'] | undefined {
  try {
    work()
  } catch (error) {
    if (error instanceof ScriptError) return error.failure
    throw error
  }
  return undefined
}
