import type { PlannedAction } from '@segue/runtime'
import { isRecord, jsonOf } from './values.ts'

/** Where the values of a fetch go. */
export interface FetchPayload {
  /** Address with the query of get and delete. */
  readonly url: URL
  readonly contentType: string | undefined
  readonly requestBody: string | undefined
}

/** How a body is written. */
export type BodyForm = 'form' | 'json'

const contentTypes: Readonly<Record<BodyForm, string>> = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
}

/**
 * Puts `<content>` or the parameters into the body of post and put, the parameters into the query of get and delete.
 * A parameter without value is empty in query and form, and left out of JSON.
 *
 * Spec: session-and-web §4.1, Decisions.
 */
export function fetchPayload(
  action: PlannedAction,
  base: URL,
  request: { hasBody: boolean; form: BodyForm },
): FetchPayload {
  const url = new URL(base)
  if (!request.hasBody) {
    for (const { name, value } of action.params) url.searchParams.append(name, asText(value))
    return { url, contentType: undefined, requestBody: undefined }
  }
  const requestBody =
    action.content === undefined
      ? written(action.params, request.form)
      : contentText(action.content.value, request.form)
  return { url, contentType: contentTypes[request.form], requestBody }
}

function contentText(value: unknown, form: BodyForm): string {
  if (typeof value === 'string') return value
  if (form === 'form' && isRecord(value))
    return written(
      Object.entries(value).map(([name, member]) => ({ name, value: member })),
      form,
    )
  return asText(value)
}

function written(pairs: PlannedAction['params'], form: BodyForm): string {
  if (form === 'json') {
    const present = pairs.filter(({ value }) => value !== undefined)
    return asText(Object.fromEntries(present.map(({ name, value }) => [name, value])))
  }
  const search = new URLSearchParams()
  for (const { name, value } of pairs) search.append(name, asText(value))
  return search.toString()
}

/** One value as text: objects as JSON, nothing (also what no JSON can hold) as nothing. */
function asText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : (jsonOf(value) ?? '')
}
