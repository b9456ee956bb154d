/**
 * Statements that may be done only once name their writer: `$1` its id, `$2` the generation of its connection, `$3` the
 * number of the call. They change nothing unless that generation still holds, and leave number and answer in the
 * writer's row, in the same statement. A connection that replaces a broken one raises the generation first: from then on
 * what the broken one left behind cannot be done any more, and the row says whether it was.
 */
const LIVE = `live as materialized (
  select 1 from writer where id = $1 and generation = $2 for no key update)`

function answering(answer: string): string {
  return `told as (
  update writer set call = $3, seen = now(), answer = (${answer}) where id = $1 and generation = $2 returning answer)
select answer from told`
}

/** The batch of a row is one of those that are written. Looked up in an array: joins of arrays cost their product. */
function isOk(rows: string): string {
  return `${rows}.b = any((select ok from verdict)::int[])`
}

/** A new connection of a writer: generation, and what its last call was and gave. */
export const TAKE_OVER = `
insert into writer (id, generation, call, seen) values ($1, 1, 0, now())
on conflict (id) do update set generation = writer.generation + 1, seen = now()
returning generation, call, answer`

/** Owner `$4` takes the partitions `$5`. Gives pairs of partition and epoch. */
export const CLAIM = `
with ${LIVE},
claimed as (
  insert into part (p, owner, epoch, beat)
  select c.p, $4, 1, 0 from live cross join unnest($5::int[]) as c(p) order by c.p
  on conflict (p) do update set owner = excluded.owner, epoch = part.epoch + 1, beat = 0
  returning p, epoch),
${answering("select coalesce(json_agg(json_build_array(p, epoch)), '[]')::text from claimed")}`

/**
 * Partitions `$4` with epochs `$5`; messages: partitions `$6`, entities `$7`, bodies `$8`. Those of a partition that has
 * another epoch are not written, with the same share of its row as a commit. Gives, for each partition that was written,
 * its number and the sequences in the order of its messages.
 */
export const APPEND = `
with ${LIVE},
held as materialized (
  select part.p
  from live cross join unnest($4::int[], $5::bigint[]) as b(p, epoch)
  join part on part.p = b.p and part.epoch = b.epoch
  for share of part),
appended as (
  insert into inbox (p, entity, body)
  select m.p, m.entity, m.body
  from unnest($6::int[], $7::text[], $8::text[]) with ordinality as m(p, entity, body, n)
  where m.p = any(array(select p from held)) order by m.n
  returning p, seq),
written as (
  select h.p, coalesce(json_agg(a.seq order by a.seq) filter (where a.seq is not null), '[]') as sequences
  from held h left join appended a on a.p = h.p group by h.p),
${answering("select coalesce(json_agg(json_build_array(p, sequences)), '[]')::text from written")}`

/**
 * Batches of different partitions. A batch is written when its partition has the epoch it names and its entities have the
 * versions it expects, and then whole; the share of the partition's row makes a claim wait for the commit, and the
 * commit see the claim. Gives the numbers of the batches that were written.
 */
