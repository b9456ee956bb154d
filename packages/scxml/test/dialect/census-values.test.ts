import { describe, expect, it } from 'vitest'
import { entering, findings, run } from './support.ts'

const prologue = `<datamodel><data id="defaultPriority" expr="'5'"/><data id="defaultTargetTimeout" expr="'20'"/></datamodel><script>
  var InteractionID = 'IXN', routeTargetTimeout = '15', customHeaders = { 'x-key': 'k' }, vQueue = 'VQ';
  function toNumber(text) { return Number(text) }</script>`
const host = {
  modules: [{ root: 'queue', functions: [], constants: '{"rType":{"RouteTypeDefault":0,"RouteTypeUnknown":1}}' }],
}
const targets = `<queue:targets><queue:target type="agentgroup" name="'Desk'"/></queue:targets>`
const required: Readonly<Record<string, string>> = {
  'ixn:redirect': `<ixn:redirect interactionid="InteractionID" to="'5550'" from="'4201'" @/>`,
  'ixn:terminate': `<ixn:terminate interactionid="InteractionID" @/>`,
  'queue:cancel': `<queue:cancel @/>`,
  'queue:submit': `<queue:submit interactionid="InteractionID" @>${targets}</queue:submit>`,
  'session:fetch': `<session:fetch srcexpr="'http://h/x'" @/>`,
}

describe('usage-census 4.4: values of attributes', () => {
  it.each([
    ['ixn:redirect', 'detach', 'true', true],
    ['ixn:redirect', 'type', '_genesys.queue.rType.RouteTypeDefault', 0],
    ['ixn:redirect', 'type', '_genesys.queue.rType.RouteTypeUnknown', 1],
    ['ixn:terminate', 'reason', "'Auto-stop interaction'", 'Auto-stop interaction'],
    ['ixn:terminate', 'reason', "'Disconnect interaction'", 'Disconnect interaction'],
    ['queue:cancel', 'queue', 'vQueue', 'VQ'],
    ['queue:submit', 'clearontimeout', 'true', true],
    ['queue:submit', 'clearontimeout', 'false', false],
    ['queue:submit', 'orderstat', "'StatAgentLoading'", 'StatAgentLoading'],
    ['queue:submit', 'ordertype', "'max'", 'max'],
    ['queue:submit', 'ordertype', "'percentage'", 'percentage'],
    ['queue:submit', 'priority', 'toNumber(_data.defaultPriority)', 5],
    ['queue:submit', 'queue', "'a virtual queue name'", 'a virtual queue name'],
    ['queue:submit', 'route', 'false', false],
    ['queue:submit', 'route', 'true', true],
    ['queue:submit', 'timeout', 'toNumber(_data.defaultTargetTimeout)', 20],
    ['queue:submit', 'timeout', 'toNumber(routeTargetTimeout)', 15],
    ['queue:submit', 'timeout', '10', 10],
    ['queue:submit', 'timeout', '99999', 99_999],
    ['queue:submit', 'timeout', '60', 60],
    ['session:fetch', 'enctype', "'application/json'", 'application/json'],
    ['session:fetch', 'enctype', "'application/x-www-form-urlencoded'", 'application/x-www-form-urlencoded'],
    ['session:fetch', 'gd_retries', '1', 1],
    ['session:fetch', 'gd_retries', '3', 3],
    ['session:fetch', 'gd_retry_interval', '0', 0],
    ['session:fetch', 'gd_retry_interval', '5', 5],
    ['session:fetch', 'gdelivery', 'false', false],
    ['session:fetch', 'gdelivery', 'true', true],
    ['session:fetch', 'headers', 'customHeaders', { 'x-key': 'k' }],
    ['session:fetch', 'method', "'post'", 'post'],
    ['session:fetch', 'method', "'get'", 'get'],
  ])('`%s@%s=%s`', async (element, attribute, value, expected) => {
    const content = prologue + entering((required[element] ?? '').replace('@', `${attribute}="${value}"`))
    const taken = content.replace('</onentry>', '</onentry><transition event="error"/>')

    const session = await run(taken, { host })

    expect(session.errors).toEqual([])
    expect(JSON.parse(session.actions[0]?.attributes[attribute] ?? 'null')).toEqual(expected)
    expect((await findings(taken)).filter((line) => line.startsWith('error'))).toEqual([])
  })

  it('5.4 `done.state.$$_MY_PREFIX_$$._reserved_BeginParallel1_parallel`: "one `done.state` event name"', async () => {
    const fragment = `<scxml xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript" version="1.0" initial="none">
      <state id="_composer_entry" initial="$$_MY_PREFIX_$$.Begin"><state id="Begin">
        <parallel id="_reserved_BeginParallel1_parallel"><state id="T1"><final id="F1"/></state></parallel>
        <transition event="done.state.$$_MY_PREFIX_$$._reserved_BeginParallel1_parallel" target="$$_MY_PREFIX_$$.After"/></state>
        <state id="After"/></state><final id="none"/></scxml>`
    const session = await run(
      `<state id="S" initial="X._composer_entry"><xi:include href="flow.scxml" parse="xml" xpointer="_composer_entry" resolveid="X"/></state>`,
      { files: { 'flow.scxml': fragment } },
    )

    expect(session.active).toEqual(['S', 'X._composer_entry', 'X.After'])
  })
})
