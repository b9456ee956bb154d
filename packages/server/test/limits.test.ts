import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { API_METHODS } from '@segue/server'
import { startApiNode } from './api-node.ts'

it('a full node refuses starts and offers with 503 and Retry-After', async () => {
  await using api = await startApiNode({ parts: { runtimeLimits: { maxPending: 0 } } })

  const answer = await api.post('/scxml/session/start', { src: api.document('counter.scxml') })

  const offer = await api.post('/api/v1/interactions', { interaction: { category: 'chat' }, application: 'desk' })

  for (const { status, headers, body } of [answer, offer]) {
    expect(status).toBe(503)
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(body['code']).toBe('SEG-API-006')
  }
})

it('a smaller body limit holds', async () => {
  await using api = await startApiNode({ parts: { httpLimits: { maxBodyBytes: 100 } } })

  const answer = await api.post('/scxml/session/start', { src: 'x'.repeat(200) })

  expect(answer.status).toBe(413)
  expect(answer.body['title']).toContain('100')
})

it('the help lists every address with its method, and each of them is served', async () => {
  await using api = await startApiNode()

  const { body } = await api.get('/ors/help')

  expect(body['methods']).toEqual(API_METHODS)
  for (const { method, path } of API_METHODS) {
    const answer = await api.request(method, path.replaceAll(/\{\w+\}/g, 'X'))
    expect(`${method} ${path}: ${String(answer.body['code'])}`).not.toMatch(/SEG-API-(012|013|023)/)
  }
})

it('the documentation describes every address', async () => {
  const page = await readFile(new URL('../../../docs/reference/http-api.md', import.meta.url), 'utf8')

  for (const { method, path } of API_METHODS) expect(page).toContain(`\`${method} ${path}\``)
})
