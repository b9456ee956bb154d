import { displayPath } from '@segue/scxml'
import type { ApplicationCoverage, Share } from './chart-coverage.ts'
import { percentOf, sharesOf } from './chart-coverage.ts'
import { eventsText } from './chart-of-record.ts'
import { placedChart } from './chart-layout.ts'
import { chartSvg, coverOf, escapedText } from './chart-svg.ts'
import { COVERAGE_STYLE } from './coverage-style.ts'

/** A page of a report: file name and HTML text. */
export interface CoveragePage {
  readonly file: string
  readonly text: string
}

/**
 * HTML pages of the coverage: `index.html`, and one page for each application with its chart. Addresses of files are
 * shown relative to `baseUrl`.
 */
export async function coveragePages(
  applications: readonly ApplicationCoverage[],
  baseUrl: string,
): Promise<readonly CoveragePage[]> {
  const pages: CoveragePage[] = []
  for (const [index, application] of applications.entries()) {
    const file = `${String(index + 1).padStart(2, '0')}-${application.name.replace(/[^\w.-]+/g, '_').slice(0, 60)}.html`
    pages.push({ file, text: await applicationPage(application, baseUrl) })
  }
  const rows = applications.map((application, index) => {
    const { guards, states, transitions } = sharesOf(application)
    const cells = [states, transitions, guards].map(
      (share) => `<td class="n">${percentOf(share)} % <small>${share.covered}/${share.all}</small></td>`,
    )
    const page = escapedText(pages[index]?.file ?? '')
    return `<tr><td><a href="${page}">${escapedText(application.name)}</a></td>${cells.join('')}<td class="n">${application.sessions}</td><td class="mono">${escapedText(displayPath(application.url, baseUrl))}</td></tr>`
  })
  const head =
    '<tr><th>application</th><th>states</th><th>transitions</th><th>guards, each way</th><th>sessions</th><th>document</th></tr>'
  const body = `<h1>Coverage</h1><p class="where">What scenarios have run of each application.</p><div class="scroll"><table>${head}${rows.join('')}</table></div>`
  return [{ file: 'index.html', text: page('Coverage', body) }, ...pages]
}

async function applicationPage(application: ApplicationCoverage, baseUrl: string): Promise<string> {
  const { name, sessions, url } = application
  const { guards, states, transitions } = sharesOf(application)
  const body = [
    `<h1>${escapedText(name)}</h1>`,
    `<p class="where"><a href="index.html">all applications</a> · ${escapedText(displayPath(url, baseUrl))} · ${sessions} ${sessions === 1 ? 'session' : 'sessions'}</p>`,
    `<div class="shares">${shareBox('states entered', states)}${shareBox('transitions taken', transitions)}${shareBox('guards, each way', guards)}</div>`,
    '<div class="legend"><span><i class="full"></i>covered</span><span><i class="part"></i>taken, but the guard came out one way only</span><span><i class="none"></i>never</span><span>[?] has a guard</span><span>● initial</span><span>dashed box: parallel</span></div>',
    `<div class="frame">${chartSvg(await placedChart(application))}</div>`,
    transitionTable(application),
    timerTable(application),
    eventTable(application),
  ]
  return page(`Coverage of ${name}`, body.join('\n'))
}

function shareBox(title: string, share: Share): string {
  const percent = percentOf(share)
  return `<div class="share"><b>${percent} %</b> <span>${share.covered} of ${share.all} ${title}</span><div class="bar"><i style="width:${percent}%"></i></div></div>`
}

function transitionTable({ transitions }: ApplicationCoverage): string {
  const rows = transitions.map((row) => {
    const { guard, taken, transition } = row
    const { line, state, url } = transition.place
    const ways = guard === undefined ? ['', ''] : [String(guard.wasTrue), String(guard.wasFalse)]
    const targets = transition.targetIds.length === 0 ? '(stays)' : transition.targetIds.join(' ')
    const place = `${url.slice(url.lastIndexOf('/') + 1)}:${line}`
    return `<tr class="${coverOf(row)}"><td class="mono">${escapedText(state)}</td><td class="mono">${escapedText(eventsText(transition))}</td><td class="mono">${escapedText(targets)}</td><td class="n">${taken}</td><td class="n">${ways[0]}</td><td class="n">${ways[1]}</td><td class="mono">${escapedText(place)}</td></tr>`
  })
  return `<h2>Transitions</h2><div class="scroll"><table><tr><th>state</th><th>event</th><th>target</th><th>taken</th><th>guard true</th><th>false</th><th>place</th></tr>${rows.join('')}</table></div>`
}

function timerTable({ timers }: ApplicationCoverage): string {
  if (timers.length === 0) return ''
  const rows = timers.map(
    ({ cancelled, ended, event, fired, started }) =>
      `<tr><td class="mono">${escapedText(event)}</td>${[started, fired, cancelled, ended].map((count) => `<td class="n">${count}</td>`).join('')}</tr>`,
  )
  return `<h2>Timers</h2><div class="scroll"><table><tr><th>event</th><th>started</th><th>fired</th><th>cancelled</th><th>gone with the session</th></tr>${rows.join('')}</table></div>`
}

/** Events in states: how often a transition was taken, and how often nothing was done. */
function eventTable({ eventsInStates }: ApplicationCoverage): string {
  if (eventsInStates.length === 0) return ''
  const rows = eventsInStates
    .toSorted((one, other) =>
      one.state < other.state ? -1 : one.state > other.state ? 1 : one.event < other.event ? -1 : 1,
    )
    .map(
      ({ event, ignored, state, taken }) =>
        `<tr class="${taken > 0 ? 'full' : 'part'}"><td class="mono">${escapedText(state)}</td><td class="mono">${escapedText(event)}</td><td class="n">${taken}</td><td class="n">${ignored}</td></tr>`,
    )
  return `<h2>Events in states</h2><p class="where">Events that came while a state was active: taken by a transition of the state or of one around it, or not.</p><div class="scroll"><table><tr><th>state</th><th>event</th><th>taken</th><th>ignored</th></tr>${rows.join('')}</table></div>`
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapedText(title)}</title>
<style>${COVERAGE_STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`
}
