import { z } from 'zod'
import { givenSchema } from './given-schema.ts'
import { text } from './schema-parts.ts'
import { thenSchema, whenSchema } from './step-schema.ts'

/** Bounds of one scenario file. */
export const scenarioLimits = {
  /** Largest file. */
  maxFileCharacters: 2_000_000,
  /** Values that YAML aliases may stand for, all together. */
  maxAliases: 200,
  maxScenarios: 5_000,
  maxSteps: 10_000,
  /** Findings of one file that are told. */
  maxFindings: 100,
  /** Nesting of a file. */
  maxDepth: 60,
} as const

const whenPart = z.union([whenSchema, z.array(whenSchema).max(scenarioLimits.maxSteps)])
const thenPart = z.union([thenSchema, z.array(thenSchema).max(scenarioLimits.maxSteps)])
const unexpectedKind = z.enum(['errors', 'unhandled', 'refused', 'incidents', 'requests'])

const scenario = z.strictObject({
  scenario: text.describe('Its name, a full sentence that says what is claimed.'),
  tags: z.array(text).max(100).describe('Words to choose scenarios by: `segue test --grep`, `--skip`.').optional(),
  skip: text.describe('Why it is not run.').optional(),
  given: givenSchema.describe('What is so before; added to `given` of the file and stronger than it.').optional(),
  when: whenPart.describe('What happens: one step or a list of steps.').optional(),
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the format; nobody awaits a schema
  then: thenPart.describe('What has to be so afterwards.').optional(),
  steps: z
    .array(
      z.strictObject({
        when: whenPart.optional(),
        // oxlint-disable-next-line unicorn/no-thenable -- as above
        then: thenPart.optional(),
        note: text.describe('Shown in the story of a failure.').optional(),
      }),
    )
    .max(scenarioLimits.maxSteps)
    .describe('`when` and `then` in turns, after those of the scenario itself.')
    .optional(),
  allow: z
    .array(unexpectedKind)
    .max(5)
    .describe(
      'What may happen without being asked for: `errors` of scripts, `unhandled` error events, `refused` actions, `incidents`, `requests` that no stub answers. Whatever a `then` asks for by name is allowed anyway.',
    )
    .optional(),
})

/** A scenario file: what is tested, what is so before, and the scenarios. */
export const scenarioFileSchema = z.strictObject({
  about: text.describe('What the file is about.').optional(),
  application: text
    .describe('Folder with the `segue.yaml`, relative to this file. Default: the nearest folder above that has one.')
    .optional(),
  given: givenSchema.describe('What is so before every scenario of the file.').optional(),
  scenarios: z
    .array(scenario)
    .min(1)
    .max(scenarioLimits.maxScenarios)
    .describe('The scenarios, run one after the other.'),
})

/** A scenario file after the schema has read it. */
export type ScenarioFileContent = z.infer<typeof scenarioFileSchema>
/** One scenario after the schema has read it. */
export type ScenarioContent = ScenarioFileContent['scenarios'][number]

/**
 * JSON Schema (2020-12) of a scenario file, for editors and the reference. `whole` repeats every part where it stands;
 * otherwise parts that stand in several places are definitions.
 */
export function scenarioJsonSchema(form: 'whole' | 'short' = 'whole'): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(scenarioFileSchema, {
    io: 'input',
    unrepresentable: 'any',
    reused: form === 'whole' ? 'inline' : 'ref',
  })
  return { $schema, title: 'Segue scenario file', ...schema }
}
