import { afterEach, describe, expect, it } from 'vitest'
import type { NumberedSwitchEvent, SwitchSnapshot, VoiceConsumer, VoiceLink } from '@segue/contact'
import { describeEvent, smallPlan, switchWorld, type SwitchWorld } from './switch-world.ts'

/** One implementation of a link, with a hand on its cable. */
export interface LinkUnderTest extends AsyncDisposable {
  readonly link: VoiceLink
  cut(): Promise<void>
  /** Resolves when the link has had the chance to come up again. */
  mend(): Promise<void>
}

export type MakeLink = (world: SwitchWorld, options: { readonly eventWindow: number }) => Promise<LinkUnderTest>

/** Resolves when a condition holds; sockets go on meanwhile. The test's own time limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

/** Lets everything that is on its way arrive. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** A consumer that writes down what it gets; `answers` decides when and how events become durable. */
export class RecordingConsumer implements VoiceConsumer {
  readonly lines: string[] = []
  readonly events: NumberedSwitchEvent[] = []
  readonly snapshots: SwitchSnapshot[] = []
  answers: (event: NumberedSwitchEvent) => Promise<void> = async () => {}
  isUp = false

  event(event: NumberedSwitchEvent): Promise<void> {
    this.events.push(event)
    this.lines.push(describeEvent(event.event))
    return this.answers(event)
  }

  async snapshot(snapshot: SwitchSnapshot): Promise<void> {
    this.snapshots.push(snapshot)
    this.lines.push(`snapshot of ${snapshot.calls.length}`)
  }

  linkState(isUp: boolean): void {
    this.isUp = isUp
    this.lines.push(isUp ? 'up' : 'down')
  }
}

