/** Catalogue of what stores report: message, hint, handling. */
export const storeFaults = {
  'SEG-STORE-001': {
    message: 'store "{location}" is in use by another process',
    hint: 'stop the other node, or give this one a store of its own',
    severity: 'error',
    handling: 'terminal',
    status: 503,
  },
  'SEG-STORE-002': {
    message: 'store "{location}" has schema version {found}, this program knows versions up to {known}',
    hint: 'run the newer program; a store is never taken back to an older version',
    severity: 'error',
    handling: 'terminal',
    status: 500,
  },
  'SEG-STORE-003': {
    message: '"{location}" is no store: {reason}',
    hint: 'give the place of a store, of a file that does not exist yet, or of a database without a schema "segue"',
    severity: 'error',
    handling: 'terminal',
    status: 500,
  },
  'SEG-STORE-004': {
    message: 'store "{location}" has {found} partitions, the configuration says {expected}',
    hint: 'the number of partitions is fixed when a store is created; set it back or create a new store',
    severity: 'error',
    handling: 'terminal',
    status: 500,
  },
  'SEG-STORE-005': {
    message: 'store "{location}" did not do "{operation}": {reason}',
    hint: 'look at disk space, permissions and other users of the store; it is tried again',
    severity: 'error',
    handling: 'pause',
    status: 503,
  },
  'SEG-STORE-006': {
    message: 'store "{location}" is closed',
    hint: 'this is a defect of the program: something uses the store after its end',
    severity: 'error',
    handling: 'terminal',
    status: 503,
  },
  'SEG-STORE-007': {
    message: 'store "{location}" cannot be reached: {reason}',
    hint: 'look at the database server, its address and the user; a running node goes on when it is back',
    severity: 'error',
    handling: 'pause',
    status: 503,
  },
  'SEG-STORE-008': {
    message: 'store "{location}" has {waiting} calls waiting',
    hint: 'the database is slower than what comes in; it is tried again',
    severity: 'error',
    handling: 'pause',
    status: 503,
  },
  'SEG-STORE-009': {
    message: 'the server of store "{location}" is version {found}; {needed} or later is needed',
    hint: 'upgrade the database server',
    severity: 'error',
    handling: 'terminal',
    status: 500,
  },
  'SEG-STORE-010': {
    message: 'there is no store at "{location}"',
    hint: 'name the data folder of a node with --data, or a database with --store',
    severity: 'error',
    handling: 'terminal',
    status: 404,
  },
  'SEG-STORE-011': {
    message: 'backup "{location}" is not sound: {reason}',
    hint: 'take another backup; nothing was changed',
    severity: 'error',
    handling: 'terminal',
    status: 422,
  },
  'SEG-STORE-012': {
    message: 'store "{location}" has unfinished work: {reason}',
    hint: 'let it end, or add --replace: the store is then kept beside the new one',
    severity: 'error',
    handling: 'terminal',
    status: 409,
  },
  'SEG-STORE-013': {
    message: '"{location}" exists already',
    hint: 'name a file that does not exist yet',
    severity: 'error',
    handling: 'terminal',
    status: 409,
  },
} as const

/** Code of an entry in the catalogue of stores. */
export type StoreFaultCode = keyof typeof storeFaults

/** A store operation that did not happen. */
export class StoreError extends Error {
  readonly code: StoreFaultCode

  constructor(code: StoreFaultCode, parameters: Readonly<Record<string, string | number>>, cause?: unknown) {
    const text = storeFaults[code].message.replace(/\{(\w+)\}/g, (whole, name: string) =>
      String(parameters[name] ?? whole),
    )
    super(text, cause === undefined ? undefined : { cause })
    this.name = 'StoreError'
    this.code = code
  }
}
