import { resolve, dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command } from 'commander'
import { formatDiagnostic } from '@segue/scxml'
import { startWorld } from '@segue/testing'
import { CommandFailure, EXIT } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { traceText } from '../trace-text.ts'
import { keyValues } from './key-values.ts'

interface RunOptions {
  readonly param?: readonly string[]
  readonly event?: readonly string[]
  readonly call?: boolean
  readonly agents: number
  readonly for: number
  readonly json?: boolean
}

const ROUTING_POINT = '9000'

/** `segue run`: one session of a document on virtual time, printed as it happens. */
export function runCommand(output: Output): Command {
  return new Command('run')
    .description('runs a document once, on virtual time, and prints what it does')
    .argument('<document>', 'path of the document')
    .option('--call', 'a caller dials, and the application is started for the call')
    .option('--agents <n>', 'agents that are ready (with --call)', Number, 1)
    .option('--param <name=value...>', 'start parameters')
    .option('--event <name...>', 'events that are sent, one after the other')
    .option('--for <seconds>', 'virtual time to let pass', Number, 600)
    .option('--json', 'print trace records as JSON lines')
    .addHelpText(
      'before',
      'Examples:\n  segue run hello.scxml\n  segue run src-gen/IPD_ferryDesk.scxml --call --agents 2\n',
    )
    .action(async (document: string, options: RunOptions) => {
      const url = pathToFileURL(resolve(document)).href
      await using world = await startWorld({
        configuration: { folder: dirname(resolve(document)), objects: centreAround(url, options) },
        documentRoots: ['/'],
        at: new Date().toISOString(),
        people: { talkS: [20, 20], answerS: [2, 2] },
      }).catch((error: unknown) => {
        throw new CommandFailure(
          EXIT.findings,
          error instanceof Error ? error.message : String(error),
          `"segue lint ${document}" shows each finding in its line`,
        )
      })
      if (options.call === true) {
        await world.placeCall({ from: '0301112233', to: ROUTING_POINT })
      } else {
        const started = await world.startSession(url, keyValues(options.param ?? []))
        if (!started.ok && started.reason === 'document') {
          for (const diagnostic of started.diagnostics)
            output.note(formatDiagnostic(diagnostic, { color: output.color, base: process.cwd() }))
          throw new CommandFailure(EXIT.findings, '')
        }
      }
      const [sessionId] = await world.sessionIds()
      if (sessionId === undefined) throw new CommandFailure(EXIT.findings, 'no session started')
      for (const name of options.event ?? []) await world.sendEvent(sessionId, name)
      await world.advance({ seconds: options.for })

      const session = await world.session(sessionId)
      for (const entry of session.trace) output.result(options.json === true ? JSON.stringify(entry) : traceText(entry))
      output.note(
        session.isRunning ? `still in ${session.states.join(' ')} after ${options.for} s` : 'the session has ended',
      )
      if (session.errors.length > 0) throw new CommandFailure(EXIT.findings, `${session.errors.length} errors`)
    })
}

function centreAround(url: string, options: RunOptions): Readonly<Record<string, unknown>> {
  const agents = Array.from({ length: options.agents }, (_, index) => ({
    id: `agent${index + 1}`,
    name: `Agent ${index + 1}`,
    dn: String(7001 + index),
  }))
  return {
    switches: [{ name: 'Simulated', kind: 'simulated' }],
    applications: [{ name: 'app', url, parameters: keyValues(options.param ?? []) }],
    dns: [
      { number: ROUTING_POINT, switch: 'Simulated', type: 'routepoint', application: 'app' },
      ...agents.map(({ dn }) => ({ number: dn, switch: 'Simulated', type: 'extension' })),
    ],
    agents,
  }
}
