import type { FastifyRequest } from 'fastify'

/**
 * Parameters of a request: query first, then the body (form or JSON object), which wins.
 *
 * Spec: external-interfaces §1.1 "accept both".
 */
export function parametersOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  return { ...objectOf(request.query), ...objectOf(request.body) }
}

/** A plain object, or nothing. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** A text parameter; `undefined` when it is absent or no text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' ? String(value) : undefined
}

/** A path parameter. */
export function pathParameter(request: FastifyRequest, name: string): string {
  return textOf(objectOf(request.params)[name]) ?? ''
}

/** Which part of a list is wanted: `limit` (never above `maxPage`) and the id that it begins after. */
export function pageOf(
  request: FastifyRequest,
  maxPage: number,
): { readonly running: boolean; readonly limit: number; readonly after?: string } {
  const query = objectOf(request.query)
  const after = textOf(query['after'])
  const limit = Math.floor(Number(query['limit'] ?? maxPage))
  return {
    running: query['ended'] !== 'true',
    limit: limit >= 1 ? Math.min(limit, maxPage) : maxPage,
    ...(after === undefined ? {} : { after }),
  }
}
