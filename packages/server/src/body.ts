import type { FastifyInstance } from 'fastify'
import { bodyLimits } from './limits.ts'

/** Reads forms and JSON; both give an object of parameters. Everything else is refused with 415. */
export function readBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, formOf(String(body)))
  })
  for (const type of ['application/json', /^application\/[\w.+-]+\+json/]) {
    server.addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) => {
      const read = jsonOf(String(body))
      if (read.ok) done(null, read.value)
      else done(Object.assign(new Error(read.reason), { statusCode: 400 }))
    })
  }
}

/** Parameters of a form; of a name that comes more than once the last value counts. */
export function formOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(text))
}

type ReadJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string }

/** A JSON object that is not deeper than the limit; no text at all counts as an empty object. */
export function jsonOf(text: string): ReadJson {
  if (text.trim() === '') return { ok: true, value: {} }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { ok: false, reason: `not JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, reason: 'a JSON object with parameters is wanted' }
  }
  if (isTooDeep(value)) return { ok: false, reason: `deeper than ${bodyLimits.maxDepth} levels` }
  return { ok: true, value }
}

/** Whether a value is nested deeper than the limit. Without recursion: it may be as deep as the body is long. */
export function isTooDeep(root: object): boolean {
  let level: object[] = [root]
  for (let depth = 0; depth < bodyLimits.maxDepth && level.length > 0; depth += 1) {
    level = level.flatMap((one) =>
      Object.values(one).filter((member): member is object => typeof member === 'object' && member !== null),
    )
  }
  return level.length > 0
}
