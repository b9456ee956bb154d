import { z } from 'zod'
import { parseDuration } from './duration.ts'
import { isInstant } from './instant.ts'

/** A word or number that is taken as text. */
export const text = z.union([z.string().max(100_000), z.number()]).transform(String)

/** One text or a list of them. */
export const names = z.union([text.transform((one) => [one]), z.array(text).max(10_000)])

/** How long something takes; milliseconds after reading. */
export const durationText = z.union([z.string().max(100), z.number()]).transform((written, context) => {
  const ms = parseDuration(String(written))
  if (ms !== undefined) return ms
  context.addIssue({ code: 'custom', message: 'expected a time such as "3s", "1 minute 30 seconds" or "500 ms"' })
  return z.NEVER
})

/** A point in time, checked when it is read. */
export const instantText = z.string().max(100).refine(isInstant, {
  message: 'expected a point in time such as "2024-01-17T12:00:00Z" or "2024-01-17T12:00"',
})

/** Attached data: texts, numbers and lists of these by key. */
export const userData = z.record(z.string(), z.unknown())
