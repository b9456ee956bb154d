import { cwd } from 'node:process'
import { pathToFileURL } from 'node:url'
import { formatDiagnostic } from '@segue/scxml'
import type { Diagnostic } from '@segue/scxml'
import type { Output } from './output.ts'

/** A finding about a document as every command shows it; paths are relative to the current folder. */
export function diagnosticText(diagnostic: Diagnostic, output: Output): string {
  return formatDiagnostic(diagnostic, { color: output.color, base: pathToFileURL(cwd()).href })
}
