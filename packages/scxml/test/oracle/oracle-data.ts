import type { Condition, Value } from './chart-model.ts'

/** An event as scripts of the oracle see it. */
export interface OracleEvent {
  readonly name: string
  readonly type: 'external' | 'internal' | 'platform'
  /** Absent: the event has no data. */
  readonly data?: { readonly v: unknown }
}

/** What a value or condition can look at. */
export interface Surroundings {
  readonly variables: ReadonlyMap<string, unknown>
  readonly event: OracleEvent | undefined
  isActive(stateId: string): boolean
}

/** A failing expression: becomes an error event. */
export class OracleError extends Error {}

/** Errors: throws `OracleError`. */
export function valueOf(value: Value, { event, variables }: Surroundings): unknown {
  switch (value.kind) {
    case 'number':
      return value.number
    case 'sum':
      return sum(variables.get(value.name), value.add)
    case 'payload':
      if (event?.data === undefined) throw new OracleError('no data')
      return event.data.v
    case 'eventName':
      if (event === undefined) throw new OracleError('no event')
      return event.name
    case 'failing':
      throw new OracleError('not declared')
  }
}

/** Errors: throws `OracleError`. */
export function holds(condition: Condition, surroundings: Surroundings): boolean {
  switch (condition.kind) {
    case 'less': {
      const value = surroundings.variables.get(condition.name)
      return typeof value === 'number' && value < condition.than
    }
    case 'in':
      return surroundings.isActive(condition.state) !== condition.isNot
    case 'failing':
      throw new OracleError('not declared')
  }
}

/** As the language of the documents adds: nothing and a number is no number. */
export function sum(value: unknown, add: number): unknown {
  if (typeof value === 'string') return `${value}${add}`
  return typeof value === 'number' ? value + add : Number.NaN
}
