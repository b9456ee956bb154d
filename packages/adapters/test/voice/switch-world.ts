import type { NumberedSwitchEvent, SwitchEvent, UserData } from '@segue/contact'
import type { SwitchJournal } from '../../src/voice/simulated/journal.ts'
import type { SwitchPlan } from '../../src/voice/simulated/plan.ts'
import type { SwitchLimits } from '../../src/voice/simulated/switch-contract.ts'
import { createSimulatedSwitch, type SimulatedSwitch } from '../../src/voice/simulated/switch.ts'
import { VirtualClock } from './virtual-clock.ts'

/** A small site: one routing point, two telephones. */
export const smallPlan: SwitchPlan = {
  switchName: 'sim',
  routingPoints: [{ number: '7000' }],
  agents: [
    { id: 'anna', dn: '7001' },
    { id: 'bert', dn: '7002' },
  ],
  ringS: 15,
  external: { answerS: [2, 2], talkS: [30, 30] },
}

export interface SwitchWorld {
  readonly clock: VirtualClock
  readonly simulatedSwitch: SimulatedSwitch
  readonly events: NumberedSwitchEvent[]
  /** Calls in from outside; the answer is the call id. */
  call(wanted?: { readonly patienceS?: number; readonly to?: string; readonly userData?: UserData }): string
  /** Short texts of the events so far. */
  told(): readonly string[]
}

export function switchWorld(
  options: {
    readonly plan?: SwitchPlan
    readonly journal?: SwitchJournal
    readonly limits?: Partial<SwitchLimits>
    readonly clock?: VirtualClock
    readonly seed?: number
  } = {},
): SwitchWorld {
  const clock = options.clock ?? new VirtualClock()
  const simulatedSwitch = createSimulatedSwitch({
    clock,
    seed: options.seed ?? 1,
    plan: options.plan ?? smallPlan,
    ...(options.journal === undefined ? {} : { journal: options.journal }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  })
  const events: NumberedSwitchEvent[] = []
  simulatedSwitch.onEvent((event) => events.push(event))
  return {
    clock,
    simulatedSwitch,
    events,
    call: ({ to = '7000', ...wanted } = {}) => {
      const answer = simulatedSwitch.door({ kind: 'place', call: { from: '0301234', to, ...wanted } })
      if (!answer.ok) throw new Error(answer.description)
      return answer.callId
    },
    told: () => events.map(({ event }) => describeEvent(event)),
  }
}

export function describeEvent(event: SwitchEvent): string {
  switch (event.kind) {
    case 'routeRequest':
      return `routeRequest ${event.routingPoint}`
    case 'partyChanged':
      return `${event.device} ${event.state}`
    case 'userDataChanged':
      return `userData ${event.changed.join(' ')}`
    case 'treatmentEnded':
      return `${event.commandKey} ${event.outcome}${event.digits === undefined ? '' : ` "${event.digits}"`}`
    case 'callEnded':
      return `ended ${event.cause}`
    case 'agentState':
      return `${event.agentId} ${event.state}`
  }
}
