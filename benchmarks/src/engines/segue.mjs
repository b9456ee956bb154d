// Segue in two settings: as a program that embeds the package gets it, and as `segue serve` runs it.
import { createApplication, createSession, activeStates, load, sameRealm, snapshot, start, step } from '@segue/scxml'
import { contextRealm } from '@segue/runtime'
import { packageVersion } from '../package-version.mjs'

const settings = {
  'segue-embedded': {
    label: 'Segue, embedded',
    options: 'realm of the caller, fuel on, no trace, event data given as JSON text',
    realm: sameRealm,
    trace: 'off',
    copiesData: false,
  },
  'segue-served': {
    label: 'Segue, as served',
    options: 'hardened context realm, fuel on, trace "outcome", event data encoded and copied in for each event',
    realm: contextRealm,
    trace: 'outcome',
    copiesData: true,
  },
}

/** What the engine asks of its surroundings; the workloads have no modules. */
const host = {
  modules: [],
  documentUrl: 'bench:document',
  view: () => '{}',
  viewVersion: () => 1,
  call: () => ({ ok: false, message: 'no module is here' }),
  act: () => undefined,
}

const nobody = {
  ...host,
  isActive: () => false,
  activeStates: () => [],
  log: () => undefined,
  raise: () => undefined,
  ioProcessors: () => '{}',
}

/** Reads a datum from a copy of the session, as an inspection of the runtime does. */
function datumOf({ chart, program }, session, id) {
  const identity = { sessionId: 'inspection', name: chart.origin.name ?? '' }
  program.enter(program.createScope(), identity, { nowMs: 0, seed: 0 }, nobody)
  try {
    return program.load(snapshot(session).scope).data[id]
  } finally {
    program.leave()
  }
}

/** @param {'segue-embedded' | 'segue-served'} name */
export function segue(name) {
  const { label, options, realm, trace, copiesData } = settings[name]
  return {
    name,
    label,
    version: packageVersion('@segue/scxml'),
    options,
    async open({ text, url }, round) {
      const { chart, diagnostics } = await load(url, {
        resolve: () => Promise.resolve({ found: true, source: { url, text } }),
        modules: [],
      })
      if (chart === undefined) throw new Error(diagnostics.map(({ message }) => message).join('; '))
      const application = createApplication(chart, realm())
      const events = round.map((driven) => ({
        kind: 'event',
        name: driven.name,
        ...(driven.data !== undefined && { data: JSON.stringify(driven.data) }),
      }))
      const dataOf = round.map(({ data }) => data)
      let count = 0
      const input = () => ({ nowMs: 1_700_000_000_000, seed: 7, trace })
      return {
        create() {
          count += 1
          const session = createSession(application, {
            sessionId: `bench-${count}`,
            parameters: {},
            ioProcessors: '{}',
          })
          start(session, input(), host)
          return session
        },
        send: copiesData
          ? (session, index) => {
              const data = dataOf[index]
              const event =
                data === undefined
                  ? { kind: 'event', name: round[index].name }
                  : { kind: 'event', name: round[index].name, data: JSON.stringify(data) }
              step(session, event, input(), host)
            }
          : (session, index) => {
              step(session, events[index], input(), host)
            },
        atomicStates: (session) =>
          activeStates(session).filter((id) => chart.states[chart.indexOf.get(id)].children.length === 0),
        countOf: (session) => datumOf(application, session, 'count'),
        snapshotText: (session) => JSON.stringify(snapshot(session)),
      }
    },
  }
}
