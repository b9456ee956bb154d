// Workload A for XState.
import { assign, createMachine } from 'xstate'

const guard = ({ context }) => context.count < context.limit
const actions = assign({ count: ({ context }) => context.count + 1 })

/** The machine of `pingpong.scxml`. */
export function machine() {
  return createMachine({
    id: 'pingpong',
    initial: 'ping',
    context: { count: 0, limit: 1_000_000_000 },
    states: {
      ping: { on: { go: { target: 'pong', guard, actions } } },
      pong: { on: { go: { target: 'ping', guard, actions } } },
    },
  })
}
