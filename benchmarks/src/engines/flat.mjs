// Engines for flat machines: they can do workload A only.
import { packageVersion } from '../package-version.mjs'

const limit = 1_000_000_000
const isBelowLimit = ({ count }) => count < limit

/** robot3 */
export function robot() {
  return {
    name: 'robot3',
    label: 'robot3 (flat)',
    version: packageVersion('robot3'),
    options: 'machine by hand; flat, no parallel states',
    async open(_document, round) {
      const { createMachine, guard, interpret, reduce, state, transition } = await import('robot3')
      const move = (target) =>
        transition(
          'go',
          target,
          guard(isBelowLimit),
          reduce((context) => ({ ...context, count: context.count + 1 })),
        )
      const machine = createMachine({ ping: state(move('pong')), pong: state(move('ping')) }, () => ({ count: 0 }))
      return {
        create: () => interpret(machine, () => undefined),
        send: (session, index) => {
          session.send(round[index].name)
        },
        atomicStates: (session) => [session.machine.current],
        countOf: (session) => session.context.count,
      }
    },
  }
}

/** @xstate/fsm */
export function fsm() {
  return {
    name: 'xstate-fsm',
    label: '@xstate/fsm (flat)',
    version: packageVersion('@xstate/fsm'),
    options: 'machine by hand; flat, no parallel states',
    async open(_document, round) {
      const { assign, createMachine, interpret } = await import('@xstate/fsm')
      const actions = assign({ count: ({ count }) => count + 1 })
      const machine = createMachine({
        id: 'pingpong',
        initial: 'ping',
        context: { count: 0 },
        states: {
          ping: { on: { go: { target: 'pong', cond: isBelowLimit, actions } } },
          pong: { on: { go: { target: 'ping', cond: isBelowLimit, actions } } },
        },
      })
      return {
        create: () => interpret(machine).start(),
        send: (session, index) => {
          session.send(round[index].name)
        },
        atomicStates: (session) => [session.state.value],
        countOf: (session) => session.state.context.count,
      }
    },
  }
}
