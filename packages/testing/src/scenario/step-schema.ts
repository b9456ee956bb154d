import { z } from 'zod'
import { configuration, holdRule, lists, statistics, web } from './given-schema.ts'
import { durationText, instantText, names, text, userData } from './schema-parts.ts'

const members = z.record(z.string(), z.unknown())
const agentState = z.enum(['ready', 'not ready', 'logged in', 'logged out'])

const call = z
  .strictObject({
    from: text.describe('Number of the caller.'),
    to: text.describe('Number that is dialled: a routing point of the configuration.'),
    as: text.describe('Name for the steps that follow. Default `call`.').optional(),
    'user data': userData.describe('Attached data.').optional(),
    id: text.describe('Id of the call and of its interaction.').optional(),
    'connection id': text.describe('16 hexadecimal digits.').optional(),
    type: z.enum(['inbound', 'outbound', 'internal', 'consult']).describe('Default `inbound`.').optional(),
    parent: text.describe('Id of the call that this one belongs to, for consultations.').optional(),
    parties: z.array(members).max(100).describe('Parties: `device`, `deviceType`, `state`.').optional(),
    patience: durationText.describe('The caller hangs up after this time of waiting.').optional(),
  })
  .describe('A caller dials.')

const interaction = z
  .strictObject({
    as: text.describe('Name for the steps that follow. Default `interaction`.').optional(),
    id: text.describe('Its `g_uid`. Default: made from the name.').optional(),
    category: text.describe('`voice`, `email`, `chat`, `sms`, `workitem` and so on, as scripts see it.').optional(),
    application: text
      .describe('Name of the configured application that takes it; absent: it waits to be attached.')
      .optional(),
    at: text.describe('Device or queue where it waits.').optional(),
    'asks for route': z.boolean().describe('`false`: nobody asks yet where it shall go. Default true.').optional(),
    'user data': userData.describe('Attached data (`udata`).').optional(),
    parties: members.describe('Parties by device, as scripts see them.').optional(),
    fields: members
      .describe('Any other field that scripts see, as it is: `parentid`, `tenantid`, `msgbased`, `location`…')
      .optional(),
  })
  .describe('An interaction of any category comes, with every field that scripts see.')

const start = z
  .strictObject({
    document: text.describe('Address, or path in the folder.'),
    parameters: members.describe('Start parameters.').optional(),
    as: text.describe('Name for the steps that follow. Default `session`.').optional(),
  })
  .describe('A session is started without an interaction.')

const event = z
  .union([
    text,
    z.strictObject({
      name: text.describe('Name of the event.'),
      data: members.describe('Members of `_event.data`.').optional(),
      session: text.describe('Name of a call, interaction or session. Default: the only session.').optional(),
      interaction: text
        .describe('Name of an interaction or call: its session gets the event, with `interactionid`.')
        .optional(),
      module: text
        .describe('Module that takes the event before the document does: `interaction`, `queue`, `dialog`.')
        .optional(),
    }),
  ])
  .describe('An event reaches a session.')

const answer = z
  .strictObject({
    action: text.describe(
      'Which held action: `dialog:start`, or with a number, `dialog:start 2`, the second one of them.',
    ),
    with: text.describe('Name of the event, for example `dialog.start.done`.'),
    data: members
      .describe('Members of `_event.data`; `requestid` and `interactionid` of the action are added.')
      .optional(),
    stays: z.boolean().describe('The action goes on waiting, as the event does not end it.').optional(),
  })
  .describe('A held action is answered with any event; also once more, or too late.')

const untilSchema = z
  .strictObject({
    event: text.describe('A session takes this event.').optional(),
    state: text.describe('A session enters this state.').optional(),
    action: text.describe('A session executes this action.').optional(),
    log: text.describe('A session logs this text (or `/pattern/`).').optional(),
    within: durationText.describe('At most this long. Default 1 hour.').optional(),
  })
  .describe('Time passes until something happens that has not happened before this step.')

/** What happens, in the order in which the keys are written. */
export const whenSchema = z
  .strictObject({
    call: call.optional(),
    interaction: interaction.optional(),
    start: start.optional(),
    'hang up': text.describe('The caller hangs up; the name of a call.').optional(),
    'pick up': text.describe('The agent whose telephone rings for this call answers it.').optional(),
    'put down': text.describe('The agent of this call ends it.').optional(),
    press: z
      .strictObject({
        digits: text.describe('What is pressed.'),
        call: text.describe('Name of the call. Default: the only one.').optional(),
      })
      .describe('The caller presses keys.')
      .optional(),
    agents: z.record(z.string(), agentState).describe('Agents log in, become ready and so on.').optional(),
    event: event.optional(),
    answer: answer.optional(),
    hold: z.array(holdRule).max(200).describe('From now on these actions are held, too.').optional(),
    'hold nothing': z.literal(true).describe('From now on all actions are performed; held ones stay held.').optional(),
    wait: durationText.describe('Time passes.').optional(),
    'wait until': z
      .union([instantText, untilSchema])
      .describe('Time passes up to a point, or until something happens.')
      .optional(),
    web: web.describe('From now on these web services answer, before all others.').optional(),
    lists: lists.describe('Items of List objects change.').optional(),
    statistics: statistics.describe('Statistics change.').optional(),
    configuration: configuration.describe('Sections of the configuration are replaced.').optional(),
    terminate: text
      .describe('A session is terminated from outside: name of its call, interaction or session.')
      .optional(),
    'tell interaction': z
      .strictObject({ interaction: text, message: members })
      .describe('An interaction gets a message as switches send it; `kind` says which one.')
      .optional(),
    restart: z.literal(true).describe('The server is killed, and a new one goes on with what was stored.').optional(),
  })
  .describe('Things that happen, in the order written.')

