import type { Realm } from './contract.ts'

/**
 * Runs programs in the realm of the engine itself: for browsers, tests and embedding where documents are trusted. It is
 * no security border. Names are held apart in the same way as in a realm of its own; assignments to members that
 * intrinsics already have are ignored, so that a document cannot change the host's. New members of intrinsics (polyfills)
 * are seen by the host, and so is `Object.prototype.toSource`, which is not enumerable.
 *
 * Spec: script-rules E11.
 */
export function sameRealm(): Realm {
  return {
    kind: 'same-realm',
    // An indirect call: the code sees global names only.
    // oxlint-disable-next-line no-eval -- the one place where programs become code outside of a context of their own
    evaluate: (code, name) => globalThis.eval(`${code}\n//# sourceURL=${name.replace(/\s/g, '_')}`),
  }
}
