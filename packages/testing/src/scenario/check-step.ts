import type { SeenRequest } from '../http-stub.ts'
import type { SeenAction, SessionView } from '../session-view.ts'
import type { WorldAction } from '../world-contract.ts'
import { epochMsOf } from './instant.ts'
import { fitsName, fitsText, hasText, mismatch } from './matching.ts'
import { callNamed, named, onlyOne, sessionFor } from './stage.ts'
import type { Stage } from './stage.ts'
import type { ExpectedAction, ExpectedRequest, Then } from './step-schema.ts'

/** Something that is not as a `then` says. */
export interface Difference {
  /** Key of the `then`. */
  readonly key?: keyof Then
  /** The key, and the way to the value inside of it. */
  readonly what: string
  readonly expected: unknown
  readonly seen: unknown
}

/** Thrown by scripts whose expectation is not met. */
export class CheckFailed extends Error {
  readonly differences: readonly Difference[]
  constructor(differences: readonly Difference[]) {
    super(`"${differences[0]?.what ?? ''}" is not as expected`)
    this.name = 'CheckFailed'
    this.differences = differences
  }
}

type Value<K extends keyof Then> = NonNullable<Then[K]>
type Check<K extends keyof Then> = (
  look: Look,
  value: Value<K>,
) => Promise<Difference | undefined> | Difference | undefined

/** What a check looks at. */
interface Look {
  readonly stage: Stage
  /** `session` of the same step. */
  readonly selector: string | undefined
  session(): Promise<SessionView>
}

/** Everything that is not as a step says, key by key. Every `${…}` has been filled in. */
export async function checkStep(
  stage: Stage,
  keys: readonly (keyof Then)[],
  value: Then,
): Promise<readonly Difference[]> {
  let view: Promise<SessionView> | undefined
  const look: Look = {
    stage,
    selector: value.session,
    session: () => (view ??= sessionFor(stage, value.session).then((id) => stage.world.session(id))),
  }
  const differences: Difference[] = []
  for (const key of keys) {
    const found = await checkOne(look, key, value)
    if (found !== undefined) differences.push({ ...found, key })
  }
  return differences
}

async function checkOne<K extends keyof Then>(look: Look, key: K, value: Then): Promise<Difference | undefined> {
  const expected = value[key]
  if (expected === undefined) return undefined
  for (const kind of ALLOWS[key] ?? []) look.stage.allowed.add(kind)
  const check: Check<K> = checks[key]
  return check(look, expected)
}

/** Who asks for something by name has expected it. */
const ALLOWS: Readonly<Partial<Record<keyof Then, readonly string[]>>> = {
  error: ['error', 'unhandled'],
  errors: ['error', 'unhandled'],
  incidents: ['incident'],
}

