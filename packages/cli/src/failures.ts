import type { ConfigurationFinding } from '@segue/contact'
import { CommandFailure, EXIT } from './exit-codes.ts'

/** The configuration was refused: every finding with its place. */
export function configurationFailure(findings: readonly ConfigurationFinding[]): CommandFailure {
  return new CommandFailure(
    EXIT.configuration,
    findings.map(configurationText).join('\n'),
    'a configuration is taken whole or not at all; nothing was started',
  )
}

/** One finding in the form of all messages. */
export function configurationText(finding: ConfigurationFinding): string {
  const { file, line, column, severity, code, message, hint } = finding
  return `${file}:${line}:${column} ${severity} ${code} ${message}\n  hint: ${hint}`
}

/** The node could not start: port in use, store not to be had. */
export function startFailure(error: unknown, settings?: { readonly host: string; readonly port: number }): Error {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return new CommandFailure(
      EXIT.conflict,
      `SEG-NODE-002 the address ${settings === undefined ? '' : `${settings.host}:${settings.port} `}is in use`,
      'stop the other program, or choose another port with --port',
    )
  }
  return error instanceof Error ? error : new Error(String(error))
}
