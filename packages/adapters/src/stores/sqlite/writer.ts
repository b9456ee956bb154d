import type {
  AppendResult,
  EntityRef,
  InboxBatch,
  PartitionBatch,
  PurgeRequest,
  RowChange,
  Step,
  StoredEntity,
  StoreQuery,
} from '@segue/runtime'
import type { Database, Statement, WorkerSettings, WorkerTools, WriterRequest } from './worker-protocol.ts'

/**
 * The writer: owns the one connection that changes the file and answers requests in their order. Runs in a worker
 * thread from its own source text, so it uses nothing from outside of its braces but types (see `worker-source.ts`).
 */
export function writerMain(
  settings: WorkerSettings,
  { open, toText, fromText, onPoint }: WorkerTools,
): (request: WriterRequest) => unknown {
  let lock: Database | undefined
  let db: Database | undefined
  const statements = new Map<string, Statement>()
  /** By number of lines. */
  const traceInserts: string[] = []

  return handle

  function handle(request: WriterRequest): unknown {
    switch (request.op) {
      case 'open':
        return openStore()
      case 'claim':
        return write(() => request.partitions.map((partition) => claim(partition, request.owner)))
      case 'renew':
        return write(
          () =>
            sql('update part set beat = beat + 1 where p = ? and epoch = ?').run(request.partition, request.epoch)
              .changes === 1,
        )
      case 'release':
        return write(() => {
          for (const { partition, epoch } of request.held) {
            sql('update part set owner = null where p = ? and epoch = ?').run(partition, epoch)
          }
        })
      case 'commit':
        return writeSteps(request.batches)
      case 'append':
        return write(() => request.batches.map(append))
      case 'load':
        return request.refs.map(load).filter((stored) => stored !== undefined)
      case 'due':
        return sql(
          `select e.kind, e.id as owner, t.id, t.due from timer t join entity e on e.rid = t.entity
           where t.due <= ? and t.p in (select value from json_each(?)) order by t.due limit ?`,
        )
          .all(request.untilEpochMs, JSON.stringify(request.partitions), request.limit)
          .map((row) => ({ owner: refOf(row['kind'], row['owner']), id: text(row['id']), dueEpochMs: row['due'] }))
      case 'query':
        return query(request.query)
      case 'purge':
        return write(() => purge(request.request))
      case 'restartLog':
        onPoint('in-checkpoint')
        sql('pragma wal_checkpoint(restart)').all()
        return undefined
      case 'close':
        return close()
    }
  }

  function sql(text: string): Statement {
    let statement = statements.get(text)
    if (statement === undefined) {
      if (db === undefined) throw Object.assign(new Error('the store is not open'), { code: 'CLOSED' })
      statement = db.prepare(text)
      statements.set(text, statement)
    }
    return statement
  }

  /** Runs `change` in one transaction; whatever goes wrong leaves the file as it was. */
  function write<T>(change: () => T): T {
    sql('begin immediate').run()
    try {
      const result = change()
      sql('commit').run()
      return result
    } catch (error) {
      try {
        sql('rollback').run()
      } catch {
        // Some failures, a full disk among them, have rolled back already.
      }
      throw error
    }
  }

  function writeSteps(batches: readonly PartitionBatch[]): readonly ('committed' | 'fenced')[] {
    const results = write(() => {
      const done = batches.map((batch) => commit(batch))
      onPoint('before-commit')
      return done
    })
    onPoint('after-commit')
    return results
  }

  function openStore(): void {
    // A lock of the system on a file of its own: it goes with the process, however that ends.
    lock = open(`${settings.path}-lock`, { timeout: 0 })
    try {
      lock.exec('begin exclusive')
    } catch (error) {
      lock.close()
      lock = undefined
      throw Object.assign(new Error('locked'), { code: 'LOCKED', cause: error })
    }
    try {
      db = open(settings.path, { timeout: 5000 })
      checkIsStore()
      sql('pragma journal_mode = wal').all()
      sql('pragma synchronous = full').all()
      sql('pragma wal_autocheckpoint = 0').all()
      sql('pragma cache_size = -65536').all()
      if (settings.maxPages !== undefined) sql(`pragma max_page_count = ${settings.maxPages}`).all()
      migrate()
    } catch (error) {
      close()
      throw error
    }
  }

  /** Refuses a file that something else has made. */
  function checkIsStore(): void {
    const tables = sql("select name from sqlite_master where type = 'table'").all()
    const isStore = tables.length === 0 || tables.some((table) => table['name'] === 'meta')
    if (!isStore) throw Object.assign(new Error('it is a database of another program'), { code: 'NOTSTORE' })
  }

  function migrate(): void {
    write(() => {
      sql('create table if not exists meta (key text primary key, value integer not null) strict').run()
    })
    const found = meta('schema') ?? 0
    if (found > settings.migrations.length) {
      throw Object.assign(new Error('newer schema'), { code: 'NEWER', found })
    }
    for (let version = found; version < settings.migrations.length; version++) {
      write(() => {
        db?.exec(settings.migrations[version] ?? '')
        onPoint('in-migration')
        setMeta('schema', version + 1)
      })
    }
    const partitions = meta('partitions')
    if (partitions === undefined) write(() => setMeta('partitions', settings.partitions))
    else if (partitions !== settings.partitions) {
      throw Object.assign(new Error('other number of partitions'), { code: 'PARTITIONS', found: partitions })
    }
  }

  function meta(key: string): number | undefined {
    const row = sql('select value from meta where key = ?').get(key)
    return row === undefined ? undefined : Number(row['value'])
  }

  function setMeta(key: string, value: number): void {
    sql('insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value').run(
      key,
      value,
    )
  }

  function close(): void {
    statements.clear()
    db?.close()
    db = undefined
    lock?.close()
    lock = undefined
  }

  function claim(partition: number, owner: string): number {
    sql(
      `insert into part (p, owner, epoch, beat) values (?, ?, 1, 0)
       on conflict (p) do update set owner = excluded.owner, epoch = epoch + 1, beat = 0`,
    ).run(partition, owner)
    return Number(sql('select epoch from part where p = ?').get(partition)?.['epoch'])
  }

  function append({ partition, epoch, messages }: InboxBatch): AppendResult {
    if (!isHeld(partition, epoch)) return 'fenced'
    return messages.map(
      ({ to, body }) =>
        sql('insert into inbox (kind, id, p, body) values (?, ?, ?, ?)').run(to.kind, toText(to.id), partition, body)
          .lastInsertRowid,
    )
  }

  function isHeld(partition: number, epoch: number): boolean {
    return sql('select epoch from part where p = ?').get(partition)?.['epoch'] === epoch
  }

  /** Looks before it changes anything, so that a fenced batch leaves nothing behind. */
  function commit(batch: PartitionBatch): 'committed' | 'fenced' {
    if (!isHeld(batch.partition, batch.epoch)) return 'fenced'
    const known = new Map<string, { rid: number | undefined; version: number }>()
    for (const { ref, expectedVersion, version } of batch.steps) {
      const key = `${ref.kind}/${ref.id}`
      let entity = known.get(key)
      if (entity === undefined) {
        const row = sql('select rid, ver from entity where kind = ? and id = ?').get(ref.kind, toText(ref.id))
        entity = { rid: row === undefined ? undefined : Number(row['rid']), version: Number(row?.['ver'] ?? 0) }
        known.set(key, entity)
      }
      if (entity.version !== expectedVersion) return 'fenced'
      entity.version = version
    }
    for (const step of batch.steps) {
      const entity = known.get(`${step.ref.kind}/${step.ref.id}`)
      const rid = writeEntity(step, batch.partition, entity?.rid)
      if (entity !== undefined) entity.rid = rid
      writeState(rid, step)
      writeRows(rid, batch.partition, step)
    }
    for (const key of batch.answered ?? []) sql('delete from effect where key = ?').run(toText(key))
    for (const sequence of batch.taken ?? []) sql('delete from inbox where seq = ?').run(sequence)
    return 'committed'
  }

  function writeEntity(step: Step, partition: number, rid: number | undefined): number {
    const attributes = step.attributes === undefined ? undefined : attributeText(step.attributes)
    // 1: long ago, in stores of the first schema.
    const ended = step.change.kind === 'end' ? Math.max(1, Math.floor(step.change.endedAtEpochMs)) : 0
    if (rid === undefined) {
      return sql('insert into entity (kind, id, p, ver, ended, attributes) values (?, ?, ?, ?, ?, ?)').run(
        step.ref.kind,
        toText(step.ref.id),
        partition,
        step.version,
        ended,
        attributes ?? '{}',
      ).lastInsertRowid
    }
    // `ended` stands in indexes: it is named only where it changes.
    if (ended > 0) {
      sql('update entity set ver = ?, ended = ?, attributes = coalesce(?, attributes) where rid = ?').run(
        step.version,
        ended,
        attributes ?? null,
        rid,
      )
    } else if (attributes === undefined) {
      sql('update entity set ver = ? where rid = ?').run(step.version, rid)
    } else {
      sql('update entity set ver = ?, attributes = ? where rid = ?').run(step.version, attributes, rid)
    }
    return rid
  }

  function writeState(rid: number, { change, version }: Step): void {
    const state = change.kind === 'snapshot' || change.kind === 'end' ? change.state : undefined
    const redo = change.kind === 'redo' || change.kind === 'end' ? change.redo : undefined
    if (state !== undefined) {
      sql(
        'insert into snapshot (entity, state) values (?, ?) on conflict (entity) do update set state = excluded.state',
      ).run(rid, Buffer.from(state.buffer, state.byteOffset, state.byteLength))
      sql('delete from redo where entity = ?').run(rid)
    }
    if (redo !== undefined) {
      sql('insert into redo (entity, ver, record) values (?, ?, ?)').run(
        rid,
        version,
        Buffer.from(redo.buffer, redo.byteOffset, redo.byteLength),
      )
    }
  }

  function writeRows(rid: number, partition: number, step: Step): void {
    for (const key of step.answered) sql('delete from effect where key = ?').run(toText(key))
    for (const effect of step.effects) {
      sql('insert into effect (key, entity, p, mode, type, body, planned) values (?, ?, ?, ?, ?, ?, ?)').run(
        toText(effect.key),
        rid,
        partition,
        effect.mode,
        toText(effect.type),
        effect.body,
        effect.plannedAtEpochMs,
      )
    }
    for (const id of step.timersDeleted) sql('delete from timer where entity = ? and id = ?').run(rid, toText(id))
    for (const timer of step.timersPut) {
      sql(
        `insert into timer (entity, id, due, p) values (?, ?, ?, ?)
         on conflict (entity, id) do update set due = excluded.due`,
      ).run(rid, toText(timer.id), timer.dueEpochMs, partition)
    }
    for (const change of step.rows) writeRow(rid, change)
    writeTrace(rid, step)
    for (const sequence of step.taken) sql('delete from inbox where seq = ?').run(sequence)
    if (step.change.kind !== 'end') return
    sql('delete from timer where entity = ?').run(rid)
    sql('delete from inbox where kind = ? and id = ?').run(step.ref.kind, toText(step.ref.id))
  }

  /** Several lines in one statement cost less than a statement each. */
  function writeTrace(rid: number, { trace, version }: Step): void {
    const linesAtOnce = 16
    for (let from = 0; from < trace.length; from += linesAtOnce) {
      const lines = trace.slice(from, from + linesAtOnce)
      const insert = (traceInserts[lines.length] ??= `insert into trace (entity, ver, line) values ${lines
        .map((_, at) => `(?1, ?2, ?${at + 3})`)
        .join(', ')}`)
      sql(insert).run(rid, version, ...lines)
    }
  }

  function writeRow(rid: number, change: RowChange): void {
    const [table, key] = [toText(change.table), toText(change.key)]
    if (change.kind === 'delete') {
      sql('delete from row where entity = ? and tbl = ? and key = ?').run(rid, table, key)
    } else if (change.table === 'document') {
      sql('insert into document (hash, value) values (?, ?) on conflict (hash) do nothing').run(
        key,
        toText(change.value),
      )
    } else {
      sql(
        `insert into row (entity, tbl, key, value) values (?, ?, ?, ?)
         on conflict (entity, tbl, key) do update set value = excluded.value`,
      ).run(rid, table, key, toText(change.value))
    }
  }

  function load(ref: EntityRef): unknown {
    const id = toText(ref.id)
    const entity = sql('select rid, ver, ended, attributes from entity where kind = ? and id = ?').get(ref.kind, id)
    const inbox = sql('select seq, body from inbox where kind = ? and id = ? order by seq')
      .all(ref.kind, id)
      .map((row) => ({ sequence: row['seq'], body: row['body'] }))
    if (entity === undefined) {
      if (inbox.length === 0) return undefined
      const none: readonly never[] = []
      return {
        ref,
        version: 0,
        hasEnded: false,
        attributes: {},
        redo: none,
        effects: none,
        timers: none,
        inbox,
        rows: none,
      }
    }
    const rid = entity['rid']
    return {
      ref: { kind: ref.kind, id: ref.id },
      version: entity['ver'],
      hasEnded: entity['ended'] !== 0,
      attributes: attributesOf(entity['attributes']),
      state: bytes(sql('select state from snapshot where entity = ?').get(rid)?.['state']),
      redo: sql('select record from redo where entity = ? order by ver')
        .all(rid)
        .map((row) => bytes(row['record'])),
      effects: sql('select * from effect where entity = ? order by seq')
        .all(rid)
        .map((row) => effectRow(row, ref)),
      timers: sql('select id, due from timer where entity = ?')
        .all(rid)
        .map((row) => ({ owner: ref, id: text(row['id']), dueEpochMs: row['due'] })),
      inbox,
      rows: sql('select tbl, key, value from row where entity = ?')
        .all(rid)
        .map((row): StoredEntity['rows'][number] => ({
          table: text(row['tbl']),
          key: text(row['key']),
          value: text(row['value']),
        })),
    }
  }

  function effectRow(row: Readonly<Record<string, unknown>>, owner: unknown): unknown {
    const { key, mode, type, body, planned } = row
    return { key: text(key), owner, mode, type: text(type), body, plannedAtEpochMs: planned }
  }

  function refOf(kind: unknown, id: unknown): unknown {
    return { kind, id: text(id) }
  }

  function text(stored: unknown): string {
    return fromText(String(stored))
  }

  function attributeText(attributes: Readonly<Record<string, string>>): string {
    const text = JSON.stringify(attributes)
    // What `toText` changes stands as an escape in JSON, or does not occur.
    if (!/\\u(?:0000|001a|d[89a-f])/.test(text)) return text
    const stored = Object.entries(attributes).map(([name, value]) => [toText(name), toText(value)])
    return JSON.stringify(Object.fromEntries(stored))
  }

  function attributesOf(stored: unknown): Readonly<Record<string, string>> {
    const entries = Object.entries(JSON.parse(String(stored)))
    return Object.fromEntries(entries.map(([name, value]) => [text(name), text(value)]))
  }

  function bytes(value: unknown): Uint8Array | undefined {
    if (value instanceof ArrayBuffer) return new Uint8Array(value)
    return value instanceof Uint8Array ? value.slice() : undefined
  }

  function purge({ endedBeforeEpochMs, maxTraceLines, limit }: PurgeRequest): number {
    const ended = sql(
      `select rid from entity where ended > 0 and ended < ?
         and not exists (select 1 from effect where entity = rid) order by ended limit ?`,
    ).all(Math.floor(endedBeforeEpochMs), limit)
    for (const { rid } of ended) {
      for (const table of ['snapshot', 'redo', 'timer', 'row', 'trace']) {
        sql(`delete from ${table} where entity = ?`).run(rid)
      }
      sql('delete from entity where rid = ?').run(rid)
    }
    const lines = sql(
      `delete from trace where seq in (
         select seq from trace where seq <= (select max(seq) from trace) - ? order by seq limit ?)`,
    ).run(maxTraceLines, limit * 100)
    return ended.length + lines.changes
  }

  function query(asked: StoreQuery): unknown {
    switch (asked.kind) {
      case 'entities':
        return sql(
          `select kind, id, ver, ended, attributes from entity e
           where kind = ? and id > ? and ended <= ? and not exists (
             select 1 from json_each(?) w where not exists (
               select 1 from json_each(e.attributes) a where a.key = w.key and a.value = w.value))
           order by id limit ?`,
        )
          .all(
            asked.entityKind,
            toText(asked.after ?? ''),
            asked.running ? 0 : Number.MAX_SAFE_INTEGER,
            attributeText(asked.where ?? {}),
            asked.limit,
          )
          .map((row) => ({
            ref: refOf(row['kind'], row['id']),
            version: row['ver'],
            hasEnded: row['ended'] !== 0,
            attributes: attributesOf(row['attributes']),
          }))
      case 'effects':
        return sql(
          `select f.*, e.kind, e.id from effect f join entity e on e.rid = f.entity
           where f.p in (select value from json_each(?))
             and f.seq > coalesce((select seq from effect where key = ?), 0)
           order by f.seq limit ?`,
        )
          .all(JSON.stringify(asked.partitions), toText(asked.after ?? ''), asked.limit)
          .map((row) => effectRow(row, refOf(row['kind'], row['id'])))
      case 'waiting':
        return sql(
          `select kind, id from inbox where p in (select value from json_each(?))
           group by kind, id order by min(seq) limit ?`,
        )
          .all(JSON.stringify(asked.partitions), asked.limit)
          .map((row) => refOf(row['kind'], row['id']))
      case 'trace':
        return sql(
          `select t.seq, t.ver, t.line from trace t join entity e on e.rid = t.entity
           where e.kind = ? and e.id = ? and t.seq > ? order by t.seq limit ?`,
        )
          .all(asked.ref.kind, toText(asked.ref.id), asked.afterSequence, asked.limit)
          .map((row) => ({ sequence: row['seq'], atVersion: row['ver'], line: row['line'] }))
      case 'document':
        return documentOf(sql('select value from document where hash = ?').get(toText(asked.hash)))
      case 'counts':
        return {
          sessions: count("entity where kind = 'session' and ended = 0"),
          interactions: count("entity where kind = 'interaction' and ended = 0"),
          effects: count('effect'),
          timers: count('timer'),
          inbox: count('inbox'),
        }
    }
  }

  function documentOf(row: Readonly<Record<string, unknown>> | undefined): string | undefined {
    return row === undefined ? undefined : text(row['value'])
  }

  function count(from: string): number {
    return Number(sql(`select count(*) as n from ${from}`).get()?.['n'])
  }
}
