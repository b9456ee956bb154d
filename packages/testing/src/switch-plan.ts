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

/** The plan with dialog applications known by their address as written, and by the one that it stands for. */
export function withAddresses(plan: SwitchPlan, baseUrl: string): SwitchPlan {
  if (plan.applications === undefined) return plan
  const applications = plan.applications.flatMap((application) => {
    const { uri } = application
    return URL.canParse(uri, baseUrl)
      ? [application, { ...application, uri: new URL(uri, baseUrl).href }]
      : [application]
  })
  return { ...plan, applications }
}