/** What every link to a switch must do. */
export function voiceLinkContract(name: string, make: MakeLink): void {
  const open: LinkUnderTest[] = []
  const never = new AbortController().signal

  async function start(world = switchWorld(), eventWindow = 1_000) {
    const made = await make(world, { eventWindow })
    open.push(made)
    return { world, consumer: new RecordingConsumer(), ...made, cut: made.cut, mend: made.mend, link: made.link }
  }

  afterEach(async () => {
    for (const made of open.splice(0)) await made[Symbol.asyncDispose]()
  })

  describe(`voice link contract: ${name}`, () => {
    it('events from before, then a snapshot, then the link is up, then later events', async () => {
      const { world, consumer, link } = await start()
      world.call()

      await link.connect(consumer)
      const callId = world.call()
      await until(() => consumer.events.length === 4)

      expect(consumer.lines).toEqual([
        '7000 queued',
        'routeRequest 7000',
        'snapshot of 1',
        'up',
        '7000 queued',
        'routeRequest 7000',
      ])
      expect(consumer.events[3]?.event).toMatchObject({ call: { callId, ani: '0301234' } })
      expect(consumer.snapshots[0]?.sequence).toBe(consumer.events[1]?.sequence)
    })

    it('the snapshot waits until every event before it is durable', async () => {
      const { world, consumer, link } = await start()
      const letGo: (() => void)[] = []
      consumer.answers = () => new Promise((resolve) => letGo.push(resolve))
      world.call()
      const connected = link.connect(consumer)
      await until(() => letGo.length === 2)
      letGo[0]?.()
      await settled()
      expect(consumer.snapshots).toEqual([])

      letGo[1]?.()
      await connected

      expect(consumer.lines.slice(2)).toEqual(['snapshot of 1', 'up'])
    })

    it('a snapshot tells calls and agents as they are', async () => {
      const { world, consumer, link } = await start()
      const callId = world.call({ userData: { tier: 'gold', nested: { n: 1 } } })
      world.simulatedSwitch.setAgentState('anna', 'login')
      world.simulatedSwitch.setAgentState('anna', 'notReady', 'lunch')

      await link.connect(consumer)

      expect(consumer.snapshots[0]?.calls).toMatchObject([
        { callId, atRoutingPoint: '7000', userData: { tier: 'gold', nested: { n: 1 } } },
      ])
      expect(consumer.snapshots[0]?.agents).toEqual([
        { agentId: 'anna', device: '7001', state: 'notReady', reason: 'lunch' },
      ])
    })

    it('what was not durable when the link broke comes again before the next snapshot', async () => {
      const { world, consumer, link, cut, mend } = await start()
      await link.connect(consumer)
      consumer.answers = () => new Promise(() => {})
      const callId = world.call()
      world.simulatedSwitch.perform('t1', { kind: 'treat', callId, treatment: { kind: 'pause', durationS: 1 } })
      world.clock.advance({ seconds: 1 })
      await until(() => consumer.events.length === 3)

      await cut()
      await until(() => !consumer.isUp)
      consumer.answers = async () => {}
      consumer.lines.length = 0
      await mend()
      await until(() => consumer.isUp)

      expect(consumer.lines).toEqual(['7000 queued', 'routeRequest 7000', 't1 completed', 'snapshot of 1', 'up'])
      expect(consumer.events.slice(3)).toEqual(consumer.events.slice(0, 3))
    })

    it('what was durable does not come again', async () => {
      const { world, consumer, link, cut, mend } = await start()
      await link.connect(consumer)
      world.call()
      await until(() => world.simulatedSwitch.events.acknowledged === world.simulatedSwitch.events.last)

      await cut()
      await until(() => !consumer.isUp)
      consumer.lines.length = 0
      await mend()
      await until(() => consumer.isUp)

      expect(consumer.lines).toEqual(['snapshot of 1', 'up'])
    })

    it('an event behind one that is not durable yet is not acknowledged', async () => {
      const { world, consumer, link } = await start()
      await link.connect(consumer)
      const before = world.simulatedSwitch.events.acknowledged
      let letFirstGo = (): void => {}
      consumer.answers = (event) =>
        event.event.kind === 'routeRequest' ? Promise.resolve() : new Promise((resolve) => (letFirstGo = resolve))
      world.call()
      await until(() => consumer.events.length === 2)
      await settled()

      expect(world.simulatedSwitch.events.acknowledged).toBe(before)
      letFirstGo()
      await until(() => world.simulatedSwitch.events.acknowledged === before + 2)
    })

    it('an event that the consumer refuses comes again', async () => {
      const { world, consumer, link, mend } = await start()
      await link.connect(consumer)
      let refusals = 0
      consumer.answers = async () => {
        if ((refusals += 1) <= 2) throw new Error('store is away')
      }
      world.call()
      await until(() => !consumer.isUp)

      await mend()
      await until(() => world.simulatedSwitch.events.acknowledged === world.simulatedSwitch.events.last)

      expect(consumer.lines.filter((line) => line === 'routeRequest 7000').length).toBeGreaterThan(1)
    })

    it('commands are answered, a repeated key with the first answer', async () => {
      const { world, consumer, link } = await start()
      await link.connect(consumer)
      const callId = world.call()

      const first = await link.command('k1', { kind: 'clear', callId }, never)
      const again = await link.command('k1', { kind: 'clear', callId }, never)
      const other = await link.command('k2', { kind: 'clear', callId }, never)

      expect([first, again]).toEqual([{ ok: true }, { ok: true }])
      expect(other).toMatchObject({ ok: false, error: 'invalidstate' })
      expect(world.told().filter((line) => line === 'ended cleared')).toHaveLength(1)
    })

    it('a command without a link or with an aborted signal has no answer', async () => {
      const { world, consumer, link, cut } = await start()
      await link.connect(consumer)
      const callId = world.call()

      expect(await link.command('k1', { kind: 'clear', callId }, AbortSignal.abort())).toBeUndefined()
      await cut()
      await until(() => !consumer.isUp)

      expect(await link.command('k2', { kind: 'clear', callId }, never)).toBeUndefined()
      expect(world.simulatedSwitch.endStates()).toEqual([])
    })

    it('doors open calls and are shut without a link', async () => {
      const { world, consumer, link, cut } = await start()
      await link.connect(consumer)

      const placed = await link.door({ kind: 'place', call: { from: '030', to: '7000', patienceS: 5 } })
      const wrong = await link.door({ kind: 'place', call: { from: '030', to: '9999' } })
      const hungUp = await link.door({ kind: 'hangup', callId: placed.ok ? placed.callId : '' })
      await cut()
      await until(() => !consumer.isUp)
      const shut = await link.door({ kind: 'hangup', callId: 'x' })

      expect(hungUp).toEqual(placed)
      expect(wrong).toMatchObject({ ok: false, error: 'invaliddestination' })
      expect(shut).toMatchObject({ ok: false, error: 'linkdown' })
      expect(world.simulatedSwitch.endStates()).toMatchObject([{ endState: 'abandoned' }])
    })

    it('two thousand events pass in order through a window of ten', async () => {
      const { world, consumer, link } = await start(switchWorld(), 10)
      let inFlight = 0
      let most = 0
      consumer.answers = async () => {
        most = Math.max(most, (inFlight += 1))
        await new Promise((resolve) => setImmediate(resolve))
        inFlight -= 1
      }
      await link.connect(consumer)

      for (let i = 0; i < 1_000; i += 1) world.call()
      await until(() => world.simulatedSwitch.events.acknowledged === world.simulatedSwitch.events.last)

      expect(consumer.events).toEqual(world.events)
      expect(most).toBeGreaterThan(1)
      expect(most).toBeLessThanOrEqual(10)
    })

    it('events that had to be dropped while nobody listened are made up for by the snapshot', async () => {
      const world = switchWorld({ limits: { unacknowledgedEvents: 20 } })
      const { consumer, link, cut, mend } = await start(world)
      await link.connect(consumer)
      await cut()
      await until(() => !consumer.isUp)
      for (let i = 0; i < 50; i += 1) world.call()

      await mend()
      await until(() => consumer.isUp)

      expect(consumer.events).toHaveLength(20)
      expect(consumer.snapshots[1]?.calls).toHaveLength(50)
      expect(consumer.snapshots[1]?.sequence).toBe(consumer.events.at(-1)?.sequence)
    })

    it('a site with telephones keeps its name', async () => {
      const { link } = await start()

      expect(link.switchName).toBe(smallPlan.switchName)
    })
  })
}
