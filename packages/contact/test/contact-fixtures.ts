import { readConfiguration } from '../src/configuration/read.ts'
import type { Configuration } from '../src/configuration/configuration.ts'
import type {
  ContactContext,
  ContactEffect,
  ContactTrace,
  DomainMessage,
  InteractionMessage,
  SessionNotice,
  SubmitRequest,
} from '../src/contract.ts'
import { stepInteraction } from '../src/interactions/step-interaction.ts'
import type { InteractionState } from '../src/interactions/interaction-state.ts'
import type { CallSnapshot, SwitchCommand, SwitchEvent } from '../src/ports/voice.ts'
import { createDomain, type DomainRow, type DomainRowChange } from '../src/routing/domain.ts'
import { stepDomain } from '../src/routing/step-domain.ts'

/** Harbor Clinic: two groups, four agents, one routing point with an application. */
export const clinicYaml = `
switches: [{ name: SIP_East }]
dns:
  - { number: 4201, type: routepoint, application: hours, defaultDestination: 7009 }
  - { number: 4202, type: routepoint }
  - { number: 7001 }
  - { number: 7002 }
  - { number: 7003 }
  - { number: 7009 }
agents:
  - { id: A1, dn: 7001, skills: { English: 8, Billing: 3 } }
  - { id: A2, dn: 7002, skills: { English: 4 } }
  - { id: A3, dn: 7003, skills: { French: 9 } }
agentGroups:
  - { name: Front, agents: [A1] }
  - { name: Back, agents: [A2] }
  - { name: All, agents: [A1, A2, A3] }
virtualQueues: [{ name: VQ }]
statServers: [Stat]
applications: [{ name: hours, url: 'http://apps/hours.scxml' }]
`

/** Reads configuration text that has to be right. */
export function configurationOf(text: string): Configuration {
  const { configuration, findings } = readConfiguration([{ file: 'test.yaml', text }])
  if (configuration === undefined) throw new Error(findings.map((finding) => finding.message).join('; '))
  return configuration
}

/** A domain with its clock. */
export class DomainWorld {
  nowMs = 1_000_000
  seed = 1
  configuration: Configuration
  domain = createDomain([])
  effects: readonly ContactEffect[] = []
  trace: readonly ContactTrace[] = []
  readonly rows = new Map<string, DomainRow>()
  readonly timers = new Map<string, number>()
  openEffects: ContactContext['openEffects'] = []
  #step = 0

  constructor(configuration: Configuration = configurationOf(clinicYaml)) {
    this.configuration = configuration
  }

  send(message: DomainMessage): readonly ContactEffect[] {
    const context: ContactContext = {
      nowMs: this.nowMs,
      seed: this.seed++,
      stepKey: `domain/Environment:${++this.#step}`,
      newSessionId: () => 'unused',
      openEffects: this.openEffects,
    }
    const step = stepDomain(this.domain, message, context, this.configuration)
    for (const row of step.rows) this.#keep(row)
    for (const effect of step.effects) {
      if (effect.kind === 'timer') this.timers.set(effect.id, effect.dueEpochMs)
      if (effect.kind === 'cancelTimer') this.timers.delete(effect.id)
    }
    this.effects = step.effects
    this.trace = step.trace
    return step.effects
  }

  ready(agentId: string): readonly ContactEffect[] {
    return this.send({ kind: 'agent', agentId, device: '', state: 'ready', reason: undefined })
  }

  submit(id: string, targets: string, options: Partial<SubmitRequest> = {}): readonly ContactEffect[] {
    return this.send({ kind: 'submit', replyKey: `key-${id}`, request: submitOf(id, targets, this.nowMs, options) })
  }

  /** Moves the clock and fires what falls due. */
  advance(durationMs: number): readonly ContactEffect[] {
    const until = this.nowMs + durationMs
    const fired: ContactEffect[] = []
    for (;;) {
      const due = [...this.timers].filter(([, at]) => at <= until).sort((a, b) => a[1] - b[1])[0]
      if (due === undefined) break
      this.timers.delete(due[0])
      this.nowMs = Math.max(this.nowMs, due[1])
      fired.push(...this.send({ kind: 'timer', id: due[0] }))
    }
    this.nowMs = until
    return fired
  }

  /** The node dies: only rows survive. */
  crash(): void {
    this.domain = createDomain([...this.rows.values()])
    this.timers.clear()
  }

