import type { Configuration } from '@segue/contact'
import { definedModules } from '@segue/modules'
import type { DefinedModules } from '@segue/modules'
import { positionAt } from '@segue/scxml'
import type { Resolve, Source } from '@segue/scxml'

/** Modules of a world with those of its definition files. Throws with all findings when one of them has errors. */
export async function worldModules({ moduleDefinitions }: Configuration, resolve: Resolve): Promise<DefinedModules> {
  const sources: Source[] = []
  for (const url of moduleDefinitions ?? []) {
    const resolved = await resolve(url, url, 'data')
    if (!resolved.found) throw new Error(resolved.reason)
    sources.push(resolved.source)
  }
  const defined = definedModules(sources)
  const errors = defined.diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return defined
  const texts = errors.map(({ code, message, span }) => {
    const { column, line } = positionAt(span.source, span.start)
    return `${span.source.url}:${line}:${column} ${code} ${message}`
  })
  throw new Error(texts.join('\n'))
}
