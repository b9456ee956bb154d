// Runs in the browser: what it finds stands in the page as JSON.
import {
  activeStates,
  createApplication,
  createSession,
  load,
  parse,
  restore,
  sameRealm,
  snapshot,
  standaloneHost,
  start,
  step,
} from '../../src/index.ts'
import type { Application, Loaded, Resolved, Session } from '../../src/index.ts'
import { runToRest } from './drive.ts'
import type { PageReport, SuiteResult } from './page-report.ts'

/** The one thing of the page that is used. */
declare const document: { getElementById(id: string): { textContent: string } | null }
declare const location: { readonly href: string }

const gate = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" initial="locked">
  <datamodel><data id="paid" expr="{ cents: 0 }"/></datamodel>
  <state id="locked">
    <transition event="coin"><assign location="paid.cents" expr="paid.cents + _event.data.cents"/></transition>
    <transition event="push" cond="paid.cents >= 50" target="open"/>
  </state>
  <state id="open"/>
</scxml>`

try {
  write(await report())
} catch (error) {
  write({ failure: error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error) })
}

async function report(): Promise<PageReport> {
  const application = applicationOf(await parse(gate))
  const session = sessionOf(application)
  start(session, { nowMs: 0, seed: 1 }, standaloneHost())
  const states = [activeStates(session)]
  send(session, 'coin', { cents: 30 })
  send(session, 'push')
  states.push(activeStates(session))

  const later = restore(application, JSON.parse(JSON.stringify(snapshot(session))))
  send(later, 'coin', { cents: 20 })
  send(later, 'push')
  const names: unknown = await (await fetch('suite.json')).json()
  if (!Array.isArray(names)) throw new Error('the list of suite documents is no list')
  const suite: SuiteResult[] = []
  for (const name of names) suite.push(await suiteResult(String(name)))
  return { states, restored: activeStates(later), untouched: activeStates(session), suite }
}

async function suiteResult(name: string): Promise<SuiteResult> {
  try {
    const loaded = await load(new URL(`suite/${name}`, location.href).href, { resolve: fetched, modules: [] })
    const { outcomes } = runToRest(sessionOf(applicationOf(loaded)))
    const entered = outcomes.flatMap(({ trace }) =>
      trace.flatMap((record) => (record.kind === 'enter' ? record.state : [])),
    )
    return { name, result: entered.at(-1) ?? 'nothing entered' }
  } catch (error) {
    return { name, result: error instanceof Error ? error.message : String(error) }
  }
}

async function fetched(href: string, base: string): Promise<Resolved> {
  // The suite writes "file:name" for a file beside the document.
  const url = new URL(href.replace(/^file:(?!\/)/, ''), base).href
  const answer = await fetch(url)
  if (!answer.ok) return { found: false, url, reason: `status ${answer.status}` }
  return { found: true, source: { url, text: await answer.text() } }
}

function applicationOf({ chart, diagnostics }: Loaded): Application {
  if (chart === undefined) throw new Error(diagnostics.map(({ message }) => message).join('; '))
  return createApplication(chart, sameRealm())
}

function sessionOf(application: Application): Session {
  return createSession(application, { sessionId: 'S', parameters: {}, ioProcessors: '{}' })
}

function send(session: Session, name: string, data?: unknown): void {
  const event = { kind: 'event', name, ...(data !== undefined && { data: JSON.stringify(data) }) } as const
  step(session, event, { nowMs: 0, seed: 1 }, standaloneHost())
}

function write(found: PageReport | { readonly failure: string }): void {
  const place = document.getElementById('report')
  if (place !== null) place.textContent = encodeURIComponent(JSON.stringify(found))
}