  #keep(row: DomainRowChange): void {
    const key = `${row.table}/${row.key}`
    if (row.kind === 'put') this.rows.set(key, row)
    else this.rows.delete(key)
  }
}

/** A submit with the defaults of the module. */
function submitOf(id: string, targets: string, nowMs: number, options: Partial<SubmitRequest>): SubmitRequest {
  return {
    sessionId: `S-${id}`,
    requestId: `R-${id}`,
    interactionId: `ixn-${id}`,
    queue: '',
    priority: 0,
    orderType: 'any',
    orderStatistic: '',
    timeoutS: undefined,
    clearOnTimeout: false,
    route: false,
    targets: [{ kind: 'id', text: targets }],
    submittedAtEpochMs: nowMs,
    ...options,
  }
}

/** Notices of a step, in order. */
export function notices(effects: readonly ContactEffect[]): readonly SessionNotice[] {
  return effects.flatMap((effect) => (effect.kind === 'notify' ? [effect.notice] : []))
}

/** Names of the notices of a step, in order. */
export function names(effects: readonly ContactEffect[]): readonly string[] {
  return notices(effects).map((notice) => notice.name)
}

/** Commands of a step, in order. */
export function commands(effects: readonly ContactEffect[]): readonly SwitchCommand[] {
  return effects.flatMap((effect) => (effect.kind === 'switch' ? [effect.command] : []))
}

/** One interaction with the runtime around it: versions, session ids, keys of commands. */
export class InteractionWorld {
  state: InteractionState | undefined
  configuration = configurationOf(clinicYaml)
  hasEnded = false
  trace: readonly ContactTrace[] = []
  readonly commandKeys: string[] = []
  #version = 0
  #sessions = 0

  send(message: InteractionMessage): readonly ContactEffect[] {
    const stepKey = `interaction/ixn1:${++this.#version}`
    const context: ContactContext = {
      nowMs: 0,
      seed: 1,
      stepKey,
      newSessionId: () => `S${++this.#sessions}`,
      openEffects: [],
    }
    const step = stepInteraction(this.state, message, context, this.configuration)
    // What is stored and loaded again has to be the same.
    const stored: unknown = JSON.parse(JSON.stringify(step.state))
    if (JSON.stringify(stored) !== JSON.stringify(step.state)) throw new Error('state is no JSON')
    this.state = step.state
    this.trace = step.trace
    this.hasEnded = step.hasEnded
    let row = 0
    for (const effect of step.effects) {
      if (effect.kind === 'switch') this.commandKeys.push(`${stepKey}:${row}`)
      if (effect.kind !== 'timer' && effect.kind !== 'cancelTimer' && effect.kind !== 'withdraw') row++
    }
    return step.effects
  }

  event(event: SwitchEvent): readonly ContactEffect[] {
    return this.send({ kind: 'switchEvent', switchName: 'SIP_East', event })
  }

  request(
    request: Extract<InteractionMessage, { kind: 'request' }>['request'],
    options: { readonly replyKey?: string; readonly sessionId?: string } = {},
  ): readonly ContactEffect[] {
    const { replyKey = `reply-${this.#version}`, sessionId = 'S1' } = options
    return this.send({ kind: 'request', replyKey, sessionId, request })
  }

  /** Answers the last command. */
  answerLast(error?: 'invaliddestination' | 'invalidstate' | 'unknown'): readonly ContactEffect[] {
    const commandKey = this.commandKeys.at(-1) ?? ''
    const answer = error === undefined ? ({ ok: true } as const) : ({ ok: false, error, description: 'no' } as const)
    return this.send({ kind: 'switchAnswer', commandKey, answer })
  }

  /** A call has come to routing point 4201 and its session S1 has started. */
  static atRoutingPoint(): InteractionWorld {
    const world = new InteractionWorld()
    world.event({ kind: 'routeRequest', call: callAt('4201'), routingPoint: '4201' })
    return world
  }
}

/** The standard call. */
export function callAt(routingPoint: string, change: Partial<CallSnapshot> = {}): CallSnapshot {
  return {
    callId: 'ixn1',
    connId: '00710299A0001',
    switchCallId: '1001',
    type: 'inbound',
    ani: '0811112222',
    dnis: '9000',
    parentCallId: '',
    userData: {},
    parties: [
      { device: null, deviceType: 'customer', state: 'connected' },
      { device: routingPoint, deviceType: 'routepoint', state: 'queued' },
    ],
    atRoutingPoint: routingPoint,
    arrivedAtEpochMs: 0,
    ...change,
  }
}
