import {
  ConfigurationLookupError,
  configOption,
  dateInZone,
  dayInZone,
  isSpecialDay,
  listItemValue,
  timeInZone,
} from '@segue/contact'
import type { Configuration } from '@segue/contact'
import { FunctionError } from '@segue/runtime'
import type { ModuleContext, ModuleFunction } from '@segue/runtime'
import { functionFault, optionalTextArgument, textArgument } from '../function-arguments.ts'
import { configurationOf } from '../replica.ts'
import { booleanOf, numberOf } from '../values.ts'
import type { SessionSlice } from './slice.ts'

const root = 'session'

const getListItemValue: ModuleFunction<SessionSlice> = {
  kind: 'read',
  root,
  name: 'getListItemValue',
  doc: 'Value of a key of a list item, "" when the key is missing; without a key, or with "", the whole item. Throws when the list or the item is missing.',
  call: (args, _slice, context) => listValue('getListItemValue', args, context),
}

const listLookupValue: ModuleFunction<SessionSlice> = {
  kind: 'read',
  root,
  name: 'listLookupValue',
  doc: 'As getListItemValue.',
  call: (args, _slice, context) => listValue('listLookupValue', args, context),
}

const getConfigOption: ModuleFunction<SessionSlice> = {
  kind: 'read',
  root,
  name: 'getConfigOption',
  doc: 'Value of an option (interactionid, option, lookupseq), "" when no level has it.',
  call(args, slice, context) {
    const name = '_genesys.session.getConfigOption'
    const option = textArgument(args, { name, index: 1, argument: 'option' })
    return lookUp(context, (configuration) => {
      // Which switch an interaction is on is not known here; with one switch there is no question.
      const [first, second] = configuration.switches
      const switchName = first !== undefined && second === undefined ? { switchName: first.name } : {}
      return configOption(configuration, { tenant: slice.tenant, ...switchName }, option, numberOf(args[2]))
    })
  },
}

const specialDay: ModuleFunction<SessionSlice> = {
  kind: 'read',
  root,
  name: 'isSpecialDay',
  doc: 'Whether now is a day of a statistical table (statTable, statDay, timeZone, useTime): 1 or 0. An empty day is any day of the table.',
  call(args, _slice, context) {
    const name = '_genesys.session.isSpecialDay'
    const table = textArgument(args, { name, index: 0, argument: 'statTable' })
    const day = optionalTextArgument(args, { name, index: 1, argument: 'statDay' }) ?? ''
    const zone = optionalTextArgument(args, { name, index: 2, argument: 'timeZone' }) ?? ''
    const useTime = booleanOf(args[3]) ?? false
    return lookUp(context, (configuration) =>
      isSpecialDay(configuration, { table, day, zone, useTime }, context.nowMs) ? 1 : 0,
    )
  },
}

/** A function of a time zone. */
function zoneFunction(
  name: string,
  doc: string,
  read: (configuration: Configuration, zone: string, nowMs: number) => string | number,
): ModuleFunction<SessionSlice> {
  return {
    kind: 'read',
    root,
    name,
    doc,
    call(args, _slice, context) {
      const zone = textArgument(args, { name: `_genesys.session.${name}`, index: 0, argument: 'tz' })
      return lookUp(context, (configuration) => read(configuration, zone, context.nowMs))
    },
  }
}

const setTenant: ModuleFunction<SessionSlice> = {
  kind: 'act',
  root,
  name: 'setTenant',
  doc: 'Changes the tenant of the session. Throws when the configuration has no such tenant.',
  call(args, slice, context) {
    const name = '_genesys.session.setTenant'
    const tenant = textArgument(args, { name, index: 0, argument: 'name' })
    const found = configurationOf(context).tenants.find((one) => one.name === tenant)
    if (found === undefined) throw functionFault('SEG-MODULE-010', { name, reason: `there is no tenant "${tenant}"` })
    return { value: undefined, commands: [], slice: { ...slice, tenant: found.name, tenantId: found.id } }
  },
}

/** Functions of `_genesys.session`; they read whole versions of the configuration. Spec: session-and-web §3.5. */
export const sessionFunctions: readonly ModuleFunction<SessionSlice>[] = [
  getListItemValue,
  listLookupValue,
  getConfigOption,
  specialDay,
  zoneFunction('dateInZone', 'Date in a zone, YYYY-MM-DD.', dateInZone),
  zoneFunction('timeInZone', 'Time of day in a zone, HH:MM:SS.', timeInZone),
  zoneFunction('dayInZone', 'Day of the week in a zone, Sunday is 0.', dayInZone),
  setTenant,
]

function listValue(called: string, args: readonly unknown[], context: ModuleContext): unknown {
  const name = `_genesys.session.${called}`
  const list = textArgument(args, { name, index: 0, argument: 'list' })
  const item = textArgument(args, { name, index: 1, argument: 'item' })
  const key = optionalTextArgument(args, { name, index: 2, argument: 'key' })
  return lookUp(context, (configuration) => listItemValue(configuration, list, item, key))
}

/** Asks the configuration; what it does not have becomes an error inside the script. */
function lookUp<T>(context: ModuleContext, ask: (configuration: Configuration) => T): T {
  try {
    return ask(configurationOf(context))
  } catch (error) {
    if (error instanceof ConfigurationLookupError) throw new FunctionError(error.message)
    throw error
  }
}
