import type { World } from '../world-contract.ts'
import { nameHint } from '../nearest-name.ts'
import { fitsName } from './matching.ts'

/** Why a step could not be done, with what to do about it. */
export class StepFailure extends Error {
  readonly hint: string
  constructor(message: string, hint: string) {
    super(message)
    this.name = 'StepFailure'
    this.hint = hint
  }
}

/** Something that a scenario has named. */
export interface Named {
  readonly kind: 'call' | 'interaction' | 'session'
  readonly id: string
}

/** A moment of the scenario in the story of the world. */
export interface Mark {
  /** Records that were there before. */
  readonly storyLength: number
  readonly atEpochMs: number
  readonly text: string
}

/** A running scenario: its world and what its steps have named. */
export interface Stage {
  readonly world: World
  /** Folder of the application. */
  readonly folder: string
  readonly zone: string
  readonly startedAtEpochMs: number
  readonly names: Map<string, Named>
  readonly marks: Mark[]
  /** Lists and sections that steps have changed, so that the next change keeps them. */
  readonly changed: { lists: Readonly<Record<string, unknown>>; configuration: Readonly<Record<string, unknown>> }
  /** Kinds of unexpected things that a `then` has asked for. */
  readonly allowed: Set<string>
}

/** A word about what happens now, for the story. */
export function mark({ marks, world }: Stage, text: string): void {
  marks.push({ storyLength: world.story.length, atEpochMs: world.nowMs, text })
}

/** The named thing. Errors: StepFailure with the nearest name. */
export function named(stage: Stage, name: string): Named {
  const found = stage.names.get(name)
  if (found !== undefined) return found
  throw new StepFailure(`nothing is called "${name}"`, nameHint(name, [...stage.names.keys()], 'names so far'))
}

/** Id of the call of that name. */
export function callNamed(stage: Stage, name: string): string {
  const found = named(stage, name)
  if (found.kind === 'call') return found.id
  throw new StepFailure(`"${name}" is no call`, `it is a ${found.kind}; name a call`)
}

/** The only thing of these kinds, for steps that do not say which one. */
export function onlyOne(stage: Stage, kinds: readonly Named['kind'][]): string {
  const ids = [...stage.names.values()].filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id)
  const [only, ...others] = [...new Set(ids)]
  if (only !== undefined && others.length === 0) return only
  const what = kinds.join(' or ')
  throw new StepFailure(
    only === undefined ? `there is no ${what} yet` : `there are ${others.length + 1} of them (${what})`,
    only === undefined ? 'let one come first' : 'say which one by its name',
  )
}

/** Id of a session: by number, by its name, or by the call or interaction that it has; absent: the only one. */
export async function sessionFor(stage: Stage, selector: string | undefined): Promise<string> {
  const ids = await stage.world.sessionIds()
  if (selector === undefined) {
    const [only, ...others] = ids
    if (only === undefined) throw new StepFailure('no session has started', 'let a call come, or start one')
    if (others.length === 0) return only
    const hint = `write "session:" with the name of its call, or a number from 1 to ${ids.length}`
    throw new StepFailure(`${ids.length} sessions have started`, hint)
  }
  if (/^\d+$/.test(selector) && !stage.names.has(selector)) {
    const id = ids[Number(selector) - 1]
    if (id !== undefined) return id
    throw new StepFailure(`there is no session ${selector}`, `${ids.length} have started`)
  }
  const { id, kind } = named(stage, selector)
  if (kind === 'session') return id
  const found = sessionOfInteraction(stage, id)
  if (found !== undefined) return found
  throw new StepFailure(`no session has started for "${selector}"`, 'look at the application of its routing point')
}

/** The session that heard last of an interaction. */
function sessionOfInteraction({ world }: Stage, interactionId: string): string | undefined {
  return world.story.findLast(({ entry }) => {
    const message: unknown = entry['message']
    if (entry.kind !== 'input' || typeof message !== 'object' || message === null) return false
    const data: unknown = Reflect.get(message, 'data')
    return typeof data === 'object' && data !== null && Reflect.get(data, 'interactionid') === interactionId
  })?.sessionId
}

/**
 * A value with `${…}` filled in: `folder` (address of the folder), `session` (id of the only session), a name (its id),
 * `session of NAME`, `requestid of ACTION`.
 */
export async function filledIn(stage: Stage, value: unknown): Promise<unknown> {
  if (typeof value === 'string') return value.includes('${') ? filledText(stage, value) : value
  if (Array.isArray(value)) {
    const list: unknown[] = []
    for (const one of value as readonly unknown[]) list.push(await filledIn(stage, one))
    return list
  }
  if (typeof value !== 'object' || value === null) return value
  const members: [string, unknown][] = []
  for (const [key, member] of Object.entries(value)) members.push([key, await filledIn(stage, member)])
  return Object.fromEntries(members)
}

async function filledText(stage: Stage, text: string): Promise<string> {
  let filled = ''
  let rest = text
  for (;;) {
    const found = /\$\{([^{}]{1,200})\}/.exec(rest)
    if (found === null) return filled + rest
    filled += rest.slice(0, found.index) + (await reference(stage, (found[1] ?? '').trim()))
    rest = rest.slice(found.index + found[0].length)
  }
}

async function reference(stage: Stage, name: string): Promise<string> {
  const { world } = stage
  if (name === 'folder') return world.baseUrl.replace(/\/$/, '')
  if (name === 'session' && !stage.names.has(name)) return sessionFor(stage, undefined)
  const session = /^session of (.+)$/.exec(name)?.[1]
  if (session !== undefined) return sessionFor(stage, session)
  const action = /^requestid of (.+)$/.exec(name)?.[1]
  if (action === undefined) return named(stage, name).id
  const found = world.actions.findLast((one) => fitsName(action, one.name))
  if (found !== undefined) return found.requestId
  throw new StepFailure(`no action "${action}" was executed`, 'name an action that came before this step')
}
