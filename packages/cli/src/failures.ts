import { StoreError, storeFaults } from '@segue/adapters'
import type { StoreFaultCode } from '@segue/adapters'
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
  if (error instanceof StoreError) return storeFailure(error)
  return error instanceof Error ? error : new Error(String(error))
}

const STORE_EXIT: Readonly<Record<StoreFaultCode, number>> = {
  'SEG-STORE-001': EXIT.conflict,
  'SEG-STORE-002': EXIT.configuration,
  'SEG-STORE-003': EXIT.configuration,
  'SEG-STORE-004': EXIT.configuration,
  'SEG-STORE-005': EXIT.unreachable,
  'SEG-STORE-006': EXIT.bug,
  'SEG-STORE-007': EXIT.unreachable,
  'SEG-STORE-008': EXIT.unreachable,
  'SEG-STORE-009': EXIT.configuration,
  'SEG-STORE-010': EXIT.notFound,
  'SEG-STORE-011': EXIT.findings,
  'SEG-STORE-012': EXIT.conflict,
  'SEG-STORE-013': EXIT.conflict,
}

/** A store that cannot be had or does not do what is asked, with its code. */
export function storeFailure(error: StoreError): CommandFailure {
  return new CommandFailure(STORE_EXIT[error.code], `${error.code} ${error.message}`, storeFaults[error.code].hint)
}