const checks: { readonly [K in keyof Required<Then>]: Check<K> } = {
  // It says which session the others are about; a wrong one fails with them.
  session: async (look) => {
    await look.session()
    return undefined
  },
  state: async (look, states) => {
    const { states: seen } = await look.session()
    return states.every((state) => seen.includes(state))
      ? undefined
      : { what: 'state', expected: shownList(states), seen: shownList(seen) }
  },
  'not in state': async (look, states) => {
    const { states: seen } = await look.session()
    const wrong = states.filter((state) => seen.includes(state))
    return wrong.length === 0
      ? undefined
      : { what: 'not in state', expected: `not ${wrong.join(', ')}`, seen: shownList(seen) }
  },
  running: async (look, expected) => {
    const { isRunning } = await look.session()
    return same('running', expected, isRunning)
  },
  'ended in': async (look, expected) => {
    const { isRunning, lastEntered, states } = await look.session()
    return same('ended in', expected, isRunning ? `still running in ${states.join(', ')}` : lastEntered)
  },
  visited: async (look, expected) => {
    const { trace } = await look.session()
    const seen = trace.filter(({ kind }) => kind === 'enter').map(({ state }) => String(state))
    return inOrder('visited', expected, seen)
  },
  actions: async (look, expected) => {
    const actions = await actionsOf(look)
    const isSame = actions.length === expected.length && expected.every((one, index) => fits(one, actions[index]))
    return isSame
      ? undefined
      : { what: 'actions', expected: expected.map(asWritten), seen: actions.map(actionLike(expected)) }
  },
  action: async (look, expected) => someAction('action', expected, await actionsOf(look)),
  'last action': async (look, expected) => {
    const last = (await actionsOf(look)).at(-1)
    return fits(expected, last)
      ? undefined
      : { what: 'last action', expected: asWritten(expected), seen: last && asSeen(last) }
  },
  'no action': async (look, expected) => {
    const found = (await actionsOf(look)).find((one) => fits(expected, one))
    return found && { what: 'no action', expected: 'none like this', seen: asSeen(found) }
  },
  command: async (look, expected) => {
    const { sessionId } = await look.session()
    const own = look.stage.world.commands.filter((one) => one.sessionId === sessionId && one.name !== '')
    const { body, name = '*' } = expected
    const isThere = own.some(
      (one) => fitsName(name, one.name) && (body === undefined || mismatch(body, one.body) === undefined),
    )
    if (isThere) return undefined
    const near = own.filter((one) => fitsName(name, one.name))
    const seen = near.length > 0 ? near.map((one) => ({ name: one.name, body: one.body })) : own.map((one) => one.name)
    return { what: 'command', expected, seen }
  },
  log: async (look, expected) => {
    const { logs } = await look.session()
    return logs.some((text) => hasText(expected, text)) ? undefined : { what: 'log', expected, seen: logs }
  },
  'no log': async (look, expected) => {
    const { logs } = await look.session()
    const found = logs.find((text) => hasText(expected, text))
    return found === undefined ? undefined : { what: 'no log', expected: `nothing with ${expected}`, seen: found }
  },
  logs: async (look, expected) => differ('logs', expected, (await look.session()).logs),
  event: async (look, expected) => {
    const { events } = await look.session()
    return events.some((name) => fitsName(expected, name)) ? undefined : { what: 'event', expected, seen: events }
  },
  'no event': async (look, expected) => {
    const found = (await look.session()).events.find((name) => fitsName(expected, name))
    return found === undefined ? undefined : { what: 'no event', expected: `no ${expected}`, seen: found }
  },
  events: async (look, expected) => inOrder('events', expected, (await look.session()).events),
  data: async (look, expected) => differ('data', expected, (await look.session()).data),
  variables: async (look, expected) => differ('variables', expected, (await look.session()).variables),
  error: async (look, expected) => {
    const seen = (await look.session()).errors.map(errorText)
    return seen.some((text) => hasText(expected, text)) ? undefined : { what: 'error', expected, seen }
  },
  errors: async (look, expected) => {
    const seen = (await look.session()).errors.map(errorText)
    const isSame = seen.length === expected.length && expected.every((one, index) => hasText(one, seen[index] ?? ''))
    return isSame ? undefined : { what: 'errors', expected, seen }
  },
  call({ stage }, written) {
    const { name, state, ...rest } = typeof written === 'string' ? { state: written } : written
    const callId = name === undefined ? onlyOne(stage, ['call']) : callNamed(stage, name)
    const seen = callState(stage, callId)
    if (state !== undefined && state !== seen) return { what: 'call', expected: state, seen }
    const userData = 'user data' in rest ? rest['user data'] : undefined
    return userData === undefined ? undefined : userDataDifference(stage, callId, userData)
  },
  async interaction({ stage }, { fields, life, name, owner, ...rest }) {
    const id = name === undefined ? onlyOne(stage, ['interaction', 'call']) : named(stage, name).id
    const seen = await stage.world.interaction(id)
    const sessionId = owner === undefined || owner === 'none' ? '' : await sessionFor(stage, owner)
    const hasEnded = rest['has ended']
    return (
      (fields === undefined ? undefined : differ('interaction.fields', fields, seen?.['view'])) ??
      (life === undefined ? undefined : same('interaction.life', life, seen?.['life'])) ??
      (hasEnded === undefined ? undefined : same('interaction.has ended', hasEnded, seen?.['hasEnded'])) ??
      (owner === undefined ? undefined : same('interaction.owner', sessionId, seen?.['owner']))
    )
  },
  agents({ stage }, expected) {
    const agents = new Map(stage.world.summary()?.agents.map((agent) => [agent.id, agent]))
    const seen = Object.fromEntries(
      Object.keys(expected).map((id) => [
        id,
        stage.world.agentIds().includes(id) ? agentState(agents.get(id)) : 'not configured',
      ]),
    )
    const isSame = Object.entries(expected).every(
      ([id, state]) =>
        seen[id] === state || (state === 'logged in' && seen[id] !== 'logged out' && seen[id] !== 'not configured'),
    )
    return isSame ? undefined : { what: 'agents', expected, seen }
  },
  waiting: ({ stage }, expected) => same('waiting', expected, stage.world.summary()?.waiting ?? 0),
  request({ stage }, expected) {
    const { requests } = stage.world.http
    if (requests.some((one) => fitsRequest(expected, one))) return undefined
    return { what: 'request', expected, seen: requests.map((one) => requestLike([expected], one)) }
  },
  requests({ stage }, expected) {
    const { requests } = stage.world.http
    const isSame =
      requests.length === expected.length && expected.every((one, index) => fitsRequest(one, requests[index]))
    return isSame ? undefined : { what: 'requests', expected, seen: requests.map((one) => requestLike(expected, one)) }
  },
  held({ stage }, expected) {
    const seen = stage.world.held.filter(({ isOver }) => !isOver).map(({ name }) => name)
    const isSame = seen.length === expected.length && expected.every((name, index) => fitsName(name, seen[index] ?? ''))
    return isSame ? undefined : { what: 'held', expected, seen }
  },
  timers: ({ stage }, expected) => same('timers', expected, stage.world.timers.length),
  sessions: async ({ stage }, expected) => same('sessions', expected, (await stage.world.sessionIds()).length),
  async 'left over'({ stage }, expected) {
    // Timers of queues and calls end by themselves; what an application may forget are its own.
    const seen = { ...(await stage.world.leftOver()), timers: stage.world.timers.length }
    const left = Object.fromEntries(Object.entries(seen).filter(([, count]) => count !== 0))
    if (expected === 'nothing') {
      return Object.keys(left).length === 0 ? undefined : { what: 'left over', expected, seen: left }
    }
    return differ('left over', expected, seen)
  },
  incidents({ stage }, expected) {
    const seen = stage.world.incidents.map(({ kind, message }) => `${kind}: ${message}`)
    const isSame = seen.length === expected.length && expected.every((one, index) => hasText(one, seen[index] ?? ''))
    return isSame ? undefined : { what: 'incidents', expected, seen }
  },
  time({ stage }, expected) {
    const seen = new Date(stage.world.nowMs).toISOString()
    return epochMsOf(expected, stage.zone) === stage.world.nowMs ? undefined : { what: 'time', expected, seen }
  },
  'nothing unexpected'({ stage }) {
    const seen = stage.world.unexpected().filter(({ kind }) => !stage.allowed.has(kind))
    return seen.length === 0
      ? undefined
      : { what: 'nothing unexpected', expected: 'nothing', seen: seen.map(({ text }) => text) }
  },
}

