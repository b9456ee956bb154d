import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Diagnostic } from '@segue/scxml'
import { positionAt } from '@segue/scxml'
import { nameHint } from '../nearest-name.ts'
import type { Given } from './given-schema.ts'
import type { Scenario, ScenarioFile, Step } from './scenario.ts'
import { scenarioFileSchema, scenarioLimits } from './scenario-schema.ts'
import type { ScenarioContent } from './scenario-schema.ts'
import { schemaFindings } from './schema-findings.ts'
import type { Then, When } from './step-schema.ts'
import { namesIn, usesIn } from './step-names.ts'
import { readYaml } from './yaml-source.ts'
import type { Path, YamlSource } from './yaml-source.ts'

/**
 * Reads a scenario file. Never throws.
 *
 * Errors: SEG-TEST-001 to -007 as findings with file, line and column. Order: findings as they stand in the file.
 */
export function readScenarios(file: string, text: string): ScenarioFile {
  const path = resolve(file)
  const yaml = readYaml(path, text)
  const failed = (findings: readonly Diagnostic[]): ScenarioFile => ({ file: path, about: '', scenarios: [], findings })
  if (yaml.findings.length > 0) return failed(yaml.findings)
  const parsed = scenarioFileSchema.safeParse(yaml.value)
  if (!parsed.success) return failed(inOrder(schemaFindings(yaml, parsed.error.issues)))
  const { about = basename(path), application, given = {}, scenarios } = parsed.data
  const folder = applicationFolder(path, application)
  if (folder === undefined) {
    const looked = application === undefined ? dirname(path) : resolve(dirname(path), application)
    return failed([yaml.finding('SEG-TEST-007', { folder: looked }, application === undefined ? [] : ['application'])])
  }
  const read = scenarios.map((content, index) => newScenario(yaml, content, { path, folder, given, index }))
  const findings = [...twins(yaml, scenarios), ...read.flatMap((scenario) => unknownNames(yaml, scenario))]
  if (findings.length > 0) return failed(inOrder(findings))
  return { file: path, about, scenarios: read, findings: [] }
}

/** The folder of the application: the one named, or the nearest above the file that has a configuration. */
export function applicationFolder(file: string, named: string | undefined): string | undefined {
  const hasConfiguration = (folder: string): boolean => existsSync(join(folder, 'segue.yaml'))
  if (named !== undefined) {
    const folder = resolve(dirname(file), named)
    return hasConfiguration(folder) ? folder : undefined
  }
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (hasConfiguration(folder)) return folder
    if (folder === dirname(folder)) return undefined
  }
}

/** What is given for a scenario: its own words over those of the file. Maps are put together, lists are not. */
export function mergedGiven(outer: Given, inner: Given): Given {
  const merged: Record<string, unknown> = { ...outer, ...inner }
  for (const key of [
    'agents',
    'lists',
    'statistics',
    'configuration',
    'documents',
    'announcements',
    'telephones',
    'web',
  ] as const) {
    const [one, other] = [outer[key], inner[key]]
    // Stubs of the scenario come first: the first one that fits is used.
    if (one !== undefined && other !== undefined)
      merged[key] = key === 'web' ? { ...other, ...without(one, other) } : { ...one, ...other }
  }
  if (outer.hold !== undefined && inner.hold !== undefined) merged['hold'] = [...outer.hold, ...inner.hold]
  // Members come from two values of this type.
  return merged as Given
}

function without(one: object, other: object): object {
  return Object.fromEntries(Object.entries(one).filter(([key]) => !Object.hasOwn(other, key)))
}

interface Surroundings {
  readonly path: string
  readonly folder: string
  readonly given: Given
  readonly index: number
}

