import { Command } from 'commander'
import { agentCommand } from './commands/agent.ts'
import { callCommand } from './commands/call.ts'
import { conformanceCommand } from './commands/conformance.ts'
import { devCommand } from './commands/dev.ts'
import { incidentsCommand } from './commands/incidents.ts'
import { lintCommand } from './commands/lint.ts'
import { quarantineCommand } from './commands/quarantine.ts'
import { runCommand } from './commands/run.ts'
import { serveCommand } from './commands/serve.ts'
import { sessionCommand } from './commands/session.ts'
import { simCommand } from './commands/sim.ts'
import { simSwitchCommand } from './commands/sim-switch.ts'
import { storeCommand } from './commands/store.ts'
import { testCommand } from './commands/test.ts'
import type { Output } from './output.ts'
import { VERSION } from './version.ts'

const EXAMPLES = `Examples:
  segue sim examples/business-hours                a simulated call centre, alive until Ctrl-C
  segue dev examples/business-hours                serves a folder and watches it
  segue run app.scxml --call                       one call through an application, as a readable trace
  segue lint src-gen/*.scxml                       findings with file, line and column
  segue test examples/business-hours               scenario files, on virtual time
  segue call place --from 0301112233 --to 4200     a caller dials, at a running server
  segue session list                               what runs there
`

const EXIT_CODES = `
Exit codes: 0 ok, 1 findings, 2 usage, 3 configuration, 4 unreachable, 5 not found, 6 conflict, 7 denied, 8 timeout,
70 bug, 130 interrupted.
Segue is not affiliated with Genesys.
`

const HELP_WIDTH = 110

/** All commands of `segue`. */
export function createProgram(output: Output): Command {
  const program = new Command('segue')
    .description('orchestration server for customer contact: runs SCXML applications')
    .version(VERSION)
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', EXIT_CODES)
  for (const command of [
    simCommand(output),
    serveCommand(output),
    devCommand(output),
    runCommand(output),
    lintCommand(output),
    testCommand(output),
    callCommand(output),
    agentCommand(output),
    sessionCommand(output),
    storeCommand(output),
    incidentsCommand(output),
    quarantineCommand(output),
    simSwitchCommand(output),
    conformanceCommand(output),
  ]) {
    program.addCommand(command)
  }
  for (const command of allCommands(program))
    command
      .exitOverride()
      .showHelpAfterError('hint: add --help for examples')
      .configureHelp({ sortSubcommands: false, helpWidth: HELP_WIDTH })
      .configureOutput({
        writeOut: (text) => output.result(text.trimEnd()),
        writeErr: (text) => output.note(text.trimEnd()),
      })
  return program
}

function allCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allCommands)]
}
