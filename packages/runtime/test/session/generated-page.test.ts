import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sharedFolder } from '@segue/testing'
import { describe, expect, it } from 'vitest'
import { bareModule } from './bare-module.ts'
import { stepper } from './stepper.ts'

const shared = sharedFolder()
if (shared === undefined) console.warn('generated pages are not tested: no folder with fixtures')

const modules = [
  bareModule('interaction', { root: 'ixn', actions: ['attach', 'terminate'], view: { interactions: {} } }),
  ...['queue', 'dialog', 'session', 'ws', 'classification'].map((name) => bareModule(name)),
]
const files = {
  texts: new Map<string, string>(),
  resolve: async (href: string, base: string) => {
    const url = new URL(href, base).href
    const text = await readFile(new URL(url), 'utf8')
    return { found: true, source: { url, text } } as const
  },
}

describe.skipIf(shared === undefined)('a page as generators write it', () => {
  const url = pathToFileURL(join(shared ?? '', 'fixtures/apps/minimal/src-gen/IPD_default_empty.scxml')).href
  const voice = {
    interactions: { ixn1: { g_uid: 'ixn1', category: 'voice', voice: { type: 'inbound' }, parties: {} } },
  }

  it('loads, starts, and waits in both regions', async () => {
    const world = stepper(files, { modules })

    const step = await world.start('S1', url)

    expect(step.hasEnded).toBe(false)
    expect(step.attributes?.['states']).toBe('_composer_init _composer_event_handler')
    expect(step.trace.filter(({ kind }) => kind === 'error')).toEqual([])
  })

  it('runs a voice interaction to its global exit, also when it is loaded from the store before each event', async () => {
    const world = stepper(files, { modules })
    await world.start('S1', url)
    world.restart()

    const step = await world.event('S1', 'interaction.added', {
      data: { interactionid: 'ixn1' },
      module: 'interaction',
      payload: voice,
    })

    expect(step.trace.filter(({ kind }) => kind === 'error')).toEqual([])
    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: 'S1: global exit of empty' }))
    expect(step.hasEnded).toBe(true)
  })

  it('keeps what its two data roots share over a restart', async () => {
    const consult = {
      interactions: { ixn1: { g_uid: 'ixn1', parentid: 'ixn0', voice: { type: 'consult' }, parties: {} } },
    }
    const world = stepper(files, { modules })
    await world.start('S1', url)

    const added = await world.event('S1', 'interaction.added', {
      data: { interactionid: 'ixn1' },
      module: 'interaction',
      payload: consult,
    })
    world.restart()
    const requestid = added.effects[0]?.body['requestId']
    const attached = await world.event('S1', 'interaction.attach.done', { data: { requestid, interactionid: 'ixn0' } })
    world.restart()
    const [timer] = attached.timersPut
    const started = await world.give('S1', { kind: 'timer', id: timer?.id ?? '' })

    expect(added.effects).toEqual([expect.objectContaining({ type: 'interaction.attach' })])
    expect(timer?.dueEpochMs).toBe(world.nowMs + 1000)
    expect(started.trace).toContainEqual(
      expect.objectContaining({ kind: 'log', text: 'S1: interaction ixn1 goes to workflow empty' }),
    )
    expect(started.hasEnded).toBe(true)
  })
})
