import { expect, it } from 'vitest'
import { DOCUMENTS, otherSystem, startApiNode } from './api-node.ts'

const PAGE = `<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:xi="http://www.w3.org/2001/XInclude" version="1.0" profile="ecmascript" initial="a">
  <datamodel><data id="answer" expr="0"/></datamodel>
  <script><xi:include href="../lib/answer.js" parse="text"/></script>
  <state id="a"><onentry><script>_data.answer = theAnswer()</script></onentry></state>
</scxml>`

const SITE = { '/app/src/page.scxml': PAGE, '/app/lib/answer.js': 'function theAnswer() { return 42 }' }

it('a document and its relative includes come from an allowed origin', async () => {
  await using site = await otherSystem(SITE)
  await using api = await startApiNode({ origins: [site.origin] })

  const { status, body } = await api.post('/scxml/session/start', { src: `${site.origin}/app/src/page.scxml` })

  const query = await api.get(`/scxml/session/${String(body['sessionid'])}/query`)
  expect(status).toBe(200)
  expect(query.body['data']).toMatchObject({ answer: 42 })
  expect(site.seen.map(({ path }) => path)).toEqual(['/app/src/page.scxml', '/app/lib/answer.js'])
})

it('the configuration opens an origin', async () => {
  await using site = await otherSystem(SITE)
  const configuration = { ...JSON.parse(DOCUMENTS['segue.json'] ?? '{}'), documentOrigins: [site.origin] }
  await using api = await startApiNode({ documents: { ...DOCUMENTS, 'segue.json': JSON.stringify(configuration) } })

  const { status } = await api.post('/scxml/session/start', { src: `${site.origin}/app/src/page.scxml` })

  expect(status).toBe(200)
})

it('another origin is refused by name and is not asked, also when an allowed document includes from it', async () => {
  await using foreign = await otherSystem(SITE)
  await using site = await otherSystem({
    '/page.scxml': PAGE.replace('../lib/answer.js', `${foreign.origin}/app/lib/answer.js`),
  })
  await using api = await startApiNode({ origins: [site.origin] })

  const direct = await api.post('/scxml/session/start', { src: `${foreign.origin}/app/src/page.scxml` })
  const included = await api.post('/scxml/session/start', { src: `${site.origin}/page.scxml` })

  expect([direct.status, included.status]).toEqual([422, 422])
  for (const { body } of [direct, included]) {
    expect(JSON.stringify(body['findings'])).toContain('SEG-LOAD-001')
    expect(JSON.stringify(body['findings'])).toContain(foreign.origin)
  }
  expect(foreign.seen).toEqual([])
})

it('a missing document says what the server answered', async () => {
  await using site = await otherSystem(SITE)
  await using api = await startApiNode({ origins: [site.origin] })

  const { status, body } = await api.post('/scxml/session/start', { src: `${site.origin}/app/none.scxml` })

  expect(status).toBe(422)
  expect(JSON.stringify(body['findings'])).toContain('404')
})
