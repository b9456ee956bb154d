import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command } from 'commander'
import { displayPath } from '@segue/scxml'
import type { ApiClient } from '../api-client.ts'
import { apiClient } from '../api-client.ts'
import type { Output } from '../output.ts'
import { table } from '../output.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { withConnection } from './connection-options.ts'
import { keyValues } from './key-values.ts'
import { print } from './print.ts'
import { recordOf, recordsOf } from '../records.ts'
import { traceStory } from '../trace-text.ts'

/** `segue session …`: start, steer and look at sessions. */
export function sessionCommand(output: Output): Command {
  const session = new Command('session').description('start, steer and look at sessions')
  session.addHelpText(
    'before',
    'Examples:\n  segue session list\n  segue session show SESSION-ID\n  segue session event SESSION-ID order.paid --with amount=12\n',
  )

  withConnection(session.command('start'))
    .description('starts a session of a document')
    .argument('<document>', 'path or address of the document')
    .option('--param <name=value...>', 'start parameters')
    .action(async (src: string, options: ConnectionOptions & { param?: string[] }) => {
      const api = await apiClient(options)
      const answer = await api.post('/scxml/session/start', {
        ...keyValues(options.param ?? []),
        src: documentUrl(src),
      })
      print(output, options.json, answer, ({ sessionid }) => String(sessionid))
    })

  withConnection(session.command('list'))
    .description('running sessions')
    .option('--ended', 'ended ones too')
    .action(async (options: ConnectionOptions & { ended?: boolean }) => {
      const api = await apiClient(options)
      const path = options.ended === true ? '/api/v1/sessions?ended=true' : '/api/v1/sessions'
      print(output, options.json, await api.get(path), ({ sessions }) => sessionTable(recordsOf(sessions)))
    })

  withConnection(session.command('show'))
    .description('states, data and trace of a session')
    .argument('<session-id>')
    .option('--verbose', 'show everything that was recorded')
    .action(async (id: string, options: ConnectionOptions & { verbose?: boolean }) => {
      const api = await apiClient(options)
      print(output, options.json, await wholeSession(api, id), (answer) =>
        sessionText(id, answer, options.verbose === true),
      )
    })

  withConnection(session.command('event'))
    .description('sends an event to a session')
    .argument('<session-id>')
    .argument('<name>')
    .option('--with <key=value...>', 'members of _event.data')
    .action(async (id: string, name: string, options: ConnectionOptions & { with?: string[] }) => {
      const api = await apiClient(options)
      const path = `/scxml/session/${encodeURIComponent(id)}/event/${encodeURIComponent(name)}`
      print(output, options.json, await api.post(path, keyValues(options.with ?? [])), () => 'accepted')
    })

  withConnection(session.command('terminate'))
    .description('ends a session; its onexit blocks run')
    .argument('<session-id>')
    .action(async (id: string, options: ConnectionOptions) => {
      const api = await apiClient(options)
      print(
        output,
        options.json,
        await api.post(`/scxml/session/${encodeURIComponent(id)}/terminate`),
        () => 'terminated',
      )
    })
  return session
}

/** A path is one of this machine; the server reads it when it lies below its folder. */
function documentUrl(word: string): string {
  return /^[a-z][a-z+.-]+:/i.test(word) ? word : pathToFileURL(resolve(word)).href
}

function sessionTable(sessions: readonly Readonly<Record<string, unknown>>[]): string {
  if (sessions.length === 0) return 'no sessions'
  return table([
    ['SESSION', 'APPLICATION', 'STARTED', 'STATES'],
    ...sessions.map((row) => [
      String(row['id']),
      String(row['application'] ?? '') || displayPath(String(row['url'] ?? ''), pathToFileURL(process.cwd()).href),
      timeText(row['started']),
      row['hasEnded'] === true ? 'ended' : innermost(String(row['states'] ?? '')),
    ]),
  ])
}

/** The states that say where a session is: those of a list in document order that are no prefix of the rest. */
function innermost(states: string): string {
  const words = states.split(' ').filter((word) => word !== '')
  return words.length <= MAX_STATES ? words.join(' ') : `… ${words.slice(-MAX_STATES).join(' ')}`
}

const MAX_STATES = 3

function timeText(atEpochMs: unknown): string {
  const at = Number(atEpochMs)
  return Number.isFinite(at) && at > 0 ? new Date(at).toISOString().slice(0, 19).replace('T', ' ') : ''
}

/** All pages of the trace. */
async function wholeSession(api: ApiClient, id: string): Promise<Readonly<Record<string, unknown>>> {
  const path = `/api/v1/sessions/${encodeURIComponent(id)}`
  const session = recordOf(await api.get(path))
  const trace = [...recordsOf(session['trace'])]
  for (let last = trace.at(-1); last !== undefined;) {
    const more = recordsOf(recordOf(await api.get(`${path}?after=${String(last['sequence'])}`))['trace'])
    trace.push(...more)
    last = more.at(-1)
  }
  return { ...session, trace }
}

function sessionText(id: string, session: Readonly<Record<string, unknown>>, verbose: boolean): string {
  const states = Array.isArray(session['states']) ? session['states'].join(' ') : ''
  const data = Object.entries(recordOf(session['data'])).map(([name, value]) => [`  ${name}`, JSON.stringify(value)])
  return [
    table([
      ['session', id],
      ['document', displayPath(String(session['url']), pathToFileURL(process.cwd()).href)],
      ['states', session['isRunning'] === true ? states : 'ended'],
    ]),
    'data',
    ...(data.length === 0 ? ['  none'] : [table(data)]),
    'trace (UTC)',
    ...traceStory(recordsOf(session['trace']), { verbose }).map((line) => `  ${line}`),
  ].join('\n')
}
