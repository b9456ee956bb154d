import { sameRealm } from '../script/same-realm.ts'
import { codecText } from './codec-text.ts'

interface CodecFunctions {
  encode(value: unknown, onUnsaved: (path: string, what: string) => void): string
  decode(text: string): unknown
}

let codec: CodecFunctions | undefined

/**
 * Reads an encoded value (JSON text or the codec's form) as a value of this realm: for modules, tools and tests.
 * Functions of applications are no data here.
 *
 * Errors: throws `Error` on broken text.
 */
export function decodeValue(text: string): unknown {
  return functions().decode(text)
}

/** Encodes a value of this realm as scripts will read it. What cannot be saved is `undefined`. */
export function encodeValue(value: unknown): string {
  return functions().encode(value, () => {})
}

function functions(): CodecFunctions {
  if (codec === undefined) {
    const make: unknown = sameRealm().evaluate(codecText, 'segue-codec')
    const made: unknown = typeof make === 'function' ? make(ownNames()) : undefined
    if (!isCodec(made)) throw new Error('the codec could not be made')
    codec = made
  }
  return codec
}

function ownNames(): object {
  return {
    Broken: Error,
    nameOf: () => undefined,
    codeOf: () => undefined,
    find: () => undefined,
    makeFunction: () => undefined,
    closureOf: () => undefined,
    makeClosure: () => undefined,
    isLocals: () => false,
    makeLocals: () => ({}),
    holdLocal: () => undefined,
    isProxy: () => false,
  }
}

function isCodec(value: unknown): value is CodecFunctions {
  return typeof value === 'object' && value !== null && 'encode' in value && 'decode' in value
}
