import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Diagnostic, Source } from '@segue/scxml'
import { z } from 'zod'
import { testFault } from '../errors.ts'
import { CheckFailed, checkStep } from './check-step.ts'
import { importScript } from './import-script.ts'
import { givenSchema } from './given-schema.ts'
import { performStep } from './perform-step.ts'
import { applicationFolder, mergedGiven } from './read-scenarios.ts'
import type { Scenario, ScenarioFile } from './scenario.ts'
import type { ScriptRun, ScriptTools } from './script-contract.ts'
import { filledIn, mark, StepFailure } from './stage.ts'
import type { Stage } from './stage.ts'
import { thenSchema, whenSchema } from './step-schema.ts'
import type { Then, When } from './step-schema.ts'

const scriptModule = z.looseObject({
  about: z.string().optional(),
  application: z.string().optional(),
  given: givenSchema.optional(),
  scenarios: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        tags: z.array(z.string()).optional(),
        skip: z.string().optional(),
        given: givenSchema.optional(),
        allow: z.array(z.enum(['errors', 'unhandled', 'refused', 'incidents', 'requests'])).optional(),
        run: z.custom<ScriptRun>((value) => typeof value === 'function', 'expected a function'),
      }),
    )
    .min(1),
})

/**
 * Loads a script that exports `scenarios`. Never rejects.
 *
 * Errors: SEG-TEST-007 and SEG-TEST-013 as findings.
 */
export async function loadScriptScenarios(file: string): Promise<ScenarioFile> {
  const path = resolve(file)
  const url = pathToFileURL(path).href
  let source: Source = { url, text: '' }
  const failed = (
    code: 'SEG-TEST-007' | 'SEG-TEST-013',
    parameters: Readonly<Record<string, string>>,
  ): ScenarioFile => {
    const finding: Diagnostic = {
      code,
      severity: 'error',
      ...testFault(code, parameters),
      span: { source, start: 0, end: 1 },
    }
    return { file: path, about: '', scenarios: [], findings: [finding] }
  }
  let exported: unknown
  try {
    source = { url, text: await readFile(path, 'utf8') }
    exported = await importScript(path)
  } catch (error) {
    return failed('SEG-TEST-013', { reason: error instanceof Error ? error.message : String(error) })
  }
  // A module object has no prototype: its members are copied for the schema.
  const parsed = scriptModule.safeParse({ ...(exported as object) })
  if (!parsed.success) return failed('SEG-TEST-013', { reason: z.prettifyError(parsed.error) })
  const { about = basename(path), application, given = {}, scenarios } = parsed.data
  const folder = applicationFolder(path, application)
  if (folder === undefined) return failed('SEG-TEST-007', { folder: application ?? path })
  return {
    file: path,
    about,
    findings: [],
    scenarios: scenarios.map((one): Scenario => {
      const start = Math.max(0, source.text.indexOf(one.name))
      return {
        name: one.name,
        file: path,
        place: { source, start, end: start + 1 },
        tags: one.tags ?? [],
        skip: one.skip,
        folder,
        given: mergedGiven(given, one.given ?? {}),
        steps: [],
        allow: one.allow ?? [],
        run: one.run,
      }
    }),
  }
}

/** Tools for a running scenario. */
export function scriptTools(stage: Stage): ScriptTools {
  return {
    world: stage.world,
    async when(steps) {
      const value: When = parsedStep(whenSchema, steps)
      for (const key of writtenKeys<keyof When>(steps)) {
        const part = value[key]
        mark(stage, `when  ${key}: ${JSON.stringify(part)}`)
        // Filling in changes texts only, never the form.
        if (part !== undefined) await performStep(stage, key, (await filledIn(stage, part)) as typeof part)
      }
    },
    async expect(expected) {
      // Filling in changes texts only, never the form.
      const value = (await filledIn(stage, parsedStep(thenSchema, expected))) as Then
      mark(stage, `then  ${JSON.stringify(expected)}`)
      const differences = await checkStep(stage, writtenKeys<keyof Then>(expected), value)
      if (differences.length > 0) throw new CheckFailed(differences)
    },
    note: (text) => mark(stage, `note  ${text}`),
    idOf: (name) => stage.names.get(name)?.id,
  }
}

function parsedStep<T>(schema: z.ZodType<T>, steps: unknown): T {
  const parsed = schema.safeParse(steps)
  if (parsed.success) return parsed.data
  throw new StepFailure(z.prettifyError(parsed.error), 'the keys are those of scenario files')
}

/** A parsed value has its keys in the order of the schema; things happen in the order written. */
function writtenKeys<K extends string>(steps: unknown): readonly K[] {
  return Object.keys(steps as object) as K[]
}
