import type { Configuration } from '@segue/contact'
import type { Module, ModuleContext, ModuleFunction, Plan, PlannedAction } from '@segue/runtime'
import { allModules } from '../src/modules.ts'

/** An element as a test writes it: evaluated attributes, and children by `module:element` or `element`. */
export interface Written {
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly params?: Readonly<Record<string, unknown>>
  readonly content?: unknown
  readonly children?: readonly PlannedAction[]
}

/** An executed element, as the runtime hands it to `plan`. */
export function element(name: string, written: Written = {}): PlannedAction {
  const [module, local] = name.split(':')
  const spec = moduleNamed(module ?? '').namespace.elements.find((one) => one.name === local)
  if (module === undefined || local === undefined || spec === undefined) throw new Error(`no element "${name}"`)
  const requestId = spec.kind === 'action' ? 'req-1' : ''
  const children = written.children ?? []
  const params = Object.entries(written.params ?? {}).map(([name, value]) => ({ name, value }))
  const attributes = Object.fromEntries(
    Object.entries(written.attributes ?? {}).filter(([, value]) => value !== undefined),
  )
  return {
    element: local,
    requestId,
    attributes,
    params,
    content: 'content' in written ? { value: written.content } : undefined,
    children,
    source: {
      module,
      element: local,
      spec,
      requestId,
      attributes: {},
      params: [],
      content: undefined,
      children: children.map(({ source }) => source),
      line: 7,
    },
  }
}

export function moduleNamed(name: string): Module {
  const found = allModules.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no module "${name}"`)
  return found
}

/** Plans an element with the initial slice of its module, or the given one. */
export function plan(action: PlannedAction, given: { slice?: unknown; context?: ModuleContext } = {}): Plan<unknown> {
  const module = moduleNamed(action.source.module)
  return module.plan(action, given.slice ?? module.initial(start), given.context ?? context)
}

/** The only command of a plan, with its body. */
export function command(planned: Plan<unknown>): {
  type: string
  mode: string
  body: Readonly<Record<string, unknown>>
} {
  if (planned.kind !== 'planned') throw new Error(`refused: ${JSON.stringify(planned.event)}`)
  const [first, second] = planned.commands
  if (first === undefined || second !== undefined) throw new Error(`${planned.commands.length} commands`)
  return first
}

/** The event of a refusal. */
export function refusal(planned: Plan<unknown>): { name: string; data: Readonly<Record<string, unknown>> } {
  if (planned.kind !== 'refused') throw new Error(`planned: ${JSON.stringify(planned.commands)}`)
  return planned.event
}

/** Calls a function as scripts do: `session.dayInZone`. */
export function call(path: string, args: readonly unknown[], given: { slice?: unknown; context?: ModuleContext } = {}) {
  const [module, one] = functionAt(path)
  const slice = given.slice ?? module.initial(start)
  if (one.kind === 'read') return { value: one.call(args, slice, given.context ?? context), commands: [], slice }
  // The front knows nothing here.
  if (one.kind === 'ask') {
    one.question(args, slice, given.context ?? context)
    return { value: one.unknownYet, commands: [], slice }
  }
  return { slice, ...one.call(args, slice, given.context ?? context) }
}

function functionAt(path: string): readonly [Module, ModuleFunction<unknown>] {
  for (const module of allModules)
    for (const one of module.functions) if (`${one.root}.${one.name}` === path) return [module, one]
  throw new Error(`no function "${path}"`)
}

export const start = {
  sessionId: 'S1',
  tenant: { name: 'Environment', id: 1 },
  documentUrl: 'http://apps.example/bank/inbound.scxml',
}

const configuration: Configuration = {
  version: 3,
  tenants: [
    { name: 'Environment', id: 1 },
    { name: 'Retail', id: 102 },
  ],
  switches: [{ name: 'SIP_Switch', kind: 'simulated' }],
  dns: [],
  places: [{ name: 'Desk 4', dns: ['7004'] }],
  agents: [{ id: 'kim', name: 'Kim', skills: { Loan: 5 }, dn: '7001', place: undefined }],
  agentGroups: [],
  virtualQueues: [],
  applications: [],
  lists: [{ name: 'Branch', items: { OPM: { greeting: 'hello.wav', vq: 'VQ_Branch' } } }],
  dayTables: [{ name: 'Holidays', days: [{ name: 'Labour Day', date: '2024-05-01', from: '09:00', to: '12:00' }] }],
  timeZones: [],
  options: [
    { level: 'tenant', object: 'Environment', values: { greeting: 'tenant.wav' } },
    { level: 'switch', object: 'SIP_Switch', values: { greeting: 'switch.wav' } },
  ],
  statServers: [],
  documentOrigins: [],
}

/** Wednesday 1 May 2024, 10:30 UTC. */
export const nowMs = Date.UTC(2024, 4, 1, 10, 30)

export const context: ModuleContext = {
  sessionId: 'S1',
  nowMs,
  replica: configuration,
  server: { name: 'orc1', cluster: 'orc', url: undefined },
}
