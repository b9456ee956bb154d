import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { ConfigurationFinding } from '@segue/contact'
import type { DefinedModules } from '@segue/modules'
import { definedModules, definitionDiagnostic, definitionLimits } from '@segue/modules'
import type { Diagnostic, Source } from '@segue/scxml'
import { positionAt } from '@segue/scxml'

/** Reads the module definition files of a configuration. Never rejects: a file that cannot be read is a finding. */
export async function readModuleDefinitions(urls: readonly string[]): Promise<DefinedModules> {
  const sources: Source[] = []
  const unread: Diagnostic[] = []
  for (const url of urls) {
    try {
      sources.push({ url, text: await textOf(url) })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const span = { source: { url, text: '' }, start: 0, end: 0 }
      unread.push(definitionDiagnostic('SEG-DFM-008', span, { reason }))
    }
  }
  const read = definedModules(unread.length === 0 ? sources : [])
  return { ...read, diagnostics: [...unread, ...read.diagnostics] }
}

/** A finding as those of configuration files. */
export function asConfigurationFinding({ code, hint = '', message, severity, span }: Diagnostic): ConfigurationFinding {
  const { url } = span.source
  const file = url.startsWith('file:') ? fileURLToPath(url) : url
  const isError = severity === 'error'
  return { code, severity: isError ? 'error' : 'warning', message, hint, file, ...positionAt(span.source, span.start) }
}

async function textOf(url: string): Promise<string> {
  if (!url.startsWith('file:')) throw new Error(`"${url}" is no file`)
  const path = fileURLToPath(url)
  const found = await stat(path)
  if (!found.isFile()) throw new Error(`"${path}" is no file`)
  if (found.size > definitionLimits.maxFileBytes)
    throw new Error(`it has ${found.size} bytes, ${definitionLimits.maxFileBytes} are the most`)
  return readFile(path, 'utf8')
}
