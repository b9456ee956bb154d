import type { Configuration } from '../configuration/configuration.ts'
import { ConfigurationLookupError } from '../errors.ts'

/** Abbreviations of the reference's time zones; each is a place, so daylight saving time is followed. */
const abbreviations: Readonly<Record<string, string>> = {
  GMT: 'Etc/GMT',
  UTC: 'Etc/UTC',
  UCT: 'Etc/UTC',
  Z: 'Etc/UTC',
  WET: 'Europe/Lisbon',
  BST: 'Europe/London',
  IST: 'Asia/Kolkata',
  ECT: 'Europe/Paris',
  CET: 'Europe/Paris',
  CEST: 'Europe/Paris',
  MET: 'Europe/Berlin',
  EET: 'Europe/Athens',
  ART: 'Africa/Cairo',
  EAT: 'Africa/Nairobi',
  CAT: 'Africa/Harare',
  MSK: 'Europe/Moscow',
  NET: 'Asia/Yerevan',
  PLT: 'Asia/Karachi',
  BDT: 'Asia/Dhaka',
  VST: 'Asia/Ho_Chi_Minh',
  CTT: 'Asia/Shanghai',
  JST: 'Asia/Tokyo',
  ACT: 'Australia/Darwin',
  AET: 'Australia/Sydney',
  AEST: 'Australia/Sydney',
  SST: 'Pacific/Guadalcanal',
  NST: 'Pacific/Auckland',
  NZST: 'Pacific/Auckland',
  MIT: 'Pacific/Apia',
  HST: 'Pacific/Honolulu',
  AST: 'America/Halifax',
  AKST: 'America/Anchorage',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  PNT: 'America/Phoenix',
  MST: 'America/Denver',
  MDT: 'America/Denver',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  EST: 'America/New_York',
  EDT: 'America/New_York',
  IET: 'America/Indianapolis',
  PRT: 'America/Puerto_Rico',
  CNT: 'America/St_Johns',
  AGT: 'America/Argentina/Buenos_Aires',
  BET: 'America/Sao_Paulo',
}

/** A moment as the clocks of a zone show it. */
export interface ZoneTime {
  /** `YYYY-MM-DD`. */
  readonly date: string
  /** `HH:MM:SS`, 24 hours. */
  readonly time: string
  /** Sunday = 0. */
  readonly day: number
}

/**
 * IANA zone behind a name: configured zones first, then the reference's abbreviations, then IANA names.
 *
 * Errors: `SEG-CONFIG-007` as `ConfigurationLookupError`.
 */
export function zoneOf(configuration: Configuration, name: string): string {
  const configured = configuration.timeZones.find((zone) => zone.name === name)?.zone
  const zone = resolve(configured ?? name)
  if (zone === undefined) throw new ConfigurationLookupError('SEG-CONFIG-007', { name })
  return zone
}

/** True for abbreviations of the reference and IANA names. */
export function isKnownZone(name: string): boolean {
  return resolve(name) !== undefined
}

/** Date, time and day of the week in a zone. Errors: `SEG-CONFIG-007`. */
export function zoneTime(configuration: Configuration, zone: string, nowMs: number): ZoneTime {
  const parts: Record<string, string> = {}
  for (const part of formatter(zoneOf(configuration, zone)).formatToParts(nowMs)) parts[part.type] = part.value
  const date = `${parts['year']}-${parts['month']}-${parts['day']}`
  return {
    date,
    time: `${parts['hour']}:${parts['minute']}:${parts['second']}`,
    day: new Date(`${date}T00:00:00Z`).getUTCDay(),
  }
}

/** `YYYY-MM-DD` in a zone. Errors: `SEG-CONFIG-007`. */
export function dateInZone(configuration: Configuration, zone: string, nowMs: number): string {
  return zoneTime(configuration, zone, nowMs).date
}

/** `HH:MM:SS` in a zone. Errors: `SEG-CONFIG-007`. */
export function timeInZone(configuration: Configuration, zone: string, nowMs: number): string {
  return zoneTime(configuration, zone, nowMs).time
}

/** Day of the week in a zone, Sunday = 0. Errors: `SEG-CONFIG-007`. */
export function dayInZone(configuration: Configuration, zone: string, nowMs: number): number {
  return zoneTime(configuration, zone, nowMs).day
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/** Making a formatter costs 50 µs, using one 2 µs. Zones that exist are few: the map stays small. */
function formatter(zone: string): Intl.DateTimeFormat {
  let made = formatters.get(zone)
  if (made === undefined) {
    made = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
    formatters.set(zone, made)
  }
  return made
}

function resolve(name: string): string | undefined {
  const upper = name.toUpperCase()
  const zone = Object.hasOwn(abbreviations, upper) ? abbreviations[upper] : name
  if (zone === undefined || zone === '') return undefined
  try {
    formatter(zone)
    return zone
  } catch {
    return undefined
  }
}
