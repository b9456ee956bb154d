import { describe, expect, it } from 'vitest'
import { otherSystem, startApiNode } from './api-node.ts'

const root = 'xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript" version="1.0"'
const page = (name: string): string => `<scxml ${root} initial="${name}"><state id="${name}"/></scxml>`

/** A centre whose routing point has an application with these addresses. */
function configured(application: object): string {
  return JSON.stringify({
    switches: [{ name: 'Simulated', kind: 'simulated' }],
    applications: [{ name: 'app', ...application }],
    dns: [{ number: '4200', switch: 'Simulated', type: 'routepoint', application: 'app' }],
  })
}

describe('scxml-dialect 11: provisioning', () => {
  it.each([
    ['compiled', 'broken.scxml', 'alternate'],
    ['fetched', 'missing.scxml', 'alternate'],
    ['of any use, as it is in order', 'right.scxml', 'right'],
  ])('"`alternate-url` (used when `url` cannot be fetched or compiled)": not %s', async (_what, url, state) => {
    await using api = await startApiNode({
      documents: {
        'segue.json': configured({ url, alternateUrl: 'alternate.scxml' }),
        'alternate.scxml': page('alternate'),
        'right.scxml': page('right'),
        'broken.scxml': '<scxml',
      },
    })

    await api.post('/api/v1/calls', { from: '1', to: '4200' })

    let sessions: readonly { readonly id: string }[] = []
    while (sessions.length === 0)
      sessions = (await api.get('/api/v1/sessions')).body['sessions'] as readonly { readonly id: string }[]
    const session = await api.until(sessions[0]?.id ?? '', ({ states }) => (states as string[]).length > 0)
    expect(session.body['states']).toEqual([state])
  })

  it('scxml-dialect 1: "URI schemes for `src`: `http`, `https`, `file`": others are refused', async () => {
    await using system = await otherSystem({ '/page.scxml': page('a') })
    await using api = await startApiNode({ origins: [system.origin] })

    const statuses = await Promise.all(
      [`${system.origin}/page.scxml`, api.document('counter.scxml'), 'ftp://h/a.scxml', 'data:text/xml,<scxml/>'].map(
        async (src) => (await api.post('/scxml/session/start', { src })).status,
      ),
    )

    expect(statuses).toEqual([200, 200, 422, 422])
  })
})

describe('scxml-dialect 5: `type` of `<send>`', () => {
  it('"`basichttp`: HTTP POST of event name and parameters to the URL", and an error event where that fails', async () => {
    await using system = await otherSystem({ '/inbox': 'ok' })
    const sender = (path: string): string => `<scxml ${root} initial="a"><state id="a">
      <onentry><send event="'note'" type="'basichttp'" target="'${system.origin}/${path}'" id="s1"><param name="n" expr="1 + 1"/></send></onentry>
      <transition event="error.send.ioprocessorerror" cond="_event.data.target == '${system.origin}/${path}' &amp;&amp; _event.sendid == 's1'" target="b"/></state><state id="b"/></scxml>`
    await using api = await startApiNode({ documents: { 'ok.scxml': sender('inbox'), 'bad.scxml': sender('none') } })

    await api.start('ok.scxml')
    const bad = await api.start('bad.scxml')

    await api.until(bad, ({ states }) => (states as string[]).includes('b'))
    while (system.seen.length < 2) await new Promise((resolve) => setImmediate(resolve))
    const seen = system.seen.find(({ path }) => path === '/inbox')
    expect(seen?.method).toBe('POST')
    expect(Object.fromEntries(new URLSearchParams(seen?.body))).toEqual({ _scxmleventname: 'note', n: '2' })
  })
})
