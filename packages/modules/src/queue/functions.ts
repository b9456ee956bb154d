import type { RoutingTuning } from '@segue/contact'
import type { ActResult, ModuleFunction } from '@segue/runtime'
import { numberArgument, textArgument, wrongArgument } from '../function-arguments.ts'
import { toDomain } from '../messages.ts'
import { booleanOf } from '../values.ts'
import type { QueueSlice } from './slice.ts'

const root = 'queue'

const excludeAgents: ModuleFunction<QueueSlice> = {
  kind: 'act',
  root,
  name: 'excludeAgents',
  doc: 'Never routes to these agents (employee ids with commas between them) until it is called again; gives the previous list.',
  call(args, slice) {
    const text = textArgument(args, { name: '_genesys.queue.excludeAgents', index: 0, argument: 'agents' })
    const excludedAgents = text
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== '')
    return tuned(slice, { excludedAgents }, (slice.tuning.excludedAgents ?? []).join(','))
  },
}

const priorityTuning: ModuleFunction<QueueSlice> = {
  kind: 'act',
  root,
  name: 'priorityTuning',
  doc: 'Order among equal priorities: by age (useAge), by predicted answer (usePredict), scaled by service objective (useObjective).',
  call(args, slice) {
    const flag = (index: number, argument: string): boolean => {
      const given = args[index]
      if (given === undefined || given === null) return false
      const read = booleanOf(given)
      if (read === undefined)
        throw wrongArgument(given, { name: '_genesys.queue.priorityTuning', index, argument }, 'true or false')
      return read
    }
    const ordering = {
      useAge: flag(0, 'useAge'),
      usePredict: flag(1, 'usePredict'),
      useObjective: flag(2, 'useObjective'),
    }
    return tuned(slice, { ordering })
  },
}

const incrementPriority: ModuleFunction<QueueSlice> = {
  kind: 'act',
  root,
  name: 'incrementPriority',
  doc: 'Ageing: adds an increment to the priority at every interval (seconds) of waiting.',
  call(args, slice) {
    const name = '_genesys.queue.incrementPriority'
    const by = numberArgument(args, { name, index: 0, argument: 'increment' })
    const everyS = numberArgument(args, { name, index: 1, argument: 'interval' })
    if (everyS <= 0) throw wrongArgument(everyS, { name, index: 1, argument: 'interval' }, 'a number above 0')
    return tuned(slice, { priorityIncrement: { by, everyS } })
  },
}

const priorityLimits: ModuleFunction<QueueSlice> = {
  kind: 'act',
  root,
  name: 'priorityLimits',
  doc: 'Lowest and highest priority that ageing can reach.',
  call(args, slice) {
    const name = '_genesys.queue.priorityLimits'
    const lower = numberArgument(args, { name, index: 0, argument: 'lower' })
    const upper = numberArgument(args, { name, index: 1, argument: 'upper' })
    if (upper < lower) throw wrongArgument(upper, { name, index: 1, argument: 'upper' }, `not below ${lower}`)
    return tuned(slice, { priorityLimits: { lower, upper } })
  },
}

const setInteractionAge: ModuleFunction<QueueSlice> = {
  kind: 'act',
  root,
  name: 'setInteractionAge',
  doc: 'Age of the interaction in seconds, as order and "callage()" count it from now on.',
  call(args, slice, context) {
    const name = '_genesys.queue.setInteractionAge'
    const ageS = numberArgument(args, { name, index: 0, argument: 'age' })
    if (ageS < 0) throw wrongArgument(ageS, { name, index: 0, argument: 'age' }, 'a number that is not negative')
    return tuned(slice, { interactionBegunAtEpochMs: context.nowMs - Math.round(ageS * 1000) })
  },
}

const setIdealAgent: ModuleFunction<QueueSlice> = {
  kind: 'act',
  root,
  name: 'setIdealAgent',
  doc: 'Prefers agents that fit a skill expression best.',
  call(args, slice) {
    const idealAgent = textArgument(args, { name: '_genesys.queue.setIdealAgent', index: 0, argument: 'expression' })
    return tuned(slice, { idealAgent })
  },
}

/** Functions of `_genesys.queue`: each changes the waiting requests of the session and all later ones. Spec: queue §12. */
export const queueFunctions: readonly ModuleFunction<QueueSlice>[] = [
  excludeAgents,
  priorityTuning,
  incrementPriority,
  priorityLimits,
  setInteractionAge,
  setIdealAgent,
]

function tuned(slice: QueueSlice, tuning: RoutingTuning, value?: string): ActResult<QueueSlice> {
  const { sessionId, tenant } = slice
  return {
    value,
    commands: [toDomain(tenant, 'once', { kind: 'tune', replyKey: '', sessionId, requestId: undefined, tuning })],
    slice: { ...slice, tuning: { ...slice.tuning, ...tuning } },
  }
}
