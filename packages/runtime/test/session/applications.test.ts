import { describe, expect, it } from 'vitest'
import { documents, page } from './documents.ts'
import { stepper } from './stepper.ts'

const url = 'file:///app/main.scxml'
const version = (word: string): string =>
  page(`<script><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="lib.js" parse="text"/></script>
    <state id="a"><transition event="look"><log expr="word() + ' ${word}'"/></transition></state>`)

describe('application versions', () => {
  it('running sessions keep their version while new ones take the new document', async () => {
    const texts = documents({ [url]: version('one'), 'file:///app/lib.js': 'function word() { return "lib1" }' })
    const world = stepper(texts)
    await world.start('S1', url)
    texts.texts.set(url, version('two'))
    texts.texts.set('file:///app/lib.js', 'function word() { return "lib2" }')

    const results = await world.applications.reload()
    await world.start('S2', url)
    world.restart()
    texts.texts.clear()
    const old = await world.event('S1', 'look')
    const fresh = await world.event('S2', 'look')

    expect(results).toEqual([expect.objectContaining({ url, outcome: 'changed' })])
    expect(old.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: 'lib1 one' }))
    expect(fresh.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: 'lib2 two' }))
  })

  it('a broken new version leaves the old one in place and says why', async () => {
    const texts = documents({ [url]: page('<state id="a"/>') })
    const world = stepper(texts)
    const before = await world.applications.current(url)
    texts.texts.set(url, page('<state id="a"><transition target="none"/></state>'))

    const [result] = await world.applications.reload()
    const after = await world.applications.current(url)

    expect(result?.outcome).toBe('refused')
    expect(result?.diagnostics.some(({ severity }) => severity === 'error')).toBe(true)
    expect(before.ok && after.ok && after.bundle.hash === before.bundle.hash).toBe(true)
  })

  it('reload of what did not change says so', async () => {
    const world = stepper(documents({ [url]: page('<state id="a"/>') }))
    await world.applications.current(url)

    expect(await world.applications.reload()).toEqual([expect.objectContaining({ outcome: 'unchanged' })])
  })

  it('a document is looked at again when it is too old', async () => {
    const texts = documents({ [url]: page('<state id="a"/>') })
    const world = stepper(texts)
    const first = await world.applications.current(url)
    texts.texts.set(url, page('<state id="b"/>'))

    const cached = await world.applications.current(url)
    world.nowMs += 3_600_000
    const fresh = await world.applications.current(url)

    expect(cached).toBe(first)
    expect(fresh.ok && first.ok && fresh.bundle.hash !== first.bundle.hash).toBe(true)
  })

  it('the alternate address is taken when the first cannot be had', async () => {
    const world = stepper(documents({ 'file:///app/other.scxml': page('<state id="a"/>') }))

    const current = await world.applications.current(url, 'file:///app/other.scxml')

    expect(current.ok && current.bundle.url).toBe('file:///app/other.scxml')
    expect(current.diagnostics.some(({ severity }) => severity === 'error')).toBe(true)
  })

  it('the first session of a version brings the document, later ones do not', async () => {
    const world = stepper(documents({ [url]: page('<state id="a"/>') }))

    const first = await world.start('S1', url)
    const second = await world.start('S2', url)

    expect(first.rows).toEqual([expect.objectContaining({ kind: 'put', table: 'document' })])
    expect(second.rows).toEqual([])
  })

  it('versions without a session are dropped when there are too many, and loaded again when needed', async () => {
    const texts = documents({})
    for (let n = 0; n < 5; n += 1) texts.texts.set(`file:///app/${n}.scxml`, page(`<state id="a${n}"/>`))
    const world = stepper(texts, { limits: { maxApplications: 2 } })

    for (let n = 0; n < 5; n += 1) await world.start(`S${n}`, `file:///app/${n}.scxml`)
    world.shard.forget(['S0', 'S1', 'S2', 'S3', 'S4'])

    const again = await world.start('S9', 'file:///app/0.scxml')
    expect(again.attributes?.['states']).toBe('a0')
  })
})
