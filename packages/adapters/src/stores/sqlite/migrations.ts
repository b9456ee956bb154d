/**
 * Numbered migrations: entry n brings a store from schema version n to n + 1. Released entries never change; a new form
 * of the store is a new entry at the end. Spec: design P11.
 */
export const MIGRATIONS: readonly string[] = [
  `
  create table part (p integer primary key, owner text, epoch integer not null, beat integer not null) strict;

  create table entity (
    rid integer primary key,
    kind text not null,
    id text not null,
    p integer not null,
    ver integer not null,
    ended integer not null,
    attributes text not null
  ) strict;
  create unique index entity_by_id on entity (kind, id);
  create index entity_running on entity (kind, id) where ended = 0;

  -- Apart from entity, so that a redo step does not rewrite the snapshot.
  create table snapshot (entity integer primary key, state blob not null) strict;
  create table redo (entity integer not null, ver integer not null, record blob not null, primary key (entity, ver))
    strict, without rowid;

  create table effect (
    seq integer primary key,
    key text not null,
    entity integer not null,
    p integer not null,
    mode text not null,
    type text not null,
    body text not null,
    planned integer not null
  ) strict;
  create unique index effect_by_key on effect (key);
  create index effect_by_entity on effect (entity);

  create table timer (entity integer not null, id text not null, due integer not null, p integer not null,
    primary key (entity, id)) strict, without rowid;
  create index timer_by_due on timer (due);

  create table inbox (
    seq integer primary key autoincrement,
    kind text not null,
    id text not null,
    p integer not null,
    body text not null
  ) strict;
  create index inbox_by_entity on inbox (kind, id);

  create table row (entity integer not null, tbl text not null, key text not null, value text not null,
    primary key (entity, tbl, key)) strict, without rowid;
  create table document (hash text primary key, value text not null) strict, without rowid;

  create table trace (seq integer primary key, entity integer not null, ver integer not null, line text not null) strict;
  create index trace_by_entity on trace (entity);
  `,
  // `ended` holds the time of the end in milliseconds since 1970.
  `
  create index entity_ended on entity (ended) where ended > 0;
  `,
]
