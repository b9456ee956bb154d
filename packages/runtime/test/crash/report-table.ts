import type { Finding } from './check.ts'
import { KILL_POINTS } from './contract.ts'
import type { FaultOutcome } from './faults/fault.ts'
import type { Kill, KillReport } from './kill-run.ts'

const HEAD = [
  'point',
  'kills',
  'in flight, min',
  'median',
  'events acknowledged',
  'lost',
  'doubled',
  'reordered',
  'wire duplicates',
  'seconds',
]

/** The result of runs as a table, a line for each point; Markdown, so that it can be put into a page. */
export function reportTable(reports: readonly KillReport[]): string {
  const rows = KILL_POINTS.flatMap((point) => {
    const row = rowOf(point, reports, (kill) => kill.point === point)
    return row === undefined ? [] : [row]
  })
  const all = rowOf('all', reports, () => true)
  const table = [HEAD, HEAD.map((_, at) => (at === 0 ? '---' : '--:')), ...rows, ...(all === undefined ? [] : [all])]
  const sum = (count: (report: KillReport) => number): number =>
    reports.reduce((total, report) => total + count(report), 0)
  return `${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

${reports.length} runs, ${sum(({ events }) => events)} events, ${sum(({ deliveries }) => deliveries)} deliveries of effects; the ledger was killed ${sum(({ ledgerKills }) => ledgerKills)} times.
${sum(({ thinKills }) => thinKills)} deaths came with too little in flight: they are not counted and were repeated.
${sum(({ kills }) => kills.filter(({ isHalfDone }) => isHalfDone).length)} deaths left a checkpoint half done.
In flight: steps whose commit was not confirmed to the runtime when it died; in-migration: events that were not acknowledged.
Wire duplicates: deliveries of a key that the ledger had, made by the worker that came after the kill.`
}

/** The result of a fault in one line. */
export function faultLine(name: string, outcome: FaultOutcome): string {
  if (outcome.skipped !== undefined) return `${name}: skipped, ${outcome.skipped}`
  const { deliveries, events, findings, seen, wireDuplicates } = outcome
  const count = (kinds: readonly Finding['kind'][]): number =>
    findings.filter(({ kind }) => kinds.includes(kind)).length
  const wrong = `${count(['lost', 'broken'])} lost, ${count(['doubled', 'phantom'])} doubled, ${count(['reordered'])} reordered`
  return `${name}: ${events} events, ${deliveries} deliveries, ${wrong}, ${wireDuplicates.length} wire duplicates; ${JSON.stringify(seen)}`
}

function rowOf(
  title: string,
  reports: readonly KillReport[],
  isMeant: (kill: Kill) => boolean,
): readonly string[] | undefined {
  const kills = reports.flatMap((report) => report.kills.filter(isMeant))
  if (kills.length === 0) return undefined
  const inFlight = kills.map((kill) => kill.inFlight).sort((one, other) => one - other)
  // What is wrong with no event in particular belongs to no point and stands in the last line only.
  const findings = (kinds: readonly Finding['kind'][]): number =>
    reports.reduce((count, report) => {
      const lives = new Set(report.kills.filter(isMeant).map(({ life }) => life))
      const meant = report.findings.filter(
        ({ kind, life }) => kinds.includes(kind) && (title === 'all' || lives.has(life)),
      )
      return count + meant.length
    }, 0)
  const duplicates = reports.reduce((count, report) => {
    const after = new Set(report.kills.filter(isMeant).map(({ life }) => life + 1))
    return count + report.wireDuplicates.filter((life) => title === 'all' || after.has(life)).length
  }, 0)
  return [
    title,
    kills.length,
    inFlight[0] ?? 0,
    inFlight[Math.floor(inFlight.length / 2)] ?? 0,
    kills.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    findings(['lost', 'broken']),
    findings(['doubled', 'phantom']),
    findings(['reordered']),
    duplicates,
    (kills.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000).toFixed(1),
  ].map(String)
}
