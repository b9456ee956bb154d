create table meta (key text primary key, value integer not null) strict;

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
  
  create index entity_ended on entity (ended) where ended > 0;
  insert into document (hash, value) values ('abc123', '<scxml/>');
insert into effect (seq, key, entity, p, mode, type, body, planned) values (1, 'session/000AB0000000000000000000000CORPU:1:0', 1, 3, 'open', 'queue.submit', '{"queue":"Zoë"}', 1700000000000);
insert into entity (rid, kind, id, p, ver, ended, attributes) values (1, 'session', '000AB0000000000000000000000CORPU', 3, 2, 0, '{"url":"file:///desk.scxml","name":"Zoë"}');
insert into entity (rid, kind, id, p, ver, ended, attributes) values (2, 'interaction', 'ended/"call"', 0, 1, 1690000000000, '{}');
insert into inbox (seq, kind, id, p, body) values (1, 'session', '000AB0000000000000000000000CORPU', 3, '{"to":{"kind":"session","id":"000AB0000000000000000000000CORPU"},"source":"api","body":{"kind":"event"}}');
insert into meta (key, value) values ('schema', 2);
insert into meta (key, value) values ('partitions', 4);
insert into part (p, owner, epoch, beat) values (0, 'corpus', 1, 0);
insert into part (p, owner, epoch, beat) values (3, 'corpus', 2, 0);
insert into redo (entity, ver, record) values (1, 2, x'0101000000007b226e223a327d');
insert into row (entity, tbl, key, value) values (1, 'agent', 'ada', '{"state":"ready"}');
insert into snapshot (entity, state) values (1, x'0101000000007b226e223a317d');
insert into snapshot (entity, state) values (2, x'0101000000007b226f766572223a747275657d');
insert into timer (entity, id, due, p) values (1, 'late', 1700000060000, 3);
insert into trace (seq, entity, ver, line) values (1, 1, 1, '{"kind":"state"}');
insert into trace (seq, entity, ver, line) values (2, 1, 1, '{"kind":"action"}');
insert into trace (seq, entity, ver, line) values (3, 2, 1, '{"kind":"ended"}');
