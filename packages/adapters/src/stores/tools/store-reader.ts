/** A row of a store as its engine gives it. */
export type StoreRow = Readonly<Record<string, unknown>>

/** Reads a store as it is at one moment, also while a node uses it. Changes nothing. */
export interface StoreReader extends AsyncDisposable {
  readonly engine: 'sqlite' | 'postgres'
  readonly location: string
  readonly schemaVersion: number
  readonly partitions: number
  readonly sql: StoreSql
  /** Rows of a query; `?` are its parameters. */
  rows(query: string, ...values: readonly unknown[]): Promise<readonly StoreRow[]>
  /** What the engine itself finds wrong with the file, one text each. */
  damage(): Promise<readonly string[]>
  sizes(): Promise<StoreSizes>
}

/** Bytes that a store takes. */
export interface StoreSizes {
  readonly totalBytes: number
  /** SQLite: of the total, the log that no checkpoint has moved yet. */
  readonly logBytes: number
}

/** Queries whose form follows from an engine's tables. `subject` is `<kind>/<id>` in stored text. */
export interface StoreSql {
  /** What entities are found by when they are read page by page, and where that begins. */
  readonly first: number | string
  /** After `?`, at most `?`: at, subject, p, ver, ended, attributes. */
  readonly entities: string
  /** Of entities from above `?` to `?`: subject, part (`state`, `redo`), ver, bytes. */
  readonly records: string
  /** Of entities from above `?` to `?`: subject, key, body. */
  readonly effects: string
  /** After `?`, at most `?`: seq, subject, body. */
  readonly inbox: string
  /** After `?`, at most `?`: seq, subject, line. */
  readonly trace: string
  /** Rows of a table whose entity does not exist, each owner once. */
  orphans(table: string): string
  readonly timersOfEnded: string
  readonly sessionsWithoutState: string
  /** kind, ended (0 or 1), n. */
  readonly entityCounts: string
  readonly oldestEffect: string
  /** Tables that hold rows of entities, by the words for one of their rows. */
  readonly tables: Readonly<Record<string, string>>
  readonly documentTable: string
}
