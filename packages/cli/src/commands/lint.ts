import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command } from 'commander'
import { createDocumentResolver, systemClock } from '@segue/adapters'
import { elementNamespaces } from '@segue/modules'
import type { Diagnostic } from '@segue/scxml'
import { formatDiagnostic, load, positionAt } from '@segue/scxml'
import { CommandFailure, EXIT } from '../exit-codes.ts'
import type { Output } from '../output.ts'

/** `segue lint`: reads documents as the server would, and shows what it finds. */
export function lintCommand(output: Output): Command {
  return new Command('lint')
    .description('checks documents and everything that they include')
    .argument('<files...>', 'documents: paths or http: addresses')
    .option('--json', 'print findings as JSON')
    .option('--max-warnings <n>', 'more warnings than this are a failure', Number)
    .addHelpText('before', 'Examples:\n  segue lint src-gen/*.scxml\n  segue lint --json page.scxml\n')
    .action(async (files: string[], options: { json?: boolean; maxWarnings?: number }) => {
      const findings = (await Promise.all(files.map(lintFile))).flat()
      const errors = findings.filter(({ severity }) => severity === 'error').length
      const warnings = findings.filter(({ severity }) => severity === 'warning').length
      if (options.json === true) {
        output.result(JSON.stringify({ findings: findings.map(asJson) }, undefined, 2))
      } else {
        for (const finding of findings)
          output.result(`${formatDiagnostic(finding, { color: output.color, base: process.cwd() })}\n`)
        output.note(
          `${files.length} ${files.length === 1 ? 'document' : 'documents'}, ${errors} errors, ${warnings} warnings`,
        )
      }
      if (errors > 0 || warnings > (options.maxWarnings ?? Infinity)) throw new CommandFailure(EXIT.findings, '')
    })
}

async function lintFile(file: string): Promise<readonly Diagnostic[]> {
  const isAddress = /^https?:/.test(file)
  const url = isAddress ? file : pathToFileURL(resolve(file)).href
  // Who runs this may read what he may read; the jail of a server does not apply.
  const resolver = createDocumentResolver({
    fileRoots: ['/'],
    httpAllow: isAddress ? [new URL(file).origin] : [],
    clock: systemClock(),
  })
  const { diagnostics } = await load(url, { resolve: resolver, modules: elementNamespaces })
  return diagnostics
}

function asJson(finding: Diagnostic): Readonly<Record<string, unknown>> {
  const { code, severity, message, hint, span } = finding
  return { code, severity, message, hint, url: span.source.url, ...positionAt(span.source, span.start) }
}
