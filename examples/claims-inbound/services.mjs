// SPDX-License-Identifier: Apache-2.0
// The web services that the claims line asks, for trying it out: node examples/claims-inbound/services.mjs [--port 8790]
// Customers are made up from the phone number; numbers that end in 9 are unknown, and those in 8 make the service fail.
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { port: { type: 'string', default: '8790' } } })
const names = ['Ida Mol', 'Jon Petit', 'Kaya Braun', 'Leo Sund', 'Mia Okafor']

const answers = {
  '/customers/find': (body) => {
    const phone = new URLSearchParams(body).get('phone') ?? ''
    const last = Number(phone.slice(-1))
    if (last === 8) return [500, { error: 'the customer database is away' }]
    if (last === 9) return [404, { error: 'no such customer' }]
    const name = names[last % names.length]
    return [200, { customer: { id: `C-${phone.slice(-4)}`, name, segment: 'standard' }, token: `token-${last}` }]
  },
  '/claims/search': (body) => {
    const { customer } = JSON.parse(body)
    return [200, { claims: [{ number: `CL-${customer.slice(2)}-2` }, { number: `CL-${customer.slice(2)}-1` }] }]
  },
  '/notes': (body) => [200, { ok: true, note: JSON.parse(body) }],
  '/survey': (body) => [200, { ok: true, answer: JSON.parse(body) }],
}

createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  let body = ''
  for await (const chunk of request) body += chunk
  let answer = [404, { error: `there is no ${pathname}` }]
  try {
    answer = answers[pathname]?.(body) ?? answer
  } catch (error) {
    answer = [400, { error: String(error) }]
  }
  const [status, content] = answer
  console.log(`${status} ${pathname} ${body}`)
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
}).listen(Number(values.port), '127.0.0.1', () => console.log(`claims services on http://127.0.0.1:${values.port}`))
