import { z } from 'zod'
import { durationText, instantText, names, text, userData } from './schema-parts.ts'

const agentState = z.enum(['ready', 'not ready', 'logged in', 'logged out'])

const announcement = z.union([
  durationText,
  z.strictObject({
    lasts: durationText.describe('How long it plays.').optional(),
    fails: z.boolean().describe('It cannot be played.').optional(),
    description: text.describe('What the failure says.').optional(),
    'user data': userData.describe('Attached to the call before the end is told.').optional(),
    result: userData.describe('Result that the announcement or dialog gives, with `dialog.start.done`.').optional(),
  }),
])

/** What a stubbed web service answers, once. */
const webAnswer = z.union([
  z.enum(['refused', 'reset', 'hangs']),
  z.strictObject({
    status: z.int().min(200).max(599).describe('Default 200.').optional(),
    headers: z
      .record(z.string().max(200), text)
      .describe('By name in lower case; JSON unless `content-type` is here.')
      .optional(),
    body: z.unknown().describe('A text as it is; anything else as JSON.').optional(),
    after: durationText.describe('The answer begins after this time.').optional(),
    'body after': durationText.describe('The body comes so much later than the headers.').optional(),
  }),
])

/** Stubs by request. */
export const web = z.record(
  z
    .string()
    .max(2000)
    .regex(/^(\*|[A-Za-z]+) \S+$/, 'expected a method and an address, such as "GET http://host/path"'),
  z.union([webAnswer, z.array(webAnswer).min(1).max(1000)]),
)

/** Actions that a scenario answers itself. */
export const holdRule = z.union([
  text,
  z.strictObject({
    action: text.describe('Action `module:element` or function `root.function`; `*` stands for any text.'),
    asking: z.unknown().describe('Members that the command has to have, as in `then`.').optional(),
  }),
])

/** Statistics by object and name. */
export const statistics = z.record(z.string(), z.record(z.string(), z.number()))

/** Items of List objects. */
export const lists = z.record(
  z.string(),
  z.record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
)

/** Sections of a configuration file; checked by the reader of configurations. */
export const configuration = z.record(z.string(), z.unknown())

/** What is so before a scenario begins. */
export const givenSchema = z
  .strictObject({
    time: instantText
      .describe(
        'When it begins, for example `2024-01-17T12:00:00Z`. Without an offset it is a time in `zone`. Default `2024-01-17T09:00:00Z`.',
      )
      .optional(),
    zone: text.describe('Time zone of the machine, for example `Europe/Berlin`. Default: UTC.').optional(),
    seed: z.int().min(0).max(4294967295).describe('Random numbers and ids come from it. Default 1.').optional(),
    agents: z
      .record(z.string(), agentState)
      .describe('State of agents: `ready`, `not ready`, `logged in`, `logged out`. Others are logged out.')
      .optional(),
    lists: lists.describe('Items of List objects; items and keys that are not here stay as configured.').optional(),
    statistics: statistics.describe('What functions of `_genesys.statistic` give, by object and statistic.').optional(),
    configuration: configuration
      .describe('Sections as in `segue.yaml`; each one takes the place of the section there.')
      .optional(),
    documents: z
      .record(z.string().max(500), z.string())
      .describe('Texts of documents and libraries by their path in the folder; they win over files.')
      .optional(),
    announcements: z
      .record(z.string(), announcement)
      .describe('By address or path in the folder: how long each plays, or that it fails.')
      .optional(),
    telephones: z
      .strictObject({
        'ring for': durationText
          .describe('After this time a call that nobody answers goes back. Default 20 s.')
          .optional(),
        'are answered after': durationText.describe('Agents answer by themselves.').optional(),
        'talks last': durationText.describe('Agents who answer by themselves end the talk after this time.').optional(),
      })
      .describe('What telephones do. Without a word, agents do nothing by themselves.')
      .optional(),
    web: web
      .describe(
        'Web services: `GET http://host/path` or `GET /path` (`*` any method or text), and the answer, or a list with one answer for each attempt; the last one stays. What nobody stubbed is refused.',
      )
      .optional(),
    hold: z
      .array(holdRule)
      .max(200)
      .describe(
        'Actions that are not performed: the scenario answers them with `answer`. For example `dialog:start` or `queue:*`.',
      )
      .optional(),
    served: z
      .boolean()
      .describe('The folder is served over HTTP on this machine, and documents are taken from there.')
      .optional(),
    origins: names
      .describe('Origins from which documents may be fetched, for example `https://apps.example.com`.')
      .optional(),
  })
  .describe('What is so before a scenario begins.')

/** What is so before a scenario begins. */
export type Given = z.infer<typeof givenSchema>
/** One stubbed answer as written. */
export type WebAnswer = z.infer<typeof webAnswer>
/** Which actions are held, as written. */
export type WrittenHoldRule = z.infer<typeof holdRule>
