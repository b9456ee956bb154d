// XState: machines written by hand to do what the SCXML documents do.
import { packageVersion } from '../package-version.mjs'

/** @param {'xstate' | 'xstate-pure'} name */
export function xstate(name) {
  const isPure = name === 'xstate-pure'
  return {
    name,
    label: isPure ? 'XState, `transition()`' : 'XState, actor',
    version: packageVersion('xstate'),
    options: `NODE_ENV=${process.env.NODE_ENV}, machines by hand in src/machines`,
    async open({ machine }, round) {
      const { createActor, initialTransition, transition } = await import('xstate')
      const logic = await machineOf(machine)
      const events = round.map((driven) => ({ type: driven.name, data: driven.data }))
      const atomicStates = (snapshot) => snapshot._nodes.filter(({ type }) => type === 'atomic').map(({ key }) => key)
      if (isPure) {
        return {
          create: () => ({ snapshot: initialTransition(logic)[0] }),
          send: (session, index) => {
            session.snapshot = transition(logic, session.snapshot, events[index])[0]
          },
          atomicStates: (session) => atomicStates(session.snapshot),
          countOf: (session) => session.snapshot.context.count,
          snapshotText: (session) => JSON.stringify(session.snapshot),
        }
      }
      return {
        create: () => createActor(logic).start(),
        send: (session, index) => {
          session.send(events[index])
        },
        atomicStates: (session) => atomicStates(session.getSnapshot()),
        countOf: (session) => session.getSnapshot().context.count,
        snapshotText: (session) => JSON.stringify(session.getPersistedSnapshot()),
      }
    },
  }
}

async function machineOf(name) {
  const module =
    name === 'contact' ? import('../machines/xstate-contact.mjs') : import('../machines/xstate-pingpong.mjs')
  return (await module).machine()
}
