import { elementNamespaces } from '@segue/modules'
import { createApplication, createSession, load, sameRealm } from '../../src/index.ts'
import type { Loaded } from '../../src/index.ts'
import { resolveFrom } from '../read/support/files.ts'
import { Play } from '../step/support.ts'
import type { PlayOptions } from '../step/support.ts'

/** The namespaces that every generated page declares (usage-census section 2). */
export const declared: readonly string[] = [
  'xmlns="http://www.w3.org/2005/07/scxml"',
  'xmlns:queue="http://www.genesyslab.com/modules/queue"',
  'xmlns:dialog="http://www.genesyslab.com/modules/dialog"',
  'xmlns:session="http://www.genesyslab.com/modules/session"',
  'xmlns:ixn="http://www.genesyslab.com/modules/interaction"',
  'xmlns:xi="http://www.w3.org/2001/XInclude"',
  'xmlns:classification="http://www.genesyslab.com/modules/classification"',
  'xmlns:ws="http://www.genesyslab.com/modules/ws"',
]

/** A page of these states, as generators begin one. */
export function page(content: string, attributes = ''): string {
  return `<scxml version="1.0" ${declared.join(' ')} profile="ecmascript" ${attributes}>\n${content}</scxml>`
}

/** Other texts of an application by their path below `file:///app/`. */
export type Files = Readonly<Record<string, string>>

/** Loads a page and what it includes. */
export function loadPage(text: string, files: Files = {}): Promise<Loaded> {
  const texts = Object.entries({ 'main.scxml': text, ...files }).map(([path, one]) => [`file:///app/${path}`, one])
  return load('file:///app/main.scxml', { resolve: resolveFrom(Object.fromEntries(texts)), modules: elementNamespaces })
}

/** What loading these states finds: severity, code and marked text. */
export async function findings(content: string, attributes = '', files: Files = {}): Promise<readonly string[]> {
  const { diagnostics } = await loadPage(page(content, attributes), files)
  return diagnostics.map(
    ({ code, severity, span }) => `${severity} ${code} ${span.source.text.slice(span.start, span.end)}`,
  )
}

export interface RunOptions extends Omit<PlayOptions, 'dialect'> {
  readonly files?: Files
}

/** Starts a session of these states. Errors: throws with the findings when the page is refused. */
export async function run(content: string, options: RunOptions = {}): Promise<Play> {
  const { chart, diagnostics } = await loadPage(page(content, options.attributes), options.files)
  if (chart === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'))
  const session = createSession(createApplication(chart, sameRealm()), {
    sessionId: 'S',
    parameters: {},
    ioProcessors: '{}',
    ...options.identity,
  })
  return new Play(session, { ...options, dialect: 'orchestration' }).start()
}

/** What these states log when they are started and these events come. */
export async function logged(content: string, ...events: readonly string[]): Promise<readonly string[]> {
  const session = await run(content)
  for (const event of events) session.send(event)
  return session.logs
}

/** A state that runs this content on entry; `more` stands behind it in the state. */
export function entering(content: string, more = ''): string {
  return `<state id="a"><onentry>${content}</onentry>${more}</state>`
}