async function actionsOf(look: Look): Promise<readonly WorldAction[]> {
  const { sessionId } = await look.session()
  return look.stage.world.actions.filter((action) => action.sessionId === sessionId)
}

function fits(expected: ExpectedAction, seen: WorldAction | undefined): boolean {
  if (seen === undefined) return false
  const { attributes, command, name = '*', params } = typeof expected === 'string' ? { name: expected } : expected
  return (
    fitsName(name, seen.name) &&
    (attributes === undefined || mismatch(attributes, seen.attributes) === undefined) &&
    (params === undefined || mismatch(params, seen.params) === undefined) &&
    (command === undefined || seen.commands.some(({ body }) => mismatch(command, body) === undefined))
  )
}

function someAction(what: string, expected: ExpectedAction, actions: readonly WorldAction[]): Difference | undefined {
  if (actions.some((one) => fits(expected, one))) return undefined
  const name = typeof expected === 'string' ? expected : (expected.name ?? '*')
  const near = actions.filter((one) => fitsName(name, one.name))
  const seen = near.length > 0 ? near.map(actionLike([expected])) : actions.map((one) => one.name)
  return { what, expected: asWritten(expected), seen }
}

function asWritten(expected: ExpectedAction): unknown {
  return expected
}

function asSeen({ attributes, name, params }: SeenAction): unknown {
  return { name, attributes, ...(Object.keys(params).length > 0 && { params }) }
}

