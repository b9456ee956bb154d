import { expect, it } from 'vitest'
import { startApiNode } from './api-node.ts'

const LOOP = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" initial="round">
  <state id="round"><transition event="turn" target="turning"/></state>
  <state id="turning"><transition target="turning"/></state>
</scxml>`

it('a session that reached a limit is an incident until somebody decides about it', async () => {
  await using api = await startApiNode({ documents: { 'loop.scxml': LOOP } as never })
  const id = await api.start('loop.scxml')
  await api.post(`/scxml/session/${id}/event/turn`)
  await api.node.centre.runtime.idle()

  const listed = await api.get('/api/v1/incidents')
  const [incident] = Array.isArray(listed.body['incidents']) ? listed.body['incidents'] : []
  const address = `/api/v1/incidents/${String(incident?.id)}`
  const ended = await api.post(`${address}/end`)
  const skipped = await api.post(`${address}/skip`)
  const again = await api.post(`${address}/skip`)

  expect(incident).toMatchObject({ kind: 'limit', entity: `session/${id}`, about: { kind: 'fact' }, actions: ['skip'] })
  expect([ended.status, ended.body['code']]).toEqual([409, 'SEG-API-041'])
  expect([skipped.status, again.status, again.body['code']]).toEqual([200, 404, 'SEG-API-040'])
  expect((await api.get('/api/v1/incidents')).body).toEqual({ incidents: [] })
})
