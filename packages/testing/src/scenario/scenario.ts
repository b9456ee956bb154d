import type { Diagnostic, Source } from '@segue/scxml'
import type { Given } from './given-schema.ts'
import type { Then, When } from './step-schema.ts'
import type { ScriptRun } from './script-contract.ts'

/** Where something stands in a file. */
export interface Place {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/** One step of a scenario. */
export type Step =
  | { readonly kind: 'when'; readonly key: keyof When; readonly value: When; readonly place: Place }
  | {
      readonly kind: 'then'
      readonly keys: readonly (keyof Then)[]
      readonly value: Then
      readonly place: Place
      /** Places of the keys, in their order. */
      readonly places: readonly Place[]
    }
  | { readonly kind: 'note'; readonly text: string; readonly place: Place }

/** A scenario, ready to run. */
export interface Scenario {
  readonly name: string
  /** Path of the file. */
  readonly file: string
  readonly place: Place
  readonly tags: readonly string[]
  /** Why it is not run. */
  readonly skip: string | undefined
  /** Folder with the `segue.yaml`. */
  readonly folder: string
  readonly given: Given
  readonly steps: readonly Step[]
  /** Kinds of unexpected things that may happen. */
  readonly allow: readonly string[]
  /** A scenario of a script: runs behind the steps. */
  readonly run?: ScriptRun
}

/** What is in a scenario file. */
export interface ScenarioFile {
  readonly file: string
  readonly about: string
  readonly scenarios: readonly Scenario[]
  /** A file with findings has no scenarios. */
  readonly findings: readonly Diagnostic[]
}
