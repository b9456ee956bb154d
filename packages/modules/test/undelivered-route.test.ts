import { expect, it } from 'vitest'
import { readConfiguration } from '@segue/contact'
import type { StepRequest } from '@segue/runtime'
import { domainBehaviour } from '../src/centre/domain-behaviour.ts'

const text = `
tenants: [{ name: Environment, id: 1 }]
switches: [{ name: S, kind: simulated }]
dns: [{ number: '7001', switch: S, type: extension }]
agents: [{ id: ada, dn: '7001' }]
agentGroups: [{ name: G, agents: [ada] }]
`

it('an agent is free again when the call ended before the decision reached it', async () => {
  const { configuration } = readConfiguration([{ file: 'segue.yaml', text }], { version: 1 })
  if (configuration === undefined) throw new Error('the configuration is bad')
  const behaviour = domainBehaviour(() => configuration)
  let version = 0
  let openEffects: StepRequest['context']['openEffects'] = []
  const step = async (body: { readonly kind: string } & Readonly<Record<string, unknown>>, effectKey?: string) => {
    version += 1
    const ref = { kind: 'domain', id: 'Environment' } as const
    const [response] = await behaviour.step([
      {
        context: { ref, version, nowMs: 1_000, seed: 1, openEffects },
        stored: version === 1 ? 'new' : undefined,
        message: { to: ref, source: 'test', body },
        effectKey,
      },
    ])
    if (response?.ok !== true) throw new Error(response?.message)
    const key = (n: number): string => `domain/Environment:${version}:${n}`
    openEffects = response.step.effects.map((effect, n) => ({ ...effect, key: key(n), plannedAtEpochMs: 1_000 }))
    return openEffects
  }
  const group = () => behaviour.domain('Environment')?.agents.get('ada')

  await step({ kind: 'agent', agentId: 'ada', device: '7001', state: 'login', reason: '' })
  await step({ kind: 'agent', agentId: 'ada', device: '7001', state: 'ready', reason: '' })
  const submit = {
    sessionId: 's',
    requestId: 'r',
    interactionId: 'gone',
    targets: [{ kind: 'id', text: 'G.GA' }],
    queue: 'none',
    priority: 0,
    route: true,
    clearOnTimeout: false,
    orderType: 'max',
    orderStatistic: 'StatAgentLoading',
    submittedAtEpochMs: 1_000,
  }
  const planned = await step({ kind: 'submit', request: submit }, 'session/s:1:0')
  const route = planned.find(({ body }) => 'undeliverable' in body)
  expect(group()?.reservation).toBeDefined()

  await step({ kind: 'undeliverable', key: route?.key })

  expect(group()).toMatchObject({ isFree: true, reservation: undefined })
  expect(behaviour.domain('Environment')?.requests.size).toBe(0)
})
