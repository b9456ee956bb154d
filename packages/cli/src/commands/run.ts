import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { readConfiguration } from '@segue/contact'
import { readModuleDefinitions } from '@segue/server'
import type { World, WorldConfiguration } from '@segue/testing'
import { startWorld } from '@segue/testing'
import { diagnosticText } from '../document-text.ts'
import { CommandFailure, EXIT } from '../exit-codes.ts'
import { configurationFailure } from '../failures.ts'
import type { Output } from '../output.ts'
import { readDocument } from '../read-document.ts'
import { traceStory } from '../trace-text.ts'
import { keyValues } from './key-values.ts'

interface RunOptions {
  readonly param?: readonly string[]
  readonly event?: readonly string[]
  readonly call?: boolean
  readonly from: string
  readonly userData?: readonly string[]
  readonly agents?: number
  readonly at?: string
  readonly for: number
  readonly json?: boolean
  readonly verbose?: boolean
}

const ROUTING_POINT = '9000'

/** `segue run`: one session of a document on virtual time, printed as it happens. */
export function runCommand(output: Output): Command {
  return new Command('run')
    .description('runs a document once, on virtual time, and prints what it does')
    .argument('<document>', 'path of the document')
    .option('--call', 'a caller dials, and the application is started for the call')
    .option('--from <number>', 'number of the caller', '0301112233')
    .option('--user-data <key=value...>', 'attached data of the call')
    .option('--agents <n>', 'agents that are ready; without a segue.yaml above the document', number(0))
    .option('--param <name=value...>', 'start parameters (without --call)')
    .option('--event <name...>', 'events that are sent, one after the other')
    .option('--at <time>', 'when it happens, for example 2024-01-17T09:00:00Z (default: now)', time)
    .option('--for <seconds>', 'virtual time to let pass', number(0), 600)
    .option('--verbose', 'show everything that was recorded')
    .option('--json', 'print trace records as JSON lines')
    .addHelpText(
      'before',
      `Examples:
  segue run hello.scxml --param name=Ada
  segue run src-gen/IPD_ferryDesk.scxml --call
  segue run src-gen/IPD_ferryDesk.scxml --call --at 2024-06-21T10:00:00Z

A segue.yaml in a folder above the document that has it as an application gives agents, groups, lists and so on.
`,
    )
    .action(async (document: string, options: RunOptions) => {
      const path = resolve(document)
      if (!existsSync(path)) throw new CommandFailure(EXIT.notFound, `there is no document "${document}"`)
      const url = pathToFileURL(path).href
      const { configuration, moduleDefinitions, number } = configurationOf(path, url, options)
      await refuseBroken(url, moduleDefinitions, output)
      await using world = await startWorld({
        configuration,
        documentRoots: ['/'],
        at: options.at ?? new Date().toISOString(),
        people: { talkS: [20, 20], answerS: [2, 2] },
      }).catch((error: unknown) => {
        throw new CommandFailure(EXIT.findings, error instanceof Error ? error.message : String(error))
      })
      const sessionId = await startOne(world, url, number, options)
      for (const name of options.event ?? []) await world.sendEvent(sessionId, name)
      await world.advance({ seconds: options.for })

      const session = await world.session(sessionId)
      if (options.json === true) for (const entry of session.trace) output.result(JSON.stringify(entry))
      else for (const line of traceStory(session.trace, { verbose: options.verbose === true })) output.result(line)
      output.note(
        session.isRunning
          ? `the session is still in ${session.states.join(' ')} after ${options.for} s`
          : 'the session has ended',
      )
      for (const { kind, message } of world.incidents) output.note(`incident: ${kind}: ${message}`)
      const count = session.errors.length
      if (count > 0) throw new CommandFailure(EXIT.findings, `${count} ${count === 1 ? 'error' : 'errors'}`)
      if (world.incidents.length > 0) throw new CommandFailure(EXIT.findings, '')
    })
}

async function refuseBroken(url: string, moduleDefinitions: readonly string[], output: Output): Promise<void> {
  const modules = await readModuleDefinitions(moduleDefinitions)
  const { diagnostics } = await readDocument(url, modules.namespaces)
  for (const diagnostic of diagnostics) output.note(`${diagnosticText(diagnostic, output)}\n`)
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    throw new CommandFailure(EXIT.findings, 'the document has errors: nothing was run')
  }
}

async function startOne(world: World, url: string, number: string, options: RunOptions): Promise<string> {
  if (options.call === true) {
    await world.placeCall({ from: options.from, to: number, userData: keyValues(options.userData ?? []) })
  } else await world.startSession(url, keyValues(options.param ?? []))
  const [sessionId] = await world.sessionIds()
  if (sessionId === undefined) throw new CommandFailure(EXIT.findings, 'no session was started')
  return sessionId
}

interface Surroundings {
  readonly configuration: WorldConfiguration
  /** Routing point of the document. */
  readonly number: string
  readonly moduleDefinitions: readonly string[]
}

/** The configuration that the document belongs to, or a small one around it. */
function configurationOf(path: string, url: string, options: RunOptions): Surroundings {
  if (options.agents === undefined) {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const found = configurationIn(folder, url)
      if (found !== undefined) return found
      if (folder === dirname(folder)) break
    }
  }
  const around = { folder: dirname(path), objects: centreAround(url, options) }
  return { configuration: around, number: ROUTING_POINT, moduleDefinitions: [] }
}

function configurationIn(folder: string, url: string): Surroundings | undefined {
  const file = join(folder, 'segue.yaml')
  if (!existsSync(file)) return undefined
  const { configuration, findings } = readConfiguration([{ file, text: readFileSync(file, 'utf8') }])
  if (configuration === undefined) throw configurationFailure(findings)
  const application = configuration.applications.find((one) => one.url === url)
  const dn = configuration.dns.find((one) => one.application === application?.name)
  if (application === undefined || dn === undefined) return undefined
  return { configuration: folder, number: dn.number, moduleDefinitions: configuration.moduleDefinitions ?? [] }
}

function centreAround(url: string, options: RunOptions): Readonly<Record<string, unknown>> {
  const agents = Array.from({ length: options.agents ?? 1 }, (_, index) => ({
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

function number(least: number): (word: string) => number {
  return (word) => {
    const value = Number(word)
    if (word.trim() === '' || !(value >= least) || value > 1e9) {
      throw new InvalidArgumentError(`must be a number from ${least}`)
    }
    return value
  }
}

function time(word: string): string {
  if (Number.isNaN(Date.parse(word))) throw new InvalidArgumentError('must be a time such as 2024-01-17T09:00:00Z')
  return new Date(word).toISOString()
}
