import type { BodyForm } from '../fetch-body.ts'

/** A module that a definition file declares. JSON: it is given to shard processes as text. Spec: scxml-dialect §13. */
export interface ModuleDefinition {
  /** First part of its event names. */
  readonly name: string
  /** Its namespace, with and without `http://`. */
  readonly uris: readonly string[]
  readonly actions: readonly ActionDefinition[]
}

/** An action of a declared module: a call to one of its servers. */
export interface ActionDefinition {
  readonly name: string
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** How a body is written. */
  readonly form: BodyForm
  /** Addresses to call, in the order of the file. */
  readonly urls: readonly string[]
  readonly selection: ServerSelection
  readonly timeoutS?: number
}

/** `simple`: always the first server that can be reached; `round-robin`: each call the next one. */
export type ServerSelection = 'simple' | 'round-robin'

/** Limits of definition files (docs/reference/limits.md). */
export const definitionLimits = {
  maxFileBytes: 65_536,
  maxDepth: 8,
  maxServers: 32,
  maxActions: 100,
  /** Characters of all definitions of a node as JSON: they are given to shard processes at their start. */
  maxDefinitionsChars: 100_000,
} as const
