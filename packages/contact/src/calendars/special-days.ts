import type { Configuration } from '../configuration/configuration.ts'
import { ConfigurationLookupError } from '../errors.ts'
import { zoneTime } from './zones.ts'

/** Which day is asked about. */
export interface SpecialDayQuestion {
  readonly table: string
  /** Name of a day of the table; `''`: any. */
  readonly day: string
  /** Name of a zone; `''`: UTC. */
  readonly zone: string
  /** True: the time of day counts as well. */
  readonly useTime: boolean
}

/**
 * Whether now is a special day of a statistical day table. A day without a year comes every year.
 *
 * Errors: `SEG-CONFIG-007`, `SEG-CONFIG-012` as `ConfigurationLookupError`.
 * Spec: session-and-web §3.5.
 */
export function isSpecialDay(configuration: Configuration, question: SpecialDayQuestion, nowMs: number): boolean {
  const { table, day, zone, useTime } = question
  const found = configuration.dayTables.find((candidate) => candidate.name === table)
  if (found === undefined) throw new ConfigurationLookupError('SEG-CONFIG-012', { table })
  const now = zoneTime(configuration, zone === '' ? 'UTC' : zone, nowMs)
  return found.days.some((special) => {
    if (day !== '' && special.name !== day) return false
    if (special.date !== now.date && special.date !== now.date.slice(5)) return false
    if (!useTime) return true
    return (special.from ?? '00:00') <= now.time && now.time < (special.to ?? '24:00')
  })
}
