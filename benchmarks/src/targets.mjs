// What the engine has to reach, and whether a run showed it.

/**
 * Speeds are judged by processor time: others on the machine change it least, and the work of helper threads (collecting
 * garbage, compiling) counts, so that on an idle machine it is the smaller of the two numbers. Loading is judged by the
 * clock: somebody waits for it, and what helper threads do beside it costs no time.
 */

/** Growth from the smallest to the largest case that counts as none: the spread between two runs of the same. */
const flat = 1.5

/**
 * @returns {readonly { what: string, wanted: string, measured: string, isMet: boolean, isOfMachine: boolean }[]}
 * `isOfMachine`: an absolute time, which a slower or busier machine misses.
 */
export function judge(measured) {
  return [
    ...speeds(measured.throughput),
    ...idleSessions(measured.idle),
    ...loadingTimes(measured.loading),
    ...growth('states that are not involved', measured.scaling),
    ...growth('number of sessions', measured.takingTurns),
  ]
}

function speeds(throughput) {
  const wantedPerSecond = { A: 1_000_000, B: 300_000 }
  const wantedRatio = { 'segue-embedded': 5, 'segue-served': 3 }
  const found = []
  for (const workload of ['A', 'B']) {
    const row = throughput[workload]
    const speed = row['segue-embedded'].perCpuSecond.median
    found.push({
      what: `${workload}, segue-embedded: events/s`,
      wanted: `≥ ${grouped(wantedPerSecond[workload])}`,
      measured: grouped(speed),
      isMet: speed >= wantedPerSecond[workload],
      isOfMachine: true,
    })
    for (const [engine, ratio] of Object.entries(wantedRatio)) {
      for (const peer of ['scion', 'xstate']) {
        const reached = row[engine].perCpuSecond.median / row[peer].perCpuSecond.median
        found.push({
          what: `${workload}, ${engine} to ${peer}`,
          wanted: `≥ ${ratio}×`,
          measured: `${reached.toFixed(1)}×`,
          isMet: reached >= ratio,
          isOfMachine: false,
        })
      }
    }
  }
  return found
}

function idleSessions(idle) {
  const found = []
  for (const [sessions, row] of Object.entries(idle.contact)) {
    for (const engine of ['segue-embedded', 'segue-served']) {
      const { createCpuUs, heapBytes, heapBytesAfterRound } = row[engine] ?? {}
      if (createCpuUs === undefined) continue
      const what = `C, ${engine}, ${grouped(Number(sessions))} sessions`
      found.push({
        what: `${what}: create`,
        wanted: '≤ 15 µs',
        measured: `${createCpuUs.median.toFixed(1)} µs`,
        isMet: createCpuUs.median <= 15,
        isOfMachine: true,
      })
      for (const [when, bytes] of [
        ['heap', heapBytes.median],
        ['heap after one round of B', heapBytesAfterRound.median],
      ]) {
        const isMet = bytes <= 2048
        found.push({
          what: `${what}: ${when}`,
          wanted: '≤ 2,048 B',
          measured: `${grouped(bytes)} B`,
          isMet,
          isOfMachine: false,
        })
      }
    }
  }
  return found
}

function loadingTimes(loading) {
  const limits = { contact: 50, generated: 150 }
  return Object.entries(limits).flatMap(([document, limitMs]) =>
    ['segue-embedded', 'segue-served'].map((engine) => {
      const { sizeBytes, warmMs } = loading[document][engine]
      return {
        what: `load of ${document} (${grouped(sizeBytes)} B), ${engine}`,
        wanted: `≤ ${limitMs} ms`,
        measured: `${warmMs.median.toFixed(1)} ms`,
        isMet: warmMs.median <= limitMs,
        isOfMachine: true,
      }
    }),
  )
}

function growth(what, byEngine) {
  return Object.entries(byEngine).map(([engine, rows]) => {
    const first = rows[0].nsPerEvent.median
    const worst = Math.max(...rows.map(({ nsPerEvent }) => nsPerEvent.median))
    return {
      what: `growth with ${what}, ${engine}`,
      wanted: `none (≤ ${flat}×)`,
      measured: `${(worst / first).toFixed(2)}×`,
      isMet: worst / first <= flat,
      isOfMachine: false,
    }
  })
}

function grouped(value) {
  return Math.round(value).toLocaleString('en-US')
}
