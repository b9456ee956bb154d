/** What a system name compiles to; `isWritable` names do not exist. Spec: script-rules E2, E13. */
export type SystemName =
  | { readonly kind: 'state'; readonly member: string }
  | { readonly kind: 'prefix' }
  | { readonly kind: 'function'; readonly member: string }

const common: readonly (readonly [string, SystemName])[] = [
  ['_event', { kind: 'state', member: 'e' }],
  ['_sessionid', { kind: 'state', member: 'sid' }],
  ['_name', { kind: 'state', member: 'nm' }],
  ['_ioprocessors', { kind: 'state', member: 'io' }],
  ['In', { kind: 'function', member: 'In' }],
]

const orchestration: readonly (readonly [string, SystemName])[] = [
  ['_data', { kind: 'state', member: 'd' }],
  ['_genesys', { kind: 'state', member: 'g' }],
  ['_my_prefix', { kind: 'prefix' }],
  ...[
    '__Log',
    '__Raise',
    '__GetDocumentURL',
    '__GetDocumentBaseURL',
    '__GetDocumentType',
    '__GetQueryString',
    '__GetCurrentStates',
  ].map((member) => [member, { kind: 'function', member }] as const),
]

/** Names that scripts of a dialect can read and never write. */
export const systemNames = {
  w3c: new Map(common),
  orchestration: new Map([...common, ...orchestration]),
} as const

/** Locations below these are read-only as a whole; below `_data` and functions they are not (E13). */
export const sealedRoots: ReadonlySet<string> = new Set([
  '_event',
  '_sessionid',
  '_name',
  '_ioprocessors',
  '_genesys',
  '_my_prefix',
])

/** Names of the language that stay what they are. Removed ones (E9) are missing on purpose. */
export const intrinsicNames: ReadonlySet<string> = new Set(
  (
    'undefined NaN Infinity Object Function Array String Number Boolean Symbol BigInt Math Date RegExp JSON Map Set ' +
    'WeakMap WeakSet Error EvalError RangeError ReferenceError SyntaxError TypeError URIError AggregateError ' +
    'parseInt parseFloat isNaN isFinite encodeURI encodeURIComponent decodeURI decodeURIComponent escape unescape ' +
    'Reflect Proxy Intl eval uneval globalThis'
  ).split(' '),
)

/** Values that no script can change: assignments to them are ignored. */
export const constantNames: ReadonlySet<string> = new Set(['undefined', 'NaN', 'Infinity'])

/** Intrinsics that the program replaces by its own. */
export const replacedIntrinsics: readonly string[] = ['Date', 'Math', 'Function', 'Proxy', 'eval', 'uneval']
