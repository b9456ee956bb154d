import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import pino from 'pino'
import type { SwitchCounters } from '@segue/adapters'
import type { RunningNode } from '@segue/server'
import { startNode } from '@segue/server'
import { banner } from '../banner.ts'
import { CommandFailure, EXIT } from '../exit-codes.ts'
import { configurationFailure, startFailure } from '../failures.ts'
import { interrupted } from '../interrupted.ts'
import type { NodeOptions } from '../node-options.ts'
import { inShards, nodeSettings } from '../node-options.ts'
import type { Output } from '../output.ts'
import { table } from '../output.ts'
import { startSwitchProcess } from '../switch-process.ts'
import { withNodeOptions, withShardOptions } from './with-node-options.ts'

interface SimOptions extends NodeOptions {
  readonly calls?: number
  readonly seed: number
  readonly speed: number
}

const SUMMARY_EVERY_MS = 1_000
/** Off a terminal a line stays, so they come less often. */
const SUMMARY_EVERY_MS_OFF_TERMINAL = 10_000
/** After the last call: time for the sessions to end. */
const LAST_SESSIONS_TIMEOUT_MS = 10_000

/** `segue sim`: a server and a simulated switch with people, alive until Ctrl-C or until all calls have ended. */
export function simCommand(output: Output): Command {
  return withShardOptions(withNodeOptions(new Command('sim')))
    .description('a simulated call centre: callers dial, agents answer')
    .argument('<folder>', 'folder with segue.yaml and simulation.json')
    .option('--calls <number>', 'ends after so many calls, with a result table', positive)
    .option('--seed <number>', 'same seed, same callers', Number, 1)
    .option('--speed <factor>', 'runs time faster', positive, 1)
    .addHelpText(
      'before',
      'Examples:\n  segue sim examples/business-hours\n  segue sim examples/business-hours --calls 50 --seed 7 --speed 20\n',
    )
    .action(async (folder: string, options: SimOptions, command: Command) => {
      // A counted run begins with an empty store, unless a folder is named.
      const isScratch = options.calls !== undefined && command.getOptionValueSource('data') === 'default'
      const data = isScratch ? await mkdtemp(join(tmpdir(), 'segue-sim-')) : options.data
      const port = isScratch && command.getOptionValueSource('port') === 'default' ? 0 : options.port
      try {
        await simulate(folder, { ...options, data, port }, output)
      } finally {
        if (isScratch) await rm(data, { recursive: true, force: true })
      }
    })
}

async function simulate(folder: string, options: SimOptions, output: Output): Promise<void> {
  const pace = { speed: options.speed, originEpochMs: Date.now() }
  const { seed, calls } = options
  await using telephones = await startSwitchProcess({
    folder,
    seed,
    pace,
    people: true,
    ...(calls === undefined ? {} : { calls }),
  })
  const settings = await nodeSettings(folder, inShards(options), [telephones.address], pace)
  const log = pino({ level: 'error' }, pino.destination(2))
  const started = await startNode(settings, log).catch((error: unknown) => {
    throw startFailure(error)
  })
  if (!started.ok) throw configurationFailure(started.findings)
  await using node = started.node
  output.note(banner(node, settings))

  const every = output.isTerminal ? SUMMARY_EVERY_MS : SUMMARY_EVERY_MS_OFF_TERMINAL
  const timer = setInterval(() => output.status(summaryLine(node)), every)
  try {
    if (calls === undefined) {
      await interrupted()
      return
    }
    const isInterrupted = await Promise.race([telephones.callsDone.then(() => false), interrupted().then(() => true)])
    if (isInterrupted) throw new CommandFailure(EXIT.interrupted, 'interrupted')
    await lastSessions(node)
  } finally {
    clearInterval(timer)
  }
  const errors = node.incidents().length
  output.result(resultTable(await telephones.counters(), node, errors))
  for (const { kind, message } of node.incidents()) output.note(`${kind}: ${message}`)
  if (errors > 0) throw new CommandFailure(EXIT.findings, `${errors} errors`)
}

function summaryLine(node: RunningNode): string {
  const summary = node.centre.summary()
  if (summary === undefined) return 'starting'
  const talking = summary.groups.reduce((sum, group) => sum + group.talking, 0)
  const level = Math.round(summary.serviceLevelRatio * 100)
  const { routed, abandoned } = summary.counters
  return `waiting ${summary.waiting}  talking ${talking}  routed ${routed}  abandoned ${abandoned}  service level ${level} % in ${summary.serviceLevelThresholdS} s`
}

function resultTable(counters: SwitchCounters, node: RunningNode, errors: number): string {
  const groups = node.centre.summary()?.groups ?? []
  return table([
    ['arrived', String(counters.arrived)],
    ['routed', String(groups.reduce((sum, group) => sum + group.routed, 0))],
    ...groups.map(({ name, routed }) => [`  ${name}`, String(routed)]),
    ['abandoned', String(counters.ended.abandoned)],
    ['announced', String(counters.ended.cleared)],
    ['errors', String(errors)],
  ])
}

/** Waits until every session has ended; sessions that stay are errors that an operator would look at. */
async function lastSessions(node: RunningNode): Promise<void> {
  const deadline = Date.now() + LAST_SESSIONS_TIMEOUT_MS
  for (;;) {
    const running = await node.centre.list('session', { running: true, limit: 10 })
    if (running.length === 0) return
    if (Date.now() > deadline) {
      throw new CommandFailure(
        EXIT.findings,
        `${running.length} sessions did not end: ${running.map(({ ref }) => ref.id).join(' ')}`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function positive(word: string): number {
  const value = Number(word)
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0')
  return value
}
