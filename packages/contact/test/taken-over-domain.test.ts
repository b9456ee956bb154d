import { expect, it } from 'vitest'
import { createDomain } from '../src/routing/domain.ts'
import { clinicYaml, configurationOf, DomainWorld, names } from './contact-fixtures.ts'

const configuration = configurationOf(clinicYaml)
const AGENT = configuration.agents[0]?.id ?? ''

/** A domain that was just taken over: an agent is ready, the caller of `old` is on the way to that agent. */
function takenOver(): DomainWorld {
  const world = new DomainWorld(configuration)
  world.ready(AGENT)
  const effects = world.submit('old', `${AGENT}@.A`, { route: true })
  const offer = effects.find((effect) => effect.kind === 'toInteraction')
  if (offer?.kind !== 'toInteraction') throw new Error('nothing was offered')
  world.domain = createDomain([...world.rows.values()])
  world.openEffects = [
    {
      key: 'domain/Environment:2:0',
      body: { to: { kind: 'interaction', id: offer.interactionId }, message: { ...offer.message } },
    },
  ]
  return world
}

it('an agent whose offer is still open is offered to nobody else, whoever comes first', () => {
  const world = takenOver()

  const other = world.submit('new', `${AGENT}@.A`, { route: true })

  expect(other.filter(({ kind }) => kind === 'toInteraction')).toEqual([])
})

it('a submit whose answer is under way is not routed again when it is announced again', () => {
  const world = new DomainWorld(configuration)
  world.openEffects = [{ key: 'domain/Environment:9:0', body: { answers: 'key-old' } }]
  world.ready(AGENT)

  expect(world.submit('old', `${AGENT}@.A`, { route: true })).toEqual([])
  expect(names(world.submit('new', `${AGENT}@.A`, { route: false }))).toContain('queue.submit.done')
})
