import type { Plan, PlannedAction } from '@segue/runtime'
import { readAttributes } from '../attribute-reader.ts'
import type { AttributeReader } from '../attribute-reader.ts'
import { fault } from '../errors.ts'
import { refused } from '../refusal.ts'
import { parseUrl, shown } from '../values.ts'
import { fetchPayload } from '../fetch-body.ts'
import type { BodyForm } from '../fetch-body.ts'
import { fetchHeaders } from '../fetch-headers.ts'
import type { SessionSlice } from './slice.ts'

const methods = ['get', 'post', 'put', 'delete'] as const

/**
 * Plans `fetch`: a command `http.fetch` with everything that the request needs.
 * Errors: `invalidparams` for values that cannot be sent, `unsupported` for services behind other protocols.
 * Spec: session-and-web §4.1, Decisions.
 */
export function planFetch(action: PlannedAction, slice: SessionSlice): Plan<SessionSlice> {
  const read = readAttributes(action)
  const base = address(read, slice)
  const method = (read.text('method') || 'get').trim().toLowerCase()
  if (method === 'esp' || method === 'urs') {
    const other = { what: `method "${method}"`, element: action.element, advice: 'use an HTTP service' }
    return refused(action, { domain: 'session', error: 'unsupported', fault: fault('SEG-MODULE-005', other) })
  }
  const known = methods.find((one) => one === method)
  if (known === undefined)
    read.note('SEG-MODULE-002', { attribute: 'method', value: shown(method), expected: methods.join(', ') })
  if (read.value('namelist') !== undefined)
    read.note('SEG-MODULE-005', { what: '"namelist" of a message', advice: 'send the values themselves' })
  if (action.params.length > 0 && action.content !== undefined)
    read.note('SEG-MODULE-007', { element: 'content', advice: 'use either "param" or "content"' })
  const headers = fetchHeaders(read)
  const form = bodyForm(read)
  const guaranteed = read.flag('gdelivery', false)
  const facts = {
    expectType: read.text('type') || 'application/json',
    timeoutS: read.seconds('timeout') || undefined,
    guaranteed,
    retries: guaranteed ? Math.max(0, Math.trunc(read.number('gd_retries') ?? 1)) : 0,
    retryIntervalS: read.seconds('gd_retry_interval') ?? 0,
    maxAgeS: read.seconds('maxage'),
    maxStaleS: read.seconds('maxstale') ?? 0,
  }
  if (read.problem !== undefined || known === undefined || base === undefined) {
    const problem = read.problem ?? fault('SEG-MODULE-001', { element: action.element, attribute: 'srcexpr' })
    return refused(action, { domain: 'session', error: 'invalidparams', fault: problem })
  }

  const { url, contentType, requestBody } = fetchPayload(action, base, {
    hasBody: known === 'post' || known === 'put',
    form,
  })
  const authorization = credentials(url)
  if (authorization !== undefined && !Object.keys(headers).some((name) => name.toLowerCase() === 'authorization'))
    headers['authorization'] = authorization
  const body = {
    requestId: action.requestId,
    url: url.href,
    method: known.toUpperCase(),
    headers,
    contentType,
    requestBody,
    ...facts,
  }
  return { kind: 'planned', commands: [{ type: 'http.fetch', mode: 'open', body }] }
}

/** An absolute address, from that of the document when it is relative. */
function address(read: AttributeReader, slice: SessionSlice): URL | undefined {
  const text = read.requiredText('srcexpr').trim()
  const url = parseUrl(text, slice.documentUrl)
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  read.note('SEG-MODULE-002', { attribute: 'srcexpr', value: shown(text), expected: 'an http or https address' })
  return undefined
}

function bodyForm(read: AttributeReader): BodyForm {
  const written = (read.text('enctype') || 'application/x-www-form-urlencoded').split(';')[0]?.trim().toLowerCase()
  if (written === 'application/x-www-form-urlencoded') return 'form'
  if (written === 'application/json') return 'json'
  read.note('SEG-MODULE-002', {
    attribute: 'enctype',
    value: shown(written),
    expected: 'application/json or application/x-www-form-urlencoded',
  })
  return 'form'
}

/** Takes user and password out of an address: HTTP clients refuse them there. */
function credentials(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined
  const pair = new TextEncoder().encode(`${decoded(url.username)}:${decoded(url.password)}`)
  url.username = ''
  url.password = ''
  return `Basic ${btoa(String.fromCharCode(...pair))}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
