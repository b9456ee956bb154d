import { Command } from 'commander'
import pino from 'pino'
import type { RunningNode } from '@segue/server'
import { startNode } from '@segue/server'
import { configurationFailure, startFailure } from '../failures.ts'
import { limitHeapGrowth } from '../heap-growth.ts'
import { interrupted } from '../interrupted.ts'
import type { NodeOptions } from '../node-options.ts'
import { inShards, nodeSettings, switchAddress } from '../node-options.ts'
import type { Output } from '../output.ts'
import { withNodeOptions, withShardOptions } from './with-node-options.ts'

interface ServeOptions extends NodeOptions {
  readonly switch?: readonly string[]
  readonly switchToken?: string
  readonly logLevel: string
  readonly speed: number
  readonly epoch: number
}

/** `segue serve`: a node for a folder, until it is told to stop. */
export function serveCommand(output: Output): Command {
  return withShardOptions(withNodeOptions(new Command('serve')))
    .description('serves a folder with configuration and applications')
    .argument('<folder>', 'folder with segue.yaml')
    .option('--switch <name=host:port...>', 'switches to connect to')
    .option('--switch-token <token>', 'word that lets us in there (default: $SEGUE_SWITCH_TOKEN)')
    .option('--log-level <level>', 'of the log on stderr', 'info')
    .option('--speed <factor>', 'runs time faster, for simulations', Number, 1)
    .option('--epoch <ms>', 'wall time at which fast time began', Number, 0)
    .addHelpText('before', 'Examples:\n  segue serve examples/business-hours --switch SIP_Harbour=127.0.0.1:5070\n')
    .action(async (folder: string, options: ServeOptions) => {
      limitHeapGrowth()
      const token = options.switchToken ?? process.env['SEGUE_SWITCH_TOKEN'] ?? ''
      const switches = (options.switch ?? []).map((word) => switchAddress(word, token))
      const pace = { speed: options.speed, originEpochMs: options.epoch }
      const log = pino({ level: options.logLevel }, pino.destination(2))
      const settings = await nodeSettings(folder, inShards(options), switches, pace)
      const started = await startNode(settings, log).catch((error: unknown) => {
        throw startFailure(error, settings)
      })
      if (!started.ok) throw configurationFailure(started.findings)
      await using node: RunningNode = started.node
      for (const finding of node.findings) log.warn({ finding }, 'configuration')
      output.result(JSON.stringify({ listening: node.url, pid: process.pid, recovered: node.recovered }))
      await interrupted()
      log.info('stops')
    })
}