const action = z.union([
  text,
  z.strictObject({
    name: text.describe('`module:element`; `*` stands for any text.').optional(),
    attributes: members.describe('Evaluated attributes.').optional(),
    params: members.describe('Values of `<param>` children.').optional(),
    command: z
      .unknown()
      .describe('What the world was asked to do, for what stands in child elements (targets, treatments).')
      .optional(),
  }),
])
const request = z.strictObject({
  method: text.describe('`GET`, `POST` and so on.').optional(),
  url: z.unknown().describe('Address, or its path alone.').optional(),
  headers: members.describe('By name.').optional(),
  body: z.unknown().describe('A text; anything else is compared with the JSON of the body.').optional(),
})
const count = z.int().min(0)

/** What has to be so. */
export const thenSchema = z
  .strictObject({
    session: text
      .describe(
        'Which session the other keys are about: name of its call, interaction or session, or a number (1 is the first). Default: the only one.',
      )
      .optional(),
    state: names.describe('These states are active.').optional(),
    'not in state': names.describe('None of these states is active.').optional(),
    running: z.boolean().describe('The session runs (or not).').optional(),
    'ended in': text.describe('The session has ended in this final state.').optional(),
    visited: names.describe('These states were entered, in this order; others may lie between.').optional(),
    actions: z.array(action).max(10_000).describe('All actions so far, in order.').optional(),
    action: action.describe('At least one action was like this.').optional(),
    'last action': action.describe('The last action was like this.').optional(),
    'no action': action.describe('No action was like this.').optional(),
    command: z
      .strictObject({ name: text.optional(), body: z.unknown().optional() })
      .describe('At least one command was like this; for functions such as `ixn.setuData`.')
      .optional(),
    log: text.describe('At least one log record contains this text or fits this `/pattern/`.').optional(),
    'no log': text.describe('No log record contains this text or fits this `/pattern/`.').optional(),
    logs: z.array(z.unknown()).max(10_000).describe('All log records, in order.').optional(),
    event: text.describe('The session took this event; `*` stands for any text.').optional(),
    'no event': text.describe('The session did not take this event.').optional(),
    events: names.describe('The session took these events in this order; others may lie between.').optional(),
    data: members.describe('Members of `_data`; a key may be a path such as `order.total`.').optional(),
    variables: members.describe('Variables of scripts.').optional(),
    error: text.describe('A script or expression failed, and event or message contain this.').optional(),
    errors: z
      .array(text)
      .max(10_000)
      .describe('All failures of scripts and expressions, in order; `[]`: none.')
      .optional(),
    call: z
      .union([
        text,
        z.strictObject({
          name: text.describe('Default: the only call.').optional(),
          state: text
            .describe(
              '`treating`, `queued`, `ringing`, `connected`, `held`, or how it ended: `answered`, `abandoned`, `cleared`, `released`.',
            )
            .optional(),
          'user data': members.describe('Attached data now.').optional(),
        }),
      ])
      .describe('How a call stands.')
      .optional(),
    interaction: z
      .strictObject({
        name: text.describe('Name of an interaction or call. Default: the only one.').optional(),
        fields: members.describe('Fields as scripts see them.').optional(),
        life: text.describe('Where it is in its life.').optional(),
        owner: text.describe('Name of the session that it belongs to; `none`.').optional(),
        'has ended': z.boolean().describe('It is over (or not).').optional(),
      })
      .describe('How an interaction stands.')
      .optional(),
    agents: z
      .record(z.string(), text)
      .describe(
        'How agents stand: `ready`, `not ready`, `ringing`, `talking`, `logged in`, `logged out`, `after call work`.',
      )
      .optional(),
    waiting: count.describe('So many requests wait for an agent.').optional(),
    request: request.describe('At least one web request was like this.').optional(),
    requests: z.array(request).max(10_000).describe('All web requests, in order.').optional(),
    held: z.array(text).max(10_000).describe('Names of all held actions that wait for an answer, in order.').optional(),
    timers: count.describe('So many timers of all sessions wait.').optional(),
    sessions: count.describe('So many sessions have been started.').optional(),
    'left over': z
      .union([z.literal('nothing'), z.record(z.string(), count)])
      .describe(
        'What is alive, planned or waited for: `nothing`, or some of `sessions`, `interactions`, `calls`, `effects`, `timers`, `messages`, `waiting`.',
      )
      .optional(),
    incidents: z.array(text).max(1000).describe('What an operator was told: texts or `/patterns/`.').optional(),
    time: instantText.describe('What time it is now.').optional(),
    'nothing unexpected': z
      .literal(true)
      .describe('Nothing unexpected has happened so far. Every scenario ends with this.')
      .optional(),
  })
  .describe('What has to be so now. Objects need not be complete: only what is written is compared.')

/** Things that happen, as written. */
export type When = z.infer<typeof whenSchema>
/** What has to be so, as written. */
export type Then = z.infer<typeof thenSchema>
/** An action as `then` describes it. */
export type ExpectedAction = z.infer<typeof action>
/** A web request as `then` describes it. */
export type ExpectedRequest = z.infer<typeof request>
