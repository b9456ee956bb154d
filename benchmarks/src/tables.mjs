// Results as Markdown tables, for people and for the documentation.

/** All tables of `bench:engine`. */
export function engineTables(results) {
  const { engines, idle, loading, scaling, takingTurns, targets, throughput } = results
  return [
    `${circumstances(results)} ${repetitionsOf(throughput)}`,
    '### Engines',
    table(
      ['engine', 'version', 'options'],
      Object.values(engines).map(({ label, version, options }) => [label, version, options]),
    ),
    '### A: ping-pong, external events per second, one session',
    throughputTable(throughput.A, engines),
    '### B: contact, external events per second, one session',
    throughputTable(throughput.B, engines),
    '### C: idle sessions, for each session',
    idleTable(idle, engines),
    '### Loading: text to first started session, warm process',
    table(
      ['document', 'engine', 'ms by the clock', 'min–max', 'ms of processor time', 'first time in the process'],
      Object.entries(loading).flatMap(([document, row]) =>
        Object.entries(row).map(([name, { coldMs, sizeBytes, warmCpuMs, warmMs }]) => [
          `${document === 'contact' ? 'contact.scxml, 22 states' : 'generated page'}, ${whole(sizeBytes)} B`,
          engines[name].label,
          fixed(warmMs.median),
          `${fixed(warmMs.min)}–${fixed(warmMs.max)}`,
          fixed(warmCpuMs.median),
          fixed(coldMs.median),
        ]),
      ),
    ),
    '### Growth: processor time of one event of A, in nanoseconds',
    ...[scaling, takingTurns].map((part) => growthTable(part, engines)),
    '### Targets',
    table(
      ['what', 'wanted', 'measured', ''],
      targets.map(({ what, wanted, measured, isMet }) => [what, wanted, measured, isMet ? 'met' : '**missed**']),
    ),
  ].join('\n\n')
}

function repetitionsOf({ A }) {
  const counts = Object.values(A).map(({ perSecond }) => perSecond.repetitions)
  return `Medians of ${Math.min(...counts)} interleaved repetitions of A and B.`
}

/** Shares of a profile. */
export function profileTable({ functions, parts, samples, workload }) {
  return [
    `Workload ${workload}, ${whole(samples)} samples.`,
    table(
      ['part', 'share'],
      parts.map(({ share, what }) => [what, `${share} %`]),
    ),
    'The functions in which most samples fell:',
    table(
      ['function', 'share'],
      functions.slice(0, 12).map(({ share, what }) => [what, `${share} %`]),
    ),
  ].join('\n\n')
}

/** When and where a run took place. */
export function circumstances({ load, machine, measuredAt }) {
  const { cores, memoryGiB, node, processor, system } = machine
  return (
    `Measured ${measuredAt.slice(0, 10)}: Node.js ${node}, ${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}. ` +
    `Load average during the run: mean ${load.mean}, at most ${load.max} (the run itself is 1 to 1.5).`
  )
}

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export function whole(value) {
  return Math.round(value).toLocaleString('en-US')
}

export function fixed(value) {
  return value >= 100 ? whole(value) : value.toFixed(1)
}

function throughputTable(row, engines) {
  const ratio = (name, peer) =>
    row[peer] === undefined ? '' : (row[name].perCpuSecond.median / row[peer].perCpuSecond.median).toFixed(2)
  return table(
    [
      'engine',
      'by the clock',
      'min–max',
      'by processor time',
      'min–max',
      'ratio to SCION',
      'ratio to XState',
      'snapshot',
    ],
    Object.entries(row).map(([name, { perCpuSecond, perSecond, snapshot }]) => [
      engines[name].label,
      whole(perSecond.median),
      `${whole(perSecond.min)}–${whole(perSecond.max)}`,
      whole(perCpuSecond.median),
      `${whole(perCpuSecond.min)}–${whole(perCpuSecond.max)}`,
      ratio(name, 'scion'),
      ratio(name, 'xstate'),
      snapshot === undefined ? '' : `${whole(snapshot.bytes.median)} B, ${fixed(snapshot.us.median)} µs`,
    ]),
  )
}

function idleTable(idle, engines) {
  return table(
    [
      'document',
      'sessions',
      'engine',
      'create µs by the clock',
      'create µs of processor time',
      'heap B',
      'resident B',
      'heap B after a round',
      'resident B after a round',
    ],
    Object.entries(idle).flatMap(([document, sizes]) =>
      Object.entries(sizes).flatMap(([sessions, row]) =>
        Object.entries(row).map(([name, measured]) => [
          document,
          whole(Number(sessions)),
          engines[name].label,
          fixed(measured.createUs.median),
          fixed(measured.createCpuUs.median),
          whole(measured.heapBytes.median),
          whole(measured.rssBytes.median),
          whole(measured.heapBytesAfterRound.median),
          whole(measured.rssBytesAfterRound.median),
        ]),
      ),
    ),
  )
}

function growthTable(byEngine, engines) {
  const names = Object.keys(byEngine)
  const cases = byEngine[names[0]]?.map(({ name }) => name) ?? []
  return table(
    ['case', ...names.map((name) => engines[name].label)],
    cases.map((title, index) => [title, ...names.map((name) => whole(byEngine[name][index].nsPerEvent.median))]),
  )
}
