import type { SwitchPlan } from '@segue/adapters'
import type { Configuration } from '@segue/contact'

/** The simulated switch that fits a configuration: its routing points and its agents' telephones. */
export function switchPlanOf(configuration: Configuration, people: Partial<SwitchPlan> = {}): SwitchPlan {
  return {
    switchName: configuration.switches[0]?.name ?? 'Simulated',
    routingPoints: configuration.dns.filter(({ type }) => type === 'routepoint').map(({ number }) => ({ number })),
    agents: configuration.agents.map(({ id, dn }) => ({ id, dn })),
    ...people,
  }
}
