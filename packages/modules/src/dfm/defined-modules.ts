import type { Module } from '@segue/runtime'
import type { Diagnostic, ElementNamespace, Source } from '@segue/scxml'
import { allModules } from '../modules.ts'
import { definedModule } from './defined-module.ts'
import { definitionLimits } from './definition.ts'
import type { ModuleDefinition } from './definition.ts'
import { definitionDiagnostic } from './findings.ts'
import { readDefinition } from './read-definition.ts'

/** Modules that definition files declare. */
export interface DefinedModules {
  /** Modules of the product and those of the files. Without the files when one of them has an error. */
  readonly modules: readonly Module[]
  /** Namespaces that a document may bind. */
  readonly namespaces: readonly ElementNamespace[]
  /** The definitions as text, for shard processes: `modulesOf` reads it. */
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
}

/** Names and namespaces of the language itself. */
const taken = {
  names: ['scxml', 'xi', 'done', 'error'],
  uris: [
    'www.w3.org/2005/07/scxml',
    'www.w3.org/2001/XInclude',
    'www.w3.org/XML/1998/namespace',
    'www.w3.org/2000/xmlns/',
  ],
}

/** Reads definition files; a file that names a module or namespace that exists is refused. */
export function definedModules(sources: readonly Source[]): DefinedModules {
  const read = sources.map((source) => ({ source, ...readDefinition(source) }))
  const diagnostics = read.flatMap((one) => one.diagnostics)
  const names = new Set([...taken.names, ...allModules.map(({ name }) => name)])
  const uris = new Set([...taken.uris, ...allModules.flatMap(({ namespace }) => namespace.uris)])
  const definitions: ModuleDefinition[] = []
  for (const { definition, source } of read) {
    if (definition === undefined) continue
    const start = { source, start: 0, end: 0 }
    const [uri = ''] = definition.uris
    if (names.has(definition.name))
      diagnostics.push(definitionDiagnostic('SEG-DFM-005', start, { kind: 'module', name: definition.name }))
    else if (uris.has(uri))
      diagnostics.push(definitionDiagnostic('SEG-DFM-005', start, { kind: 'namespace', name: uri }))
    else definitions.push(definition)
    names.add(definition.name)
    uris.add(uri)
  }
  const text = JSON.stringify(definitions)
  const limit = definitionLimits.maxDefinitionsChars
  const [first] = sources
  if (text.length > limit && first !== undefined) {
    const what = 'characters of module definitions together'
    const span = { source: first, start: 0, end: 0 }
    diagnostics.push(definitionDiagnostic('SEG-DFM-007', span, { what, limit, count: text.length }))
  }
  const isBroken = diagnostics.some(({ severity }) => severity === 'error')
  return { ...partsOf(isBroken ? [] : definitions), diagnostics }
}

/** All modules of a node, out of the text of its definitions; a text that is none gives those of the product. */
export function modulesOf(text: string): readonly Module[] {
  // JSON border: written by `definedModules` of the same build.
  return partsOf(text === '' ? [] : (JSON.parse(text) as readonly ModuleDefinition[])).modules
}

function partsOf(definitions: readonly ModuleDefinition[]): Omit<DefinedModules, 'diagnostics'> {
  const modules = [...allModules, ...definitions.map(definedModule)]
  const namespaces = modules.map(({ namespace }) => namespace).filter(({ uris }) => uris.length > 0)
  return { modules, namespaces, text: definitions.length === 0 ? '' : JSON.stringify(definitions) }
}
