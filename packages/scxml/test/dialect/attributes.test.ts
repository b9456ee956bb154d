import { describe, expect, it } from 'vitest'
import { entering, findings, loadPage, page, run } from './support.ts'

const settingsOf = async (attribute: string): Promise<object | undefined> =>
  (await loadPage(page('<state id="a"/>', attribute))).document?.settings

describe('scxml-dialect 3: attributes of `<scxml>`', () => {
  it.each([
    [
      '`_type` | string, `combination` | `routingstrategy`, `interactionprocess`, …',
      '_type="routingstrategy"',
      { type: 'routingstrategy' },
    ],
    ['`_persist` | boolean', '_persist="false"', { persist: false }],
    ['`_maxtime` / `_maxage` | seconds', '_maxtime="60"', { maxTimeS: 60 }],
    ['`_maxtime` / `_maxage` | seconds', '_maxage="60"', { maxTimeS: 60 }],
    ['`_microStepLimit` | integer', '_microStepLimit="7"', { microStepLimit: 7 }],
    ['`_stateEntryLimit` | integer', '_stateEntryLimit="0"', { stateEntryLimit: 0 }],
    ['`_processEventTimeout` | ms', '_processEventTimeout="500"', { processEventTimeoutMs: 500 }],
  ])('%s: %s is read', async (_, attribute, expected) => {
    expect(await settingsOf(attribute)).toMatchObject(expected)
    expect(await findings('<state id="a"/>', attribute)).toEqual([])
  })

  it.each([
    '_statePersistDefault="may"',
    '_debug="true"',
    '_maxConfigs="3"',
    '_filterEventData="true"',
    '_transitionStyle="legacy"',
  ])('[mem?] %s is known and does nothing', async (attribute) => {
    expect(await findings('<state id="a"/>', attribute)).toEqual([])
  })

  const ping = '<state id="a"><transition target="b"/></state><state id="b"><transition target="a"/></state>'

  it('`_microStepLimit`: "micro-steps allowed per event"', async () => {
    expect((await run(ping, { attributes: '_microStepLimit="5"' })).ended).toMatchObject({
      reason: 'limit',
      limit: { name: '_microStepLimit', value: 5 },
    })
  })

  it('`_stateEntryLimit`: "entries of the same state without external event"', async () => {
    expect((await run(ping, { attributes: '_stateEntryLimit="3"' })).ended).toMatchObject({
      reason: 'limit',
      limit: { name: '_stateEntryLimit', value: 3 },
    })
  })

  it.each([
    ['_microStepLimit', '_microStepLimit="0" _stateEntryLimit="0"'],
    ['_stateEntryLimit', '_stateEntryLimit="0" _microStepLimit="0"'],
  ])('`%s`: "0 = no limit"', async (_, attributes) => {
    const session = await run(
      `<script>var n = 0</script><state id="a"><onentry><script>n++</script></onentry>
         <transition cond="n !== 3000" target="a"/><transition target="b"/></state><state id="b"/>`,
      { attributes },
    )

    expect(session.active).toEqual(['b'])
  })

  it('"Unknown attributes that start with `_` must be ignored with a warning."', async () => {
    expect(await findings('<state id="a" _mine="1"/>', '_unknown="1"')).toEqual([
      'warning SEG-DOC-009 _unknown',
      'warning SEG-DOC-009 _mine',
    ])
    expect((await run('<state id="a" _mine="1"/>', { attributes: '_unknown="1"' })).active).toEqual(['a'])
  })
})

describe('scxml-dialect 3: attributes of states and data', () => {
  it.each(['state', 'parallel', 'final'])(
    'state | `_type` NMTOKEN, `normal`; `_persist` NMTOKEN, `may`: %s',
    async (name) => {
      expect(await findings(`<${name} id="a" _type="blocking" _persist="must"/>`)).toEqual([])
    },
  )

  it('data | `_type`, `_desc` do nothing to the value', async () => {
    const session = await run(
      `<datamodel><data id="x" _type="parameter" _desc="d" expr="3"/></datamodel>${entering('<log expr="_data.x"/>')}`,
    )

    expect(session.logs).toEqual(['3'])
  })
})
