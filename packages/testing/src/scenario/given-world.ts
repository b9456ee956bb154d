import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SwitchPlan } from '@segue/adapters'
import { parseDocument } from 'yaml'
import type { HoldRule } from '../held-actions.ts'
import type { StubbedAnswer } from '../http-stub.ts'
import type { WorldConfiguration } from '../world-configuration.ts'
import type { World, WorldOptions } from '../world-contract.ts'
import { startWorld } from '../world.ts'
import type { Given, WebAnswer, WrittenHoldRule } from './given-schema.ts'
import { epochMsOf } from './instant.ts'
import { fitsName, mismatch } from './matching.ts'

/** What the runner adds to what a scenario says. */
export interface WorldSettings {
  readonly restartAfterEachEvent?: boolean
  /** Wins over what scenarios say. */
  readonly seed?: number
}

/** When a scenario begins if it does not say so. */
const DEFAULT_TIME = '2024-01-17T09:00:00Z'

/** Starts the world that a scenario begins in. Throws when configuration or documents have errors. */
export async function givenWorld(folder: string, given: Given, settings: WorldSettings): Promise<World> {
  const zone = given.zone ?? 'UTC'
  checkZone(zone)
  const plan = switchPlanOf(given)
  const seed = settings.seed ?? given.seed
  const options: WorldOptions = {
    configuration: await givenConfiguration(folder, given),
    at: new Date(epochMsOf(given.time ?? DEFAULT_TIME, zone)).toISOString(),
    zone,
    trace: 'full',
    switchPlan: plan,
    ...(hasPeople(given) && { people: plan }),
    ...(seed !== undefined && { seed }),
    ...(given.documents !== undefined && { documents: given.documents }),
    ...(given.statistics !== undefined && { statistics: given.statistics }),
    ...(given.origins !== undefined && { documentOrigins: given.origins }),
    ...(given.served !== undefined && { isServed: given.served }),
    ...(settings.restartAfterEachEvent !== undefined && { restartAfterEachEvent: settings.restartAfterEachEvent }),
  }
  const world = await startWorld(options)
  try {
    if (hasPeople(given)) await sendHome(world, given.agents ?? {})
    await setAgents(world, given.agents ?? {})
    for (const [request, answers] of Object.entries(given.web ?? {})) stub(world, 'on', request, answers)
    for (const rule of given.hold ?? []) world.hold(holdRuleOf(rule))
    return world
  } catch (error) {
    await world[Symbol.asyncDispose]()
    throw error
  }
}

/** The configuration of a folder with what is given in its place. */
export async function givenConfiguration(
  folder: string,
  { configuration, lists }: Pick<Given, 'configuration' | 'lists'>,
): Promise<WorldConfiguration> {
  if (configuration === undefined && lists === undefined) return folder
  const written: unknown = parseDocument(await readFile(join(folder, 'segue.yaml'), 'utf8')).toJS({
    maxAliasCount: 200,
  })
  const objects: Record<string, unknown> = { ...recordOf(written), ...configuration }
  if (lists !== undefined) objects['lists'] = mergedLists(objects['lists'], lists)
  return { folder, objects }
}

/** Brings agents into the states that a scenario names. */
export async function setAgents(world: World, states: Readonly<Record<string, string>>): Promise<void> {
  for (const [id, state] of Object.entries(states)) {
    const now = world.summary()?.agents.find((agent) => agent.id === id)?.state ?? 'loggedOut'
    if (state === 'logged out') {
      await world.agent(id, 'logout')
      continue
    }
    if (now === 'loggedOut') await world.agent(id, 'login')
    if (state === 'ready') await world.agent(id, 'ready')
    if (state === 'not ready') await world.agent(id, 'notReady')
  }
}

/** Stubs a web service as a scenario writes it. */
export function stub(
  world: World,
  how: 'on' | 'override',
  request: string,
  answers: WebAnswer | readonly WebAnswer[],
): void {
  const [method = '*', url = ''] = request.split(' ')
  // `Array.isArray` does not narrow readonly lists.
  const list = Array.isArray(answers) ? (answers as readonly WebAnswer[]) : [answers as WebAnswer]
  world.http[how](method, url, ...list.map(stubbedAnswer))
}

