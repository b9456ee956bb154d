import { describe, expect, it } from 'vitest'
import { pathToFileURL } from 'node:url'
import { startWorld } from '@segue/testing'
import type { World } from '@segue/testing'

const desk = (name: string): string => `<scxml xmlns="http://www.w3.org/2005/07/scxml"
  profile="ecmascript" version="1.0" initial="a"><datamodel><data id="to"/><data id="colour"/><data id="given"/></datamodel>
  <state id="a"><transition event="interaction.added"><log expr="'${name} ' + JSON.stringify(_data)"/></transition></state></scxml>`

const documents = { 'one.scxml': desk('one'), 'two.scxml': desk('two') }
const at = (path: string): string => pathToFileURL(`${process.cwd()}/${path}`).href

async function called(
  objects: Readonly<Record<string, unknown>>,
  dn: Readonly<Record<string, unknown>>,
): Promise<World> {
  const dns = [{ number: '4200', switch: 'SIP', type: 'routepoint', ...dn }]
  const configuration = {
    folder: process.cwd(),
    objects: { switches: [{ name: 'SIP', kind: 'simulated' }], dns, ...objects },
  }
  const world = await startWorld({ configuration, documents })
  await world.placeCall({ from: '0171', to: '4200', userData: { colour: 'red & blue' } })
  return world
}

async function logOf(world: World): Promise<string | undefined> {
  return (await world.session()).logs[0]
}

describe('scxml-dialect 11: "option `[orchestration] application` = URL, or `script:<name>`, or two URLs separated by one blank (second = alternate)"', () => {
  const applications = [{ name: 'desk', url: 'one.scxml', parameters: { given: 'p' } }]

  it.each([
    ['a name', 'desk', 'one {"given":"p"}'],
    ['`script:<name>`', 'script:desk', 'one {"given":"p"}'],
    ['an address', at('two.scxml'), 'two {}'],
    ['two addresses', `${at('two.scxml')} ${at('one.scxml')}`, 'two {}'],
    ['two addresses of which the first cannot be had', `${at('none.scxml')} ${at('one.scxml')}`, 'one {}'],
  ])('%s: %s', async (_what, application, log) => {
    await using world = await called({ applications }, { application })

    expect(await logOf(world)).toBe(log)
  })

  it.each([['script:dex'], ['dex'], ['http://a/b http://c/d http://e/f'], ['http://a/b c']])(
    '%s is refused when the configuration is read',
    async (application) => {
      await expect(called({ applications }, { application })).rejects.toThrow(/dns\.0\.application|is not configured/)
    },
  )
})

describe('scxml-dialect 11: "URL macros", filled when an interaction starts the application', () => {
  const query = 'to=[DN]&colour=[UDATA.colour]&other=[ANI]'

  it('the query of the address gives start parameters; "others are ignored"; parameters of the object win', async () => {
    const applications = [{ name: 'desk', url: `one.scxml?${query}`, parameters: { to: 'mine' } }]
    await using world = await called({ applications }, { application: 'desk' })

    const { url } = await world.session()

    expect(await logOf(world)).toBe('one {"to":"mine","colour":"red & blue"}')
    expect(url).toBe(`${at('one.scxml')}?to=4200&colour=red%20%26%20blue&other=0171`)
  })

  it('in addresses of the routing point, and in the second one when the first cannot be had', async () => {
    const application = `${at('none.scxml')}?[UDATA] ${at('two.scxml')}?${query}`
    await using world = await called({}, { application })

    expect(await logOf(world)).toMatch(/^two /)
  })

  it('in the path: the document is looked for when the call is there', async () => {
    const applications = [{ name: 'desk', url: '[UDATA.which].scxml', alternateUrl: 'two.scxml' }]
    await using world = await called({ applications }, { application: 'desk' })

    expect(await logOf(world)).toMatch(/^two /)
  })

  it('settings of the application hold for its filled address', async () => {
    const applications = [{ name: 'desk', url: `one.scxml?${query}`, durability: 'none' }]
    await using world = await called({ applications }, { application: 'desk' })
    const stored = await world.sessionIds()

    await world.restart()

    expect(world.story.some(({ entry }) => entry.kind === 'log')).toBe(true)
    expect({ stored: stored.length, after: (await world.leftOver()).sessions }).toEqual({ stored: 0, after: 0 })
  })
})
