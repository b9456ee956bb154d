// How the results of the bombs read: a line for people, the table of the page, and whether the targets are met.

/** What came of one bomb, on one line. */
export function bombRow(row) {
  const gap = row.gapMs === undefined ? 'no run' : `${whole(row.gapMs.median)} / ${whole(row.gapMs.max)} ms`
  return [
    row.name.padEnd(36),
    gap.padStart(16),
    `${row.lost}/${row.doubled}/${row.reordered}`.padStart(7),
    (row.isUp ? 'up' : 'DOWN').padStart(5),
    ` ${whole(row.ratePerSecond?.median ?? 0)}/s`.padStart(8),
    ` disk ${whole(row.diskMs?.max ?? 0)} ms`.padStart(14),
    `  ${endOf(row)}`,
  ].join(' ')
}

/** Targets met and missed. */
export function bombVerdict({ calm, rows, runs, targets }) {
  const failures = rows.flatMap((row) => failuresOf(row, targets))
  const rate = `calm: longest gap ${whole(calm.longestGapMs)} ms (the disk alone ${whole(calm.diskMs)} ms) at ${whole(calm.acknowledgedPerSecond)} events/s (${whole(calm.sentPerSecond)} sent)`
  const lines = [
    rate,
    `${rows.length} bombs, ${runs} runs each: ${failures.length === 0 ? 'all targets met' : 'missed:'}`,
  ]
  return { isMet: failures.length === 0, lines: [...lines, ...failures.map((failure) => `  ${failure}`)] }
}

function failuresOf(row, targets) {
  const failures = []
  const add = (text) => failures.push(`${row.name}: ${text}`)
  if (row.gapMs === undefined) return [`${row.name}: it was never run`]
  if (row.gapMs.median > targets.medianGapMs)
    add(`median gap ${whole(row.gapMs.median)} ms, ${targets.medianGapMs} wanted`)
  if (row.gapMs.max > targets.worstGapMs) add(`worst gap ${whole(row.gapMs.max)} ms, ${targets.worstGapMs} wanted`)
  for (const kind of ['lost', 'doubled', 'reordered', 'unanswered'])
    if (row[kind] > 0) add(`${row[kind]} events ${kind}`)
  if (row.refused > 0)
    add(`${row.refused} events refused because too much was waiting: the rate is too high for this machine`)
  if (!row.isUp) add('the process with the ports went down')
  for (const detail of row.details) {
    const reason = wrongEnd(row.ends, detail)
    if (reason === undefined) continue
    add(reason)
    break
  }
  const strikes = row.details.filter(isStrike).length
  if (strikes >= 3 && row.quarantine === undefined) add(`${strikes} strikes and no quarantine`)
  if (row.quarantine !== undefined && !(row.quarantine.isRefused && row.quarantine.isLifted))
    add(`quarantine: ${JSON.stringify(row.quarantine)}`)
  return failures
}

function wrongEnd(ends, { how, incidents, told }) {
  const isIncident = incidents.length > 0 && how.some((event) => event !== 'bomb.finished')
  const isCaught = how.includes('bomb.caught') && told[0]?.data?.line > 0
  if (ends === 'finishes') {
    return how.includes('bomb.finished') && incidents.length === 0 ? undefined : `a legal computation ended with ${how}`
  }
  if (ends === 'incident' && !isIncident) return `it ended with ${how}, no incident`
  if (ends === 'error' && !isCaught && !isIncident) return `it ended with ${how}`
  if (ends === 'either' && !isCaught && !isIncident && !how.includes('bomb.finished')) return `it ended with ${how}`
  const message = incidents[0]?.message
  if (message === undefined) return undefined
  const missing = [
    ['the application', /application "[^"]+"/],
    ['the line', /line \d+/],
    ['the limit', /"[\w]+" of [\d,.]+/],
  ].filter(([, pattern]) => !pattern.test(message))
  return missing.length === 0 ? undefined : `its incident does not name ${missing.map(([what]) => what)}: ${message}`
}

const isStrike = ({ incidents }) => incidents.some(({ kind }) => kind === 'strike')

function endOf({ details, quarantine }) {
  const [first] = details
  if (first === undefined) return ''
  const kinds = [...new Set(details.map(describe))]
  return kinds.join('; ') + (quarantine === undefined ? '' : '; quarantined')
}

function describe({ how, incidents, told }) {
  const [incident] = incidents
  if (incident !== undefined)
    return `${incident.code}${incident.kind === 'strike' ? ' (strike)' : ''}, told: ${how.join(' ')}`
  if (how.includes('bomb.caught')) {
    const { element, line, what } = told[0].data
    return `${what} at ${element}, line ${line}`
  }
  return how.includes('bomb.finished') ? 'finished' : how.join(' ')
}

/** The table of what the border costs. */
export function shardTable({ load, measuredAt, rows }) {
  const number = (value) => (value >= 100 ? whole(value) : String(Math.round(value * 10) / 10))
  const lines = rows.map(
    ({ unit, value: { max, median, min }, what }) =>
      `| ${what} | ${number(median)} ${unit.replace('us', 'µs')} | ${number(min)}–${number(max)} |`,
  )
  return [
    `Measured ${measuredAt.slice(0, 10)}, load average ${load.mean}; medians.`,
    '',
    '| what | measured | from–to |',
    '|---|---|---|',
    ...lines,
  ].join('\n')
}

/** The table of the page. */
export function bombTables({ calm, load, measuredAt, perSecond, rows, runs, sessions }) {
  const head = [
    `${sessions} sessions of workload B at ${perSecond} events/s each, ${runs} runs a bomb, ${measuredAt.slice(0, 10)}, load average ${load.mean}.`,
    `Without a bomb: longest gap ${whole(calm.longestGapMs)} ms (the disk alone ${whole(calm.diskMs)} ms), ${whole(calm.acknowledgedPerSecond)} events/s acknowledged.`,
    '',
    '| bomb | longest gap, median / worst (ms) | the disk alone (ms) | lost / doubled / reordered | how it ended | strike | front |',
    '|---|---|---|---|---|---|---|',
  ]
  const lines = rows.map((row) => {
    const gap = row.gapMs === undefined ? '–' : `${whole(row.gapMs.median)} / ${whole(row.gapMs.max)}`
    const disk = row.gapMs === undefined ? '–' : `${whole(row.diskMs.median)} / ${whole(row.diskMs.max)}`
    const strike = row.details.some(isStrike) ? 'yes' : 'no'
    const ended = [...new Set(row.details.map(shortly))].join('; ')
    return `| ${row.name} | ${gap} | ${disk} | ${row.lost} / ${row.doubled} / ${row.reordered} | ${ended} | ${strike} | ${row.isUp ? 'up' : 'down'} |`
  })
  return [...head, ...lines].join('\n')
}

function shortly({ how, incidents, told }) {
  const [incident] = incidents
  if (incident !== undefined) {
    const limit = /"(\w+)" of [\d,.]+/.exec(incident.message)?.[1]
    if (how.includes('bomb.caught')) return `\`${told[0].data.what}\` and an incident (\`${limit}\`), goes on`
    return `ended by \`${limit ?? incident.code}\``
  }
  if (how.includes('bomb.caught')) return `\`${told[0].data.what}\`, goes on`
  return how.includes('bomb.finished') ? 'finished' : how.join(' ')
}

function whole(value) {
  return String(Math.round(value))
}
