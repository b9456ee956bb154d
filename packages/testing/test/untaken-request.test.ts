import { describe, expect, it } from 'vitest'
import { memoryStore } from '@segue/adapters'
import { readConfiguration } from '@segue/contact'
import { allModules, createCentre, elementNamespaces } from '@segue/modules'
import { contextRealm, createApplications, createInProcessShard } from '@segue/runtime'
import type { Shard } from '@segue/runtime'
import { seededIds, virtualClock } from '@segue/testing'

const url = 'file:///apps/desk.scxml'
const desk = `<scxml xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript" version="1.0" initial="a">
  <state id="a"><transition event="leave" target="over"/><transition event="ask"><log expr="'asked'"/></transition></state><final id="over"/></scxml>`

/** A centre whose sessions stop inside of the step that takes `leave`, until `leave()` is called. */
function slowCentre() {
  const clock = virtualClock(1_700_000_000_000)
  const store = memoryStore({ partitions: 4 })
  let leave = (): void => undefined
  const gate = new Promise<void>((resolve) => (leave = resolve))
  const shard = createInProcessShard({
    modules: allModules,
    realm: contextRealm,
    server: { name: 'n', cluster: 'n', url: undefined },
  })
  const slow: Shard = {
    ...shard,
    async step(requests) {
      if (requests.some(({ message }) => message.kind === 'event' && message.name === 'leave')) await gate
      return shard.step(requests)
    },
  }
  const { configuration } = readConfiguration([{ file: '/segue.json', text: '{}' }])
  if (configuration === undefined) throw new Error('no configuration')
  const centre = createCentre({
    configuration,
    store,
    clock,
    ids: seededIds(1),
    shard: slow,
    applications: createApplications({
      resolve: () => Promise.resolve({ found: true, source: { url, text: desk } }),
      namespaces: elementNamespaces,
      stored: (hash) => store.query({ kind: 'document', hash }),
      clock,
      maxAgeS: 60,
    }),
    links: [],
    performers: [],
    owner: 'n',
    cell: '00',
    partitions: 4,
    onIncident: () => undefined,
  })
  return { centre, clock, leave: () => leave() }
}

describe('external-interfaces 1.4: requests that a session does not take', () => {
  it('one that was accepted just before the session ends is told so, at once and not after the time limit', async () => {
    const { centre, clock, leave } = slowCentre()
    await using running = centre
    await running.start()
    const started = await running.startSession({ url, parameters: {} })
    const sessionId = started.ok ? started.sessionId : ''
    const event = running.sendEvent(sessionId, { name: 'leave', data: {}, source: 'test' })
    const asked = running.request(sessionId, { name: 'ask', data: {}, source: 'test' })
    await clock.advanceMs(100)
    const before = await Promise.race([asked, Promise.resolve('waits')])

    leave()
    const answer = await asked
    await event

    expect(before).toBe('waits')
    expect(answer).toEqual({ kind: 'sessionEnded' })
    expect(clock.nowMs()).toBe(1_700_000_000_100)
  })
})
