import { Command } from 'commander'
import { loadSwitchPlan, runSwitchProcess, standardIo, systemClock } from '@segue/adapters'
import { CommandFailure, EXIT } from '../exit-codes.ts'
import type { Output } from '../output.ts'

interface SimSwitchOptions {
  readonly plan: string
  readonly port: number
  readonly token?: string
  readonly seed: number
  readonly speed: number
  readonly epoch: number
  readonly rate?: number
  readonly calls?: number
  readonly journal?: string
  readonly endWithInput?: boolean
}

/** `segue sim-switch`: the simulated switch with its callers and agents, as a process of its own. */
export function simSwitchCommand(output: Output): Command {
  return new Command('sim-switch')
    .description('the simulated switch with its callers and agents')
    .requiredOption('--plan <file>', 'what the switch has and how its people behave (JSON)')
    .option('--port <number>', 'port to listen on; 0 takes a free one', Number, 0)
    .option('--token <token>', 'word that lets a server in (default: $SEGUE_SWITCH_TOKEN)')
    .option('--seed <number>', 'same seed, same calls', Number, 1)
    .option('--speed <factor>', 'runs time faster', Number, 1)
    .option('--epoch <ms>', 'wall time at which fast time began', Number, 0)
    .option('--rate <calls>', 'calls per minute', Number)
    .option('--calls <number>', 'ends the stream of calls after so many', Number)
    .option('--journal <file>', 'remembers calls and commands over a restart')
    .option('--end-with-input', 'ends when its stdin does, so that it does not outlive its starter')
    .addHelpText(
      'before',
      'Examples:\n  segue sim-switch --plan examples/business-hours/simulation.json --port 5070\n\nLines on stdin: "counters", "endstates".\n',
    )
    .action(async (options: SimSwitchOptions) => {
      const plan = loadSwitchPlan(options.plan)
      if (!plan.ok) throw new CommandFailure(EXIT.configuration, plan.message)
      await runSwitchProcess({
        io: standardIo({ endsWithInput: options.endWithInput === true }),
        clock: systemClock({ speed: options.speed, originEpochMs: options.epoch }),
        linkClock: systemClock(),
        plan: plan.plan,
        seed: options.seed,
        token: options.token ?? process.env['SEGUE_SWITCH_TOKEN'] ?? '',
        port: options.port,
        report: (line) => output.note(line),
        ...(options.rate === undefined ? {} : { ratePerMinute: options.rate }),
        ...(options.calls === undefined ? {} : { calls: options.calls }),
        ...(options.journal === undefined ? {} : { journalPath: options.journal }),
      })
    })
}
