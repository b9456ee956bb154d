import { clearBit, membersOf } from '../compile/bits.ts'
import type { Chart, ChartState } from '../compile/chart.ts'
import type { Configuration, ExitPlan, MicrostepPlan } from '../compile/configuration.ts'
import { cancelInvokes } from './cancel-invoke.ts'
import { computeExitSet } from './compute-exit-set.ts'
import { executeBlocks } from './execute-content.ts'
import type { Macrostep } from './macrostep.ts'

/**
 * Leaves the states that the transitions of the plan leave: stores histories, runs `onexit`, cancels invocations.
 *
 * Order: exit order (children before parents, later siblings first).
 * Spec: SCXML 1.0, appendix D, exitStates.
 */
export function exitStates(macrostep: Macrostep, plan: MicrostepPlan): ExitPlan {
  const exit = plan.exit ?? planExit(macrostep, plan)
  const { session } = macrostep
  if (macrostep.statesToInvoke !== undefined && exit.states.length > 0) {
    const left = exit.states
    macrostep.statesToInvoke = macrostep.statesToInvoke.filter((index) => !left.some((state) => state.index === index))
  }
  for (const { history, states } of exit.histories) {
    session.history ??= new Map()
    session.history.set(history, states)
  }
  for (const state of exit.states) {
    if (macrostep.breach !== undefined) return exit
    macrostep.record(state.exitRecord)
    executeBlocks(macrostep, state.onexit)
    if (session.invokes !== undefined) cancelInvokes(macrostep, state)
    clearBit(macrostep.active, state.index)
  }
  return exit
}

function planExit(macrostep: Macrostep, plan: MicrostepPlan): ExitPlan {
  const { chart, session } = macrostep
  const exitSet = computeExitSet(chart, session.configuration.bits, plan.transitions, session.history)
  const states = inExitOrder(chart, membersOf(exitSet))
  const exit: ExitPlan = { states, histories: historiesOf(chart, session.configuration, states) }
  if (!plan.transitions.some(({ hasHistoryTarget }) => hasHistoryTarget)) plan.exit = exit
  return exit
}

/** States by index, children before parents and later siblings first. */
export function inExitOrder(chart: Chart, indexes: readonly number[]): readonly ChartState[] {
  return indexes.flatMap((index) => chart.states[index] ?? []).reverse()
}

function historiesOf(chart: Chart, configuration: Configuration, states: readonly ChartState[]): ExitPlan['histories'] {
  return states.flatMap((state) =>
    state.histories.map((history) => {
      const isDeep = chart.states[history]?.historyType === 'deep'
      const kept = configuration.states.filter((active) =>
        isDeep
          ? active.children.length === 0 && active.ancestorList.includes(state.index)
          : active.parent === state.index,
      )
      return { history, states: kept.map(({ index }) => index) }
    }),
  )
}
