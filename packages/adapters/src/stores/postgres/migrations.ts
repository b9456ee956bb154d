/**
 * Numbered migrations: entry n brings a store from schema version n to n + 1, in one transaction. Released entries
 * never change; a new form of the store is a new entry at the end. Plain SQL only, and `p` in the keys, so that
 * engines that speak the protocol and spread tables can take it. Spec: design P11.
 */
export const POSTGRES_MIGRATIONS: readonly string[] = [
  `
  create table part (p integer primary key, owner text, epoch bigint not null, beat bigint not null)
    with (fillfactor = 50);

  -- key is "<kind>/<id>"; bytes decide its order, on every server.
  create table entity (
    p integer not null,
    key text collate "C" not null,
    ver bigint not null,
    ended bigint not null,
    attributes jsonb not null,
    primary key (p, key)
  ) with (fillfactor = 70);
  create index entity_by_key on entity (key);
  create index entity_running on entity (key) where ended = 0;

  -- Apart from entity, so that a redo step does not rewrite the snapshot. Its bytes are compressed already.
  create table snapshot (p integer not null, entity text collate "C" not null, state bytea not null,
    primary key (p, entity)) with (fillfactor = 70);
  alter table snapshot alter column state set storage external;
  create table redo (p integer not null, entity text collate "C" not null, ver bigint not null, record bytea not null,
    primary key (p, entity, ver));
  alter table redo alter column record set storage external;

  create table effect (
    key text collate "C" primary key,
    seq bigint generated always as identity,
    p integer not null,
    entity text collate "C" not null,
    mode text not null,
    type text not null,
    body text not null,
    planned bigint not null
  );
  create index effect_by_seq on effect (seq);
  create index effect_by_entity on effect (p, entity);

  create table timer (p integer not null, entity text collate "C" not null, id text collate "C" not null,
    due bigint not null, primary key (p, entity, id));
  create index timer_by_due on timer (due);

  create table inbox (
    seq bigint generated always as identity primary key,
    p integer not null,
    entity text collate "C" not null,
    body text not null
  );
  create index inbox_by_entity on inbox (p, entity);

  create table named_row (p integer not null, entity text collate "C" not null, tbl text collate "C" not null,
    key text collate "C" not null, value text not null, primary key (p, entity, tbl, key));
  create table document (hash text collate "C" primary key, value text not null);

  create table trace (
    seq bigint generated always as identity primary key,
    p integer not null,
    entity text collate "C" not null,
    ver bigint not null,
    line text not null
  );
  create index trace_by_entity on trace (entity, seq);
  `,
  // The last call of every writer with its answer, so that a writer whose connection broke knows whether it landed.
  `
  create table writer (id text primary key, generation bigint not null, call bigint not null, answer text,
    seen timestamptz not null) with (fillfactor = 50);
  create index entity_ended on entity (ended) where ended > 0;
  `,
]