/** A rule as a scenario writes it. */
export function holdRuleOf(rule: WrittenHoldRule): HoldRule {
  const { action, asking } = typeof rule === 'string' ? { action: rule, asking: undefined } : rule
  // What an action does besides (the music of a submit) has no answer, and goes on.
  return ({ awaitsAnswer, body, name }) =>
    (awaitsAnswer || !name.includes(':')) &&
    name !== '' &&
    fitsName(action, name) &&
    (asking === undefined || mismatch(asking, body) === undefined)
}

function stubbedAnswer(answer: WebAnswer): StubbedAnswer {
  if (answer === 'refused') return { refuse: true }
  if (answer === 'reset') return { reset: true }
  if (answer === 'hangs') return { hang: true }
  const { after, body, headers, status } = answer
  const bodyAfter = answer['body after']
  return {
    ...(status !== undefined && { status }),
    ...(headers !== undefined && { headers: lowerCase(headers) }),
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(after !== undefined && { afterMs: after }),
    ...(bodyAfter !== undefined && { bodyAfterMs: bodyAfter }),
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function hasPeople({ telephones }: Given): boolean {
  return telephones?.['are answered after'] !== undefined || telephones?.['talks last'] !== undefined
}

/** People that answer by themselves all log in: who is not wanted goes again. */
async function sendHome(world: World, states: Readonly<Record<string, string>>): Promise<void> {
  for (const { id } of world.summary()?.agents ?? []) {
    if (!Object.hasOwn(states, id)) await world.agent(id, 'logout')
  }
}

type PlannedApplication = NonNullable<SwitchPlan['applications']>[number]

function switchPlanOf({ announcements = {}, telephones = {} }: Given): Partial<SwitchPlan> {
  const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000)
  const ringS = seconds(telephones['ring for'])
  const answerS = seconds(telephones['are answered after'])
  const talkS = seconds(telephones['talks last'])
  return {
    applications: Object.entries(announcements).map(([uri, announcement]): PlannedApplication => {
      if (typeof announcement === 'number') return { uri, durationS: announcement / 1000 }
      const { description, fails, lasts, result } = announcement
      const userData = announcement['user data']
      return {
        uri,
        durationS: (lasts ?? 0) / 1000,
        ...(fails === true && { outcome: 'failed' as const }),
        ...(description !== undefined && { description }),
        // JSON border: the switch takes whatever YAML gives and refuses what it cannot hold.
        ...(userData !== undefined && { userData: userData as NonNullable<PlannedApplication['userData']> }),
        ...(result !== undefined && { extensions: result as NonNullable<PlannedApplication['extensions']> }),
      }
    }),
    ...(ringS !== undefined && { ringS }),
    ...(answerS !== undefined && { answerS: [answerS, answerS] as const }),
    ...(talkS !== undefined && { talkS: [talkS, talkS] as const }),
  }
}

type Lists = NonNullable<Given['lists']>

/** Items and keys that are given win; all others stay. */
function mergedLists(configured: unknown, given: Lists): readonly unknown[] {
  const lists = Array.isArray(configured) ? (configured as readonly unknown[]).map(recordOf) : []
  const names = lists.map((list) => String(list['name']))
  const changed = lists.map((list) => {
    const items = given[String(list['name'])]
    if (items === undefined) return list
    const before = recordOf(list['items'])
    const merged = Object.entries(items).map(([item, keys]) => [item, { ...recordOf(before[item]), ...keys }] as const)
    return { ...list, items: { ...before, ...Object.fromEntries(merged) } }
  })
  const added = Object.entries(given).filter(([name]) => !names.includes(name))
  return [...changed, ...added.map(([name, items]) => ({ name, items }))]
}

function checkZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone }).format(0)
  } catch {
    throw new Error(`time zone "${zone}" is not known; write one such as "Europe/Berlin"`)
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
