import { constants, createContext, Script } from 'node:vm'
import type { Realm } from '@segue/scxml'

/** Globals that scripts of sessions may reach; everything else is removed (script-rules E9). */
const kept = [
  'Object Function Array String Number Boolean Symbol BigInt Math Date RegExp JSON Map Set WeakMap WeakSet',
  'Error EvalError RangeError ReferenceError SyntaxError TypeError URIError AggregateError',
  'parseInt parseFloat isNaN isFinite encodeURI encodeURIComponent decodeURI decodeURIComponent escape unescape',
  'Reflect Proxy Intl eval globalThis undefined NaN Infinity',
].join(' ')

const removal = `(function (kept) {
  for (const key of Reflect.ownKeys(globalThis)) if (!kept.includes(key)) delete globalThis[key]
  // Newer engines: the only way to a promise that no global name leads to.
  delete Array.fromAsync
})(${JSON.stringify(kept.split(' '))})`

/**
 * A global environment of its own for one application version: no strings become code inside, no object of the host
 * is inside, nothing runs after a script has ended. The program that is bound to it freezes it.
 *
 * Cost: about 0.3 MB and some milliseconds; one per application version, never one per session.
 * Spec: script-rules E9, E11.
 */
export function contextRealm(): Realm {
  const context = createContext(constants.DONT_CONTEXTIFY, {
    name: 'segue application',
    codeGeneration: { strings: false, wasm: false },
    microtaskMode: 'afterEvaluate',
  })
  new Script(removal, { filename: 'segue-realm' }).runInContext(context)
  return {
    kind: 'context',
    evaluate: (code, name) => new Script(code, { filename: name }).runInContext(context),
  }
}