/** Shows as much of an action as was asked for. */
function actionLike(expected: readonly ExpectedAction[]): (action: WorldAction) => unknown {
  const asks = expected.some((one) => typeof one !== 'string')
  const asksCommand = expected.some((one) => typeof one !== 'string' && one.command !== undefined)
  return (action) => {
    if (!asks) return action.name
    return asksCommand
      ? { ...recordOf(asSeen(action)), commands: action.commands.map(({ body }) => body) }
      : asSeen(action)
  }
}

function callState({ world }: Stage, callId: string): string | undefined {
  const call = world.switch.snapshot().calls.find((one) => one.callId === callId)
  const party = call?.parties.find(({ deviceType, state }) => deviceType !== 'customer' && state !== 'released')
  if (call !== undefined) return party?.state ?? 'waiting'
  return world.switch.endStates().find((ended) => ended.callId === callId)?.endState
}

async function userDataDifference(stage: Stage, callId: string, expected: unknown): Promise<Difference | undefined> {
  const seen = recordOf((await stage.world.interaction(callId))?.['view'])['udata']
  return differ('call.user data', expected, seen)
}

function agentState(agent: { state: string; interactions: readonly { state: string }[] } | undefined): string {
  if (agent === undefined) return 'logged out'
  if (agent.interactions.some(({ state }) => state === 'connected')) return 'talking'
  if (agent.interactions.length > 0) return 'ringing'
  const names: Readonly<Record<string, string>> = {
    loggedOut: 'logged out',
    notReady: 'not ready',
    afterCallWork: 'after call work',
  }
  return names[agent.state] ?? agent.state
}

function fitsRequest(expected: ExpectedRequest, seen: SeenRequest | undefined): boolean {
  if (seen === undefined) return false
  const { body, headers, method, url } = expected
  const isUrl =
    url === undefined || mismatch(url, seen.url) === undefined || (typeof url === 'string' && pathOf(seen.url) === url)
  return (
    (method === undefined || method.toUpperCase() === seen.method) &&
    isUrl &&
    (headers === undefined || mismatch(lowerCase(headers), seen.headers) === undefined) &&
    (body === undefined || bodyFits(body, seen.body))
  )
}

function bodyFits(expected: unknown, seen: string): boolean {
  if (typeof expected === 'string') return fitsText(expected, seen)
  return mismatch(expected, jsonOf(seen)) === undefined || mismatch(expected, seen) === undefined
}

function requestLike(
  expected: readonly ExpectedRequest[],
  { body, headers, isStubbed, method, url }: SeenRequest,
): unknown {
  return {
    method,
    url,
    ...(expected.some((one) => one.headers !== undefined) && { headers }),
    ...(expected.some((one) => one.body !== undefined) && { body: jsonOf(body) ?? body }),
    ...(!isStubbed && { 'no stub': true }),
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

function lowerCase(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function errorText({ element, event, line, message }: Readonly<Record<string, unknown>>): string {
  return `${String(event)}: ${String(message)} (in <${String(element)}>, line ${String(line)})`
}

function inOrder(what: string, expected: readonly string[], seen: readonly string[]): Difference | undefined {
  let at = 0
  for (const name of seen) {
    const next = expected[at]
    if (next !== undefined && fitsName(next, name)) at += 1
  }
  return at === expected.length ? undefined : { what, expected: shownList(expected.slice(at)), seen: shownList(seen) }
}

function differ(what: string, expected: unknown, seen: unknown): Difference | undefined {
  const found = mismatch(expected, seen)
  return (
    found && { what: found.path === '' ? what : `${what}.${found.path}`, expected: found.expected, seen: found.seen }
  )
}

function same(what: string, expected: unknown, seen: unknown): Difference | undefined {
  return Object.is(expected, seen) ? undefined : { what, expected, seen }
}

function shownList(list: readonly string[]): string {
  return list.join(', ')
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