export const COMMIT = `
with ${LIVE},
held as materialized (
  select b.n
  from live cross join unnest($4::int[], $5::int[], $6::bigint[]) as b(n, p, epoch)
  join part on part.p = b.p and part.epoch = b.epoch
  for share of part),
ent as materialized (
  select * from unnest($7::int[], $8::int[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[],
    $14::bool[], $15::bool[]) as e(b, p, key, expected, ver, ended, attributes, clears, ends)),
misfit as materialized (
  select e.b from ent e left join entity s on s.p = e.p and s.key = e.key where coalesce(s.ver, 0) <> e.expected),
verdict as materialized (
  select coalesce(array_agg(h.n), '{}') as ok from held h where not exists (select 1 from misfit m where m.b = h.n)),
made as (
  insert into entity (p, key, ver, ended, attributes)
  select e.p, e.key, e.ver, e.ended, coalesce(e.attributes, '{}')::jsonb
  from ent e where e.expected = 0 and ${isOk('e')}),
changed as (
  update entity s set ver = e.ver, ended = greatest(s.ended, e.ended),
    attributes = case when e.attributes is null then s.attributes else e.attributes::jsonb end
  from ent e where e.expected > 0 and ${isOk('e')} and s.p = e.p and s.key = e.key),
snapshots as (
  insert into snapshot (p, entity, state)
  select s.p, s.entity, substring($16::bytea from s.at + 1 for s.length)
  from unnest($17::int[], $18::int[], $19::text[], $20::int[], $21::int[]) as s(b, p, entity, at, length)
  where ${isOk('s')}
  on conflict (p, entity) do update set state = excluded.state),
redo_gone as (
  delete from redo r using ent e where e.clears and ${isOk('e')} and r.p = e.p and r.entity = e.key),
redo_made as (
  insert into redo (p, entity, ver, record)
  select r.p, r.entity, r.ver, substring($16::bytea from r.at + 1 for r.length)
  from unnest($22::int[], $23::int[], $24::text[], $25::bigint[], $26::int[], $27::int[])
    as r(b, p, entity, ver, at, length)
  where ${isOk('r')}),
effects_made as (
  insert into effect (p, key, entity, mode, type, body, planned)
  select f.p, f.key, f.entity, f.mode, f.type, f.body, f.planned
  from unnest($28::int[], $29::int[], $30::text[], $31::text[], $32::text[], $33::text[], $34::text[], $35::bigint[])
    with ordinality as f(b, p, key, entity, mode, type, body, planned, n)
  where ${isOk('f')} order by f.n),
effects_gone as (
  delete from effect f using unnest($36::int[], $37::int[], $38::text[]) as a(b, p, key)
  where ${isOk('a')} and f.key = a.key),
timers_put as (
  insert into timer (p, entity, id, due)
  select t.p, t.entity, t.id, t.due
  from unnest($39::int[], $40::int[], $41::text[], $42::text[], $43::bigint[]) as t(b, p, entity, id, due)
  where ${isOk('t')}
  on conflict (p, entity, id) do update set due = excluded.due),
timers_gone as (
  delete from timer t using unnest($44::int[], $45::int[], $46::text[], $47::text[]) as d(b, p, entity, id)
  where ${isOk('d')} and t.p = d.p and t.entity = d.entity and t.id = d.id),
timers_ended as (
  delete from timer t using ent e where e.ends and ${isOk('e')} and t.p = e.p and t.entity = e.key),
inbox_ended as (
  delete from inbox i using ent e where e.ends and ${isOk('e')} and i.p = e.p and i.entity = e.key),
rows_put as (
  insert into named_row (p, entity, tbl, key, value)
  select r.p, r.entity, r.tbl, r.key, r.value
  from unnest($48::int[], $49::int[], $50::text[], $51::text[], $52::text[], $53::text[])
    as r(b, p, entity, tbl, key, value)
  where ${isOk('r')}
  on conflict (p, entity, tbl, key) do update set value = excluded.value),
rows_gone as (
  delete from named_row r using unnest($54::int[], $55::int[], $56::text[], $57::text[], $58::text[])
    as d(b, p, entity, tbl, key)
  where ${isOk('d')} and r.p = d.p and r.entity = d.entity and r.tbl = d.tbl and r.key = d.key),
documents as (
  insert into document (hash, value)
  select d.hash, d.value from unnest($59::int[], $60::int[], $61::text[], $62::text[]) as d(b, p, hash, value)
  where ${isOk('d')}
  on conflict (hash) do nothing),
lines as (
  insert into trace (p, entity, ver, line)
  select l.p, l.entity, l.ver, l.line
  from unnest($63::int[], $64::int[], $65::text[], $66::bigint[], $67::text[])
    with ordinality as l(b, p, entity, ver, line, n)
  where ${isOk('l')} order by l.n),
taken as (
  delete from inbox i using unnest($68::int[], $69::int[], $70::bigint[]) as k(b, p, seq)
  where ${isOk('k')} and i.seq = k.seq),
${answering('select array_to_json(ok)::text from verdict')}`

/** The owner of a partition lives. Done twice, it is as good as done once. */
export const RENEW = 'update part set beat = beat + 1 where p = $1 and epoch = $2'

/** Partitions `$1` with epochs `$2` are let go. */
export const RELEASE = `
update part set owner = null from unnest($1::int[], $2::bigint[]) as r(p, epoch)
where part.p = r.p and part.epoch = r.epoch`

/** Ended before `$1`, at most `$2` of them, with everything of theirs. */
export const PURGE_ENDED = `
with gone as materialized (
  select e.p, e.key from entity e
  where e.ended > 0 and e.ended < $1 and not exists (select 1 from effect f where f.p = e.p and f.entity = e.key)
  order by e.ended limit $2),
snapshots as (delete from snapshot x using gone where x.p = gone.p and x.entity = gone.key),
redos as (delete from redo x using gone where x.p = gone.p and x.entity = gone.key),
timers as (delete from timer x using gone where x.p = gone.p and x.entity = gone.key),
named_rows as (delete from named_row x using gone where x.p = gone.p and x.entity = gone.key),
lines as (delete from trace x using gone where x.entity = gone.key)
delete from entity x using gone where x.p = gone.p and x.key = gone.key`

/** All trace lines but the last `$1`, at most `$2` of them. */
export const PURGE_TRACE = `
delete from trace where seq in (
  select seq from trace where seq <= (select max(seq) from trace) - $1::bigint order by seq limit $2)`
