import { createContext, runInContext, Script } from 'node:vm'
import { contextRealm } from '@segue/runtime'
import { compileScripts } from '../../packages/scxml/src/script/compile-scripts.ts'
import type { Realm } from '../../packages/scxml/src/script/contract.ts'
import { sameRealm } from '../../packages/scxml/src/script/same-realm.ts'
import { failureOf, library, piece, script, ScriptWorld } from '../../packages/scxml/test/script/script-world.ts'
import { harness, type Case } from './cases.ts'

/** Where a case runs. */
export interface Mode {
  readonly name: string
  readonly makeRealm: () => Realm
  /** A script of the document runs at load and may bring polyfills; others run in states. */
  readonly isDocumentLevel: boolean
}

/** All ways to run a case: at load in the realm of nodes, and in a state in the realm for embedding. */
export const modes: readonly Mode[] = [
  { name: 'document script', makeRealm: contextRealm, isDocumentLevel: true },
  { name: 'embedded', makeRealm: sameRealm, isDocumentLevel: false },
]

/** What is wrong with a case as a script of a session; `undefined` when it passes. */
export function problemInSession({ text, isSyntaxError }: Case, mode: Mode): string | undefined {
  const { diagnostics } = compileScripts({ dialect: 'orchestration', dataIds: [], pieces: [piece(script(text))] })
  const refusal = diagnostics.find(({ severity }) => severity === 'error')
  if (isSyntaxError) return refusal?.code === 'SEG-SCRIPT-001' ? undefined : 'no syntax error was found'
  if (refusal !== undefined) return refusal.message
  const tidy = rememberIntrinsics()
  try {
    const world = new ScriptWorld(mode.makeRealm(), [
      library(harness),
      mode.isDocumentLevel ? library(text) : script(text),
    ])
    world.program.run(0)
    const failure = failureOf(() => world.program.run(1))
    return failure === undefined ? undefined : `${failure.type}: ${failure.message}`
  } finally {
    tidy()
  }
}

/** What is wrong with a case as a script of a plain engine: shows that the case itself is right. */
export function problemInPlainEngine({ text, isSyntaxError }: Case): string | undefined {
  if (isSyntaxError) {
    try {
      void new Script(text)
      return 'no syntax error was found'
    } catch {
      return undefined
    }
  }
  try {
    const context = createContext()
    runInContext(harness, context)
    runInContext(text, context)
    return undefined
  } catch (error) {
    return String(error)
  }
}

/** Takes off what a script adds to intrinsics of this process: the realm for embedding shares them. */
function rememberIntrinsics(): () => void {
  const shared = [Object, Array, String, Number, Boolean, Date, RegExp, Function].flatMap((one) => [one, one.prototype])
  const known = shared.map((object) => [object, new Set(Reflect.ownKeys(object))] as const)
  return () => {
    for (const [object, keys] of known) {
      for (const key of Reflect.ownKeys(object)) if (!keys.has(key)) Reflect.deleteProperty(object, key)
    }
  }
}
