import { resolve } from 'node:path'
import type { InteractionMessage, PlaceCall, UserData } from '@segue/contact'
import { nameHint } from '../nearest-name.ts'
import { durationForPeople } from './duration.ts'
import { givenConfiguration, holdRuleOf, setAgents, stub } from './given-world.ts'
import type { Given } from './given-schema.ts'
import { epochMsOf } from './instant.ts'
import { fitsName, hasText } from './matching.ts'
import { callNamed, named, onlyOne, sessionFor, StepFailure } from './stage.ts'
import type { Named, Stage } from './stage.ts'
import type { When } from './step-schema.ts'

/** The part of a `when` that stands behind one key, with every `${…}` filled in. */
type Value<K extends keyof When> = NonNullable<When[K]>
type Performer<K extends keyof When> = (stage: Stage, value: Value<K>) => Promise<void>

/** Does one thing that a scenario lets happen. Errors: throws StepFailure, or what the world throws. */
export async function performStep<K extends keyof When>(stage: Stage, key: K, value: Value<K>): Promise<void> {
  const perform: Performer<K> = performers[key]
  await perform(stage, value)
}

const performers: { readonly [K in keyof Required<When>]: Performer<K> } = {
  async call(stage, written) {
    const { as = 'call', from, id, parent, parties, patience, to, type } = written
    const connId = written['connection id']
    const userData = written['user data']
    // JSON border: the switch refuses what it cannot hold.
    const call = {
      from,
      to,
      ...(id !== undefined && { callId: id }),
      ...(connId !== undefined && { connId }),
      ...(parent !== undefined && { parentCallId: parent }),
      ...(parties !== undefined && { parties }),
      ...(patience !== undefined && { patienceS: patience / 1000 }),
      ...(type !== undefined && { type }),
      ...(userData !== undefined && { userData: userData as UserData }),
    } as unknown as PlaceCall
    remember(stage, as, { kind: 'call', id: await stage.world.placeCall(call) })
  },

  async interaction(stage, written) {
    const { application = '', as = 'interaction', at = '', category, fields = {}, parties } = written
    const id = written.id ?? `${as}-1`
    const userData = written['user data'] ?? {}
    remember(stage, as, { kind: 'interaction', id })
    await stage.world.offer({
      interaction: {
        udata: userData,
        ...(category !== undefined && { category }),
        ...(parties !== undefined && { parties }),
        ...fields,
        g_uid: id,
      },
      focusDeviceId: at,
      application,
      ...(written['asks for route'] !== undefined && { asksForRoute: written['asks for route'] }),
    })
  },

  async start(stage, { as = 'session', document, parameters = {} }) {
    const url = URL.canParse(document) ? document : new URL(document, stage.world.baseUrl).href
    const started = await stage.world.startSession(url, parameters)
    if (started.ok) {
      remember(stage, as, { kind: 'session', id: started.sessionId })
      return
    }
    const reason =
      started.reason === 'document' ? started.diagnostics.map(({ message }) => message).join('; ') : started.reason
    throw new StepFailure(
      `"${document}" cannot be started: ${reason}`,
      'a path is relative to the folder of the application',
    )
  },

  'hang up': (stage, name) => stage.world.hangUp(callNamed(stage, name)),
  'pick up': (stage, name) => stage.world.answer(callNamed(stage, name)),
  'put down': (stage, name) => stage.world.release(callNamed(stage, name)),
  press: (stage, { call, digits }) =>
    stage.world.press(call === undefined ? onlyOne(stage, ['call']) : callNamed(stage, call), digits),

  async agents(stage, states) {
    const known = stage.world.agentIds()
    for (const id of Object.keys(states)) {
      if (!known.includes(id)) throw new StepFailure(`there is no agent "${id}"`, nameHint(id, known, 'agents'))
    }
    await setAgents(stage.world, states)
  },

  async event(stage, written) {
    const { data = {}, interaction, module, name, session } = typeof written === 'string' ? { name: written } : written
    const sessionId = await sessionFor(stage, session ?? interaction)
    const about = interaction === undefined ? {} : { interactionid: named(stage, interaction).id }
    const acceptance = await stage.world.sendEvent(
      sessionId,
      name,
      { ...about, ...data },
      module === undefined ? {} : { module },
    )
    if (acceptance.status !== 'accepted') {
      throw new StepFailure(
        `the event "${name}" was not taken: ${acceptance.status}`,
        'the session has ended, or has too many events',
      )
    }
  },

  async answer(stage, { action, data = {}, stays, with: event }) {
    const [, name = action, number] = /^(.*?)(?:\s+(\d+))?$/.exec(action) ?? []
    const fitting = stage.world.held.filter((held) => fitsName(name, held.name))
    // Without a number the first one that still waits, else the last one that was there.
    const held =
      number === undefined ? (fitting.find(({ isOver }) => !isOver) ?? fitting.at(-1)) : fitting[Number(number) - 1]
    if (held === undefined) {
      const names = stage.world.held.map((one) => one.name)
      const hint =
        names.length === 0 ? 'write it into "hold", so that it waits for you' : `held so far: ${names.join(', ')}`
      throw new StepFailure(`no action "${action}" is held`, hint)
    }
    const { interactionId: interactionid, requestId: requestid } = held
    const own = { ...(requestid !== '' && { requestid }), ...(interactionid !== '' && { interactionid }) }
    await held.tell(event, { ...own, ...data }, stays === true ? { answers: false } : {})
  },

  hold(stage, rules) {
    for (const rule of rules) stage.world.hold(holdRuleOf(rule))
    return Promise.resolve()
  },
  'hold nothing'(stage) {
    stage.world.releaseHolds()
    return Promise.resolve()
  },

  wait: (stage, ms) => stage.world.advance({ ms }),
  async 'wait until'(stage, until) {
    if (typeof until === 'string') {
      await waitUntilInstant(stage, until)
      return
    }
    const { action, event, log, state, within = 3_600_000 } = until
    let looked = stage.world.story.length
    const isReached = await stage.world.advanceUntil(
      () => {
        const fresh = stage.world.story.slice(looked)
        looked = stage.world.story.length
        return fresh.some(
          ({ entry }) =>
            (entry.kind === 'event' && event !== undefined && fitsName(event, String(entry['name']))) ||
            (entry.kind === 'enter' && state !== undefined && entry['state'] === state) ||
            (entry.kind === 'action' &&
              action !== undefined &&
              fitsName(action, `${String(entry['module'])}:${String(entry['element'])}`)) ||
            (entry.kind === 'log' && log !== undefined && hasText(log, String(entry['text']))),
        )
      },
      { ms: within },
    )
    if (isReached) return
    const what = [event, state, action, log].filter((one) => one !== undefined).join(', ')
    throw new StepFailure(
      `"${what}" has not happened within ${durationForPeople(within)}`,
      'wait longer with "within", or look at the story',
    )
  },

  web(stage, stubs) {
    for (const [request, answers] of Object.entries(stubs)) stub(stage.world, 'override', request, answers)
    return Promise.resolve()
  },
  async lists(stage, lists) {
    stage.changed.lists = mergedDeep(stage.changed.lists, lists)
    await reconfigure(stage)
  },
  statistics(stage, objects) {
    for (const [object, values] of Object.entries(objects))
      for (const [statistic, value] of Object.entries(values)) stage.world.setStatistic(object, statistic, value)
    return Promise.resolve()
  },
  async configuration(stage, sections) {
    stage.changed.configuration = { ...stage.changed.configuration, ...sections }
    await reconfigure(stage)
  },
  async terminate(stage, name) {
    await stage.world.terminateSession(await sessionFor(stage, name), 'test')
  },
  async 'tell interaction'(stage, { interaction, message }) {
    // JSON border: the interaction ignores what it does not know.
    await stage.world.tellInteraction(named(stage, interaction).id, message as unknown as InteractionMessage)
  },
  restart: (stage) => stage.world.restart(),
}

function remember(stage: Stage, name: string, thing: Named): void {
  stage.names.set(name, thing)
}

async function waitUntilInstant({ world, zone }: Stage, instant: string): Promise<void> {
  const atEpochMs = epochMsOf(instant, zone)
  if (atEpochMs < world.nowMs) {
    throw new StepFailure(`"${instant}" is over`, `it is ${new Date(world.nowMs).toISOString()}`)
  }
  await world.advanceTo(new Date(atEpochMs).toISOString())
}

async function reconfigure({ changed, folder, world }: Stage): Promise<void> {
  // Both were read by their schemas.
  const lists = changed.lists as NonNullable<Given['lists']>
  await world.reconfigure(await givenConfiguration(resolve(folder), { configuration: changed.configuration, lists }))
}

function mergedDeep(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const merged: Record<string, unknown> = { ...one }
  for (const [key, value] of Object.entries(other)) {
    const before = merged[key]
    merged[key] = isRecord(before) && isRecord(value) ? mergedDeep(before, value) : value
  }
  return merged
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
