import { describe, expect, it } from 'vitest'
import { directVoiceLink } from '../../src/voice/link/direct-voice-link.ts'
import { switchWorld } from './switch-world.ts'
import { RecordingConsumer, settled, until, voiceLinkContract } from './voice-link-contract.ts'

voiceLinkContract('direct', async (world, { eventWindow }) => {
  const link = directVoiceLink(world.simulatedSwitch, { eventWindow })
  return {
    link,
    cut: async () => link.cut(),
    mend: async () => link.mend(),
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  }
})

describe('direct voice link', () => {
  it('a cut after the next command loses its answer, and the same key brings it again', async () => {
    const world = switchWorld()
    const link = directVoiceLink(world.simulatedSwitch)
    const consumer = new RecordingConsumer()
    await link.connect(consumer)
    const callId = world.call()
    const command = { kind: 'clear', callId } as const

    link.cut('afterNextCommand')
    const lost = await link.command('k1', command, new AbortController().signal)
    link.mend()
    await until(() => consumer.isUp)
    const again = await link.command('k1', command, new AbortController().signal)

    expect(lost).toBeUndefined()
    expect(again).toEqual({ ok: true })
    expect(world.simulatedSwitch.endStates()).toHaveLength(1)
  })

  it('nothing passes while the link is held, then everything in order', async () => {
    const world = switchWorld()
    const link = directVoiceLink(world.simulatedSwitch)
    const consumer = new RecordingConsumer()
    await link.connect(consumer)

    link.hold()
    const callId = world.call()
    const answer = link.command('k1', { kind: 'clear', callId }, new AbortController().signal)
    await settled()
    const whileHeld = [...consumer.lines]
    link.resume()

    expect(await answer).toEqual({ ok: true })
    expect(whileHeld).toEqual(['snapshot of 0', 'up'])
    expect(consumer.lines.slice(2)).toEqual(['7000 queued', 'routeRequest 7000', '7000 released', 'ended cleared'])
  })

  it('a delayed link keeps the order and gives up what is on its way when it is cut', async () => {
    const world = switchWorld()
    const link = directVoiceLink(world.simulatedSwitch, { delay: { clock: world.clock, delayMs: 40 } })
    const consumer = new RecordingConsumer()
    const connected = link.connect(consumer)
    world.clock.advance({ ms: 40 })
    await connected
    world.call()
    world.clock.advance({ ms: 39 })
    expect(consumer.events).toHaveLength(0)
    world.clock.advance({ ms: 1 })
    expect(consumer.lines.slice(2)).toEqual(['7000 queued', 'routeRequest 7000'])

    const answer = link.command('k1', { kind: 'clear', callId: 'x' }, new AbortController().signal)
    link.cut()

    expect(await answer).toBeUndefined()
    world.clock.advance({ seconds: 1 })
    expect(world.simulatedSwitch.perform('k1', { kind: 'clear', callId: 'y' })).toMatchObject({
      description: expect.stringContaining('"y"'),
    })
  })
})
