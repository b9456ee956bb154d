// Workload B for XState.
import { assign, createMachine, raise, stateIn } from 'xstate'

/** Adds one to a member of `stats`. */
function counts(name) {
  return assign({ stats: ({ context }) => ({ ...context.stats, [name]: context.stats[name] + 1 }) })
}

const wrapupDone = assign(({ context: { stats } }) =>
  stats.holds > 1_000_000 ? { stats: { ...stats, holds: 0 } } : { stats: { ...stats, rounds: stats.rounds + 1 } },
)

/** The machine of `contact.scxml`. */
export function machine() {
  return createMachine({
    id: 'contact',
    type: 'parallel',
    context: () => ({
      contact: { id: 'c-0001', skill: 'billing', priority: 5, tags: ['vip', 'retry'] },
      agent: null,
      stats: { rounds: 0, holds: 0, digits: 0, offers: 0, drops: 0 },
      log: [],
    }),
    states: {
      call: {
        initial: 'idle',
        states: {
          idle: {
            on: {
              'call.arrive': {
                target: 'ringing',
                actions: assign({
                  contact: ({ context, event }) => ({ ...context.contact, priority: event.data.priority }),
                }),
              },
            },
          },
          ringing: { on: { 'call.connect': 'active', hangup: 'wrapup' } },
          active: {
            initial: 'talking',
            entry: raise({ type: 'media.up' }),
            exit: raise({ type: 'media.down' }),
            states: {
              lastActive: { type: 'history', history: 'deep', target: 'talking' },
              talking: {
                on: {
                  hold: 'onhold',
                  consult: {
                    target: 'consulting',
                    guard: ({ context }) => context.agent !== null && context.stats.holds >= 0,
                  },
                },
              },
              onhold: { entry: counts('holds'), on: { resume: 'talking' } },
              consulting: { on: { 'transfer.fail': 'talking', 'transfer.done': '#contact.call.wrapup' } },
            },
            on: {
              dtmf: { actions: counts('digits') },
              'network.lost': { target: 'dropped', actions: counts('drops') },
              hangup: 'wrapup',
            },
          },
          dropped: { on: { 'network.back': 'active.lastActive', hangup: 'wrapup' } },
          wrapup: {
            entry: raise({ type: 'call.ended' }),
            on: { 'wrapup.done': { target: 'idle', actions: wrapupDone } },
          },
        },
      },
      routing: {
        initial: 'unassigned',
        states: {
          unassigned: { on: { 'call.arrive': 'queued' } },
          queued: {
            on: {
              'agent.available': {
                target: 'offering',
                guard: ({ context, event }) =>
                  event.data.skills.indexOf(context.contact.skill) >= 0 && event.data.level >= context.contact.priority,
                actions: assign({ agent: ({ event }) => event.data.agent }),
              },
            },
          },
          offering: {
            entry: counts('offers'),
            on: {
              'offer.accept': {
                target: 'assigned',
                guard: ({ context, event }) => event.data.agent === context.agent,
                actions: raise({ type: 'call.connect' }),
              },
              'offer.reject': 'queued',
            },
          },
          assigned: { on: { 'call.ended': { target: 'unassigned', actions: assign({ agent: null }) } } },
        },
      },
      recording: {
        initial: 'off',
        states: {
          off: { on: { 'media.up': { target: 'on', guard: stateIn({ routing: 'assigned' }) } } },
          on: { on: { hold: 'paused', 'media.down': 'off' } },
          paused: { on: { resume: 'on', 'media.down': 'off' } },
        },
      },
      supervision: {
        initial: 'none',
        states: {
          none: { on: { 'sup.monitor': { target: 'monitoring', guard: stateIn({ call: 'active' }) } } },
          monitoring: { on: { 'sup.leave': 'none', 'call.ended': 'none' } },
        },
      },
    },
  })
}
