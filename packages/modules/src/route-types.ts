import type { AttributeReader } from './attribute-reader.ts'
import { numberOf, shown } from './values.ts'

/** `_genesys.queue.rType`, also the `type` of `redirect`. The number of the last one is not documented. Spec: queue §11. */
export const routeTypes = {
  RouteTypeUnknown: 0,
  RouteTypeDefault: 1,
  RouteTypeLabel: 2,
  RouteTypeOverwriteDNIS: 3,
  RouteTypeDDD: 4,
  RouteTypeIDDD: 5,
  RouteTypeDirect: 6,
  RouteTypeReject: 7,
  RouteTypeAnnouncement: 8,
  RouteTypePostFeature: 9,
  RouteTypeDirectAgent: 10,
  RouteTypeGetFromDN: 11,
} as const satisfies Readonly<Record<string, number>>

/** `overwriteType` of the roots `queue` and `voice`: where a reported number comes from. Spec: queue §11. */
export const overwriteTypes = { UseNone: 0, UseDNIS: 1, UseANI: 2, UseConfig: 3 } as const

/** A route type: a member of the enumeration by number or by name; absent is `RouteTypeUnknown`. */
export function routeTypeOf(read: AttributeReader, attribute: string): number {
  const value = read.value(attribute)
  if (value === undefined || value === '') return routeTypes.RouteTypeUnknown
  const number = numberOf(value) ?? new Map<unknown, number>(Object.entries(routeTypes)).get(value)
  if (number !== undefined && Number.isInteger(number) && number >= 0) return number
  read.note('SEG-MODULE-002', { attribute, value: shown(value), expected: 'a member of "_genesys.queue.rType"' })
  return routeTypes.RouteTypeUnknown
}
