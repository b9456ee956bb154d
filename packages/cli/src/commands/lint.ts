import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { readModuleDefinitions } from '@segue/server'
import type { Diagnostic } from '@segue/scxml'
import { positionAt } from '@segue/scxml'
import { diagnosticText } from '../document-text.ts'
import { CommandFailure, EXIT } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { readDocument } from '../read-document.ts'

interface LintOptions {
  readonly json?: boolean
  readonly maxWarnings?: number
  readonly modules: readonly string[]
}

/** `segue lint`: reads documents as the server would, and shows what it finds. */
export function lintCommand(output: Output): Command {
  return new Command('lint')
    .description('checks documents and everything that they include')
    .argument('<files...>', 'documents: paths, folders or http: addresses')
    .option('--json', 'print findings as JSON')
    .option('--modules <file>', 'a module definition file that the documents use; may be repeated', added, [])
    .option('--max-warnings <n>', 'more warnings than this are a failure', wholeNumber)
    .addHelpText(
      'before',
      'Examples:\n  segue lint src-gen/*.scxml\n  segue lint examples/business-hours --max-warnings 0\n  segue lint --json page.scxml\n',
    )
    .addHelpText('after', '\nExit codes: 0 nothing found that counts, 1 errors or too many warnings.\n')
    .action(async (files: string[], options: LintOptions) => {
      const addresses = files.flatMap(addressesOf)
      const modules = await readModuleDefinitions(options.modules.map((path) => pathToFileURL(resolve(path)).href))
      const documents = await Promise.all(addresses.map((url) => readDocument(url, modules.namespaces)))
      const isIncluded = (url: string): boolean =>
        documents.some((other) => other.url !== url && other.included.has(url))
      // A page that another one includes uses what that one declares: it is checked as a part of it.
      const own = documents.filter(({ url }) => !isIncluded(url))
      const findings = [...modules.diagnostics, ...own.flatMap(({ diagnostics }) => diagnostics)]
      const errors = findings.filter(({ severity }) => severity === 'error').length
      const warnings = findings.filter(({ severity }) => severity === 'warning').length
      if (options.json === true) {
        output.result(
          JSON.stringify({ documents: addresses, errors, warnings, findings: findings.map(asJson) }, undefined, 2),
        )
      } else {
        for (const finding of findings) output.result(`${diagnosticText(finding, output)}\n`)
        const parts = documents.length - own.length
        output.note(
          `${count(own.length, 'document')}${parts === 0 ? '' : ` (with ${count(parts, 'part')})`}, ${count(errors, 'error')}, ${count(warnings, 'warning')}`,
        )
      }
      if (errors > 0 || warnings > (options.maxWarnings ?? Infinity)) throw new CommandFailure(EXIT.findings, '')
    })
}

/** Addresses of the documents that a word of the command line means. */
function addressesOf(word: string): readonly string[] {
  if (/^https?:/.test(word)) return [word]
  const path = resolve(word)
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [pathToFileURL(path).href]
  const documents = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.scxml') && !/(^|[\\/])(node_modules|\.[^\\/]*)[\\/]/.test(name))
    .toSorted()
  if (documents.length === 0) throw new CommandFailure(EXIT.usage, `there is no .scxml document in "${word}"`)
  return documents.map((name) => pathToFileURL(join(path, name)).href)
}

function asJson(finding: Diagnostic): Readonly<Record<string, unknown>> {
  const { code, severity, message, hint, span } = finding
  return { code, severity, message, hint, url: span.source.url, ...positionAt(span.source, span.start) }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

function added(word: string, before: readonly string[]): readonly string[] {
  return [...before, word]
}

function wholeNumber(word: string): number {
  if (!/^\d{1,9}$/.test(word)) throw new InvalidArgumentError('must be a whole number, 0 or more')
  return Number(word)
}
