import { decodeValue, encodeValue } from '@segue/scxml'
import type { IncomingEvent, OutgoingMessage } from '@segue/scxml'

/** Type of the Basic HTTP Event I/O Processor. Spec: SCXML 1.0, C.2. */
export const basicHttpProcessor = 'http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor'

/** A POST that carries an event. */
export interface HttpMessage {
  readonly url: string
  readonly body: string
  readonly contentType: string
}

/** A POST as it arrived. */
export interface ReceivedPost {
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const FORM = 'application/x-www-form-urlencoded'
const NAME = '_scxmleventname'

/**
 * Writes a message as a POST: names and params are parameters, content is the body. The event name is a parameter too;
 * beside content, which has the body for itself, it stands in the query.
 *
 * Errors: throws when the target is no address or the data cannot be written as text.
 * Spec: SCXML 1.0, C.2.2.
 */
export function writePost({ data, dataIsContent, event, target }: OutgoingMessage): HttpMessage {
  const url = new URL(target)
  const value = data === undefined ? undefined : decodeValue(data)
  if (dataIsContent === true) {
    if (event !== '') url.searchParams.set(NAME, event)
    return { url: url.href, body: encodeURIComponent(textOf(value)), contentType: FORM }
  }
  const parameters = new URLSearchParams(event === '' ? [] : [[NAME, event]])
  for (const [name, member] of membersOf(value)) {
    for (const one of Array.isArray(member) ? member : [member]) parameters.append(name, textOf(one))
  }
  return { url: url.href, body: parameters.toString(), contentType: FORM }
}

/**
 * Reads a POST as an event: its name from `_scxmleventname`, else from the method; everything else becomes the data.
 *
 * Errors: `undefined` when the message cannot be read.
 * Spec: SCXML 1.0, C.2.1.
 */
export function readPost(post: ReceivedPost): Extract<IncomingEvent, { kind: 'event' }> | undefined {
  const query = new URL(post.path, 'http://localhost').searchParams
  const isForm = (post.headers['content-type'] ?? FORM).startsWith(FORM)
  const hasParameters = isForm && (post.body === '' || /^[^=&]+=/.test(post.body))
  const parameters = hasParameters ? [...query, ...new URLSearchParams(post.body)] : [...query]
  const content = hasParameters ? { ok: true as const, text: undefined } : contentOf(post.body, isForm)
  if (!content.ok) return undefined
  const name = parameters.find(([key]) => key === NAME)?.[1] ?? 'HTTP.POST'
  const data = content.text === undefined ? dataOf(parameters) : jsonOf(content.text)
  const raw = `POST ${post.path} HTTP/1.1\r\n${headerLines(post.headers)}\r\n\r\n${post.body}`
  return {
    kind: 'event',
    name,
    originType: basicHttpProcessor,
    raw,
    ...(data !== undefined && { data: encodeValue(data) }),
  }
}

function dataOf(parameters: readonly (readonly [string, string])[]): unknown {
  const values = new Map<string, string[]>()
  for (const [name, value] of parameters) {
    if (name !== NAME) values.set(name, [...(values.get(name) ?? []), value])
  }
  if (values.size === 0) return undefined
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]))
}

function contentOf(
  body: string,
  isForm: boolean,
): { readonly ok: true; readonly text: string } | { readonly ok: false } {
  if (!isForm) return { ok: true, text: body }
  try {
    return { ok: true, text: decodeURIComponent(body.replaceAll('+', ' ')) }
  } catch {
    return { ok: false }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')
}
