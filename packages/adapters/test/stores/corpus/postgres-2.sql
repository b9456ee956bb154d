create schema segue;
set search_path = segue;
create table meta (key text primary key, value bigint not null);

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
  
  create table writer (id text primary key, generation bigint not null, call bigint not null, answer text,
    seen timestamptz not null) with (fillfactor = 50);
  create index entity_ended on entity (ended) where ended > 0;
  insert into meta overriding system value select * from json_populate_record(null::meta, '{"key":"schema","value":2}');
insert into meta overriding system value select * from json_populate_record(null::meta, '{"key":"partitions","value":4}');
insert into part overriding system value select * from json_populate_record(null::part, '{"p":3,"owner":"corpus","epoch":2,"beat":0}');
insert into part overriding system value select * from json_populate_record(null::part, '{"p":0,"owner":"corpus","epoch":1,"beat":0}');
insert into entity overriding system value select * from json_populate_record(null::entity, '{"p":3,"key":"session/000AB0000000000000000000000CORPU","ver":2,"ended":0,"attributes":{"url":"file:///desk.scxml","name":"Zoë"}}');
insert into entity overriding system value select * from json_populate_record(null::entity, '{"p":0,"key":"interaction/ended/\"call\"","ver":1,"ended":1690000000000,"attributes":{}}');
insert into snapshot overriding system value select * from json_populate_record(null::snapshot, '{"p":3,"entity":"session/000AB0000000000000000000000CORPU","state":"\\x0101000000007b226e223a317d"}');
insert into snapshot overriding system value select * from json_populate_record(null::snapshot, '{"p":0,"entity":"interaction/ended/\"call\"","state":"\\x0101000000007b226f766572223a747275657d"}');
insert into redo overriding system value select * from json_populate_record(null::redo, '{"p":3,"entity":"session/000AB0000000000000000000000CORPU","ver":2,"record":"\\x0101000000007b226e223a327d"}');
insert into effect overriding system value select * from json_populate_record(null::effect, '{"key":"session/000AB0000000000000000000000CORPU:1:0","seq":1,"p":3,"entity":"session/000AB0000000000000000000000CORPU","mode":"open","type":"queue.submit","body":"{\"queue\":\"Zoë\"}","planned":1700000000000}');
select setval(pg_get_serial_sequence('effect', 'seq'), 1);
insert into timer overriding system value select * from json_populate_record(null::timer, '{"p":3,"entity":"session/000AB0000000000000000000000CORPU","id":"late","due":1700000060000}');
insert into inbox overriding system value select * from json_populate_record(null::inbox, '{"seq":1,"p":3,"entity":"session/000AB0000000000000000000000CORPU","body":"{\"to\":{\"kind\":\"session\",\"id\":\"000AB0000000000000000000000CORPU\"},\"source\":\"api\",\"body\":{\"kind\":\"event\"}}"}');
select setval(pg_get_serial_sequence('inbox', 'seq'), 1);
insert into named_row overriding system value select * from json_populate_record(null::named_row, '{"p":3,"entity":"session/000AB0000000000000000000000CORPU","tbl":"agent","key":"ada","value":"{\"state\":\"ready\"}"}');
insert into document overriding system value select * from json_populate_record(null::document, '{"hash":"abc123","value":"<scxml/>"}');
insert into trace overriding system value select * from json_populate_record(null::trace, '{"seq":1,"p":3,"entity":"session/000AB0000000000000000000000CORPU","ver":1,"line":"{\"kind\":\"state\"}"}');
insert into trace overriding system value select * from json_populate_record(null::trace, '{"seq":2,"p":3,"entity":"session/000AB0000000000000000000000CORPU","ver":1,"line":"{\"kind\":\"action\"}"}');
insert into trace overriding system value select * from json_populate_record(null::trace, '{"seq":3,"p":0,"entity":"interaction/ended/\"call\"","ver":1,"line":"{\"kind\":\"ended\"}"}');
select setval(pg_get_serial_sequence('trace', 'seq'), 3);