function newScenario(
  yaml: YamlSource,
  content: ScenarioContent,
  { folder, given, index, path }: Surroundings,
): Scenario {
  const at: Path = ['scenarios', index]
  const steps: Step[] = []
  const take = (part: { when?: ScenarioContent['when']; then?: ScenarioContent['then'] }, base: Path): void => {
    steps.push(...whenSteps(yaml, part.when, [...base, 'when']), ...thenSteps(yaml, part.then, [...base, 'then']))
  }
  take(content, at)
  content.steps?.forEach((step, position) => {
    const base = [...at, 'steps', position]
    if (step.note !== undefined) steps.push({ kind: 'note', text: step.note, place: placeOf(yaml, [...base, 'note']) })
    take(step, base)
  })
  return {
    name: content.scenario,
    file: path,
    place: placeOf(yaml, [...at, 'scenario']),
    tags: content.tags ?? [],
    skip: content.skip,
    folder,
    given: mergedGiven(given, content.given ?? {}),
    steps,
    allow: content.allow ?? [],
  }
}

/** Each key is a step of its own: things happen in the order in which they are written. */
function whenSteps(yaml: YamlSource, part: ScenarioContent['when'], base: Path): readonly Step[] {
  return partsOf<When>(part, base).flatMap(({ path, value }) =>
    writtenKeys(yaml, path, value).map((key): Step => {
      return { kind: 'when', key, value, place: placeOf(yaml, path, String(key)) }
    }),
  )
}

function thenSteps(yaml: YamlSource, part: ScenarioContent['then'], base: Path): readonly Step[] {
  return partsOf<Then>(part, base).map(({ path, value }): Step => {
    const keys = writtenKeys(yaml, path, value)
    const places = keys.map((key) => placeOf(yaml, path, key))
    return { kind: 'then', keys, value, places, place: places[0] ?? placeOf(yaml, path) }
  })
}

function partsOf<T>(
  part: T | readonly T[] | undefined,
  path: Path,
): readonly { readonly path: Path; readonly value: T }[] {
  if (part === undefined) return []
  // `Array.isArray` does not narrow readonly lists.
  if (Array.isArray(part)) return (part as readonly T[]).map((value, index) => ({ path: [...path, index], value }))
  return [{ path, value: part as T }]
}

/** Keys in the order of the file, which a parsed value does not keep. */
function writtenKeys<T extends object>(yaml: YamlSource, path: Path, value: T): readonly (keyof T & string)[] {
  const raw = path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined),
    yaml.value,
  )
  const written = typeof raw === 'object' && raw !== null ? Object.keys(raw) : []
  return written.filter((key): key is keyof T & string => Object.hasOwn(value, key))
}

function placeOf(yaml: YamlSource, path: Path, key?: string): Step['place'] {
  const [start, end] = yaml.rangeOf(path, key)
  return { source: yaml.source, start, end: Math.max(start + 1, end) }
}

function twins(yaml: YamlSource, scenarios: readonly ScenarioContent[]): readonly Diagnostic[] {
  const seen = new Map<string, number>()
  return scenarios.flatMap(({ scenario: name }, index) => {
    const first = seen.get(name)
    if (first === undefined) {
      seen.set(name, index)
      return []
    }
    const { line } = positionAt(yaml.source, yaml.rangeOf(['scenarios', first, 'scenario'])[0])
    return [yaml.finding('SEG-TEST-005', { name, line }, ['scenarios', index, 'scenario'])]
  })
}

/** Names of calls, interactions and sessions that no earlier step has given. */
function unknownNames(yaml: YamlSource, scenario: Scenario): readonly Diagnostic[] {
  const known = new Set<string>()
  return scenario.steps.flatMap((step) => {
    if (step.kind === 'note') return []
    const findings = usesIn(step)
      .filter((name) => !known.has(name))
      .map((name) => {
        const suggestion = nameHint(name, [...known], 'names so far')
        const { start, end } = step.place
        return { ...yaml.finding('SEG-TEST-006', { name, suggestion }, []), span: { source: yaml.source, start, end } }
      })
    for (const name of namesIn(step)) known.add(name)
    return findings
  })
}

function inOrder(findings: readonly Diagnostic[]): readonly Diagnostic[] {
  return findings.toSorted((one, other) => one.span.start - other.span.start).slice(0, scenarioLimits.maxFindings)
}
