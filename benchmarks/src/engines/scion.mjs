// SCION: the SCXML documents themselves, compiled by the package.
import { createRequire } from 'node:module'
import { packageVersion } from '../package-version.mjs'

/** @param {'scion'} name */
export function scion(name) {
  return {
    name,
    label: 'SCION',
    version: packageVersion('@scion-scxml/scxml'),
    // Data are global names of the prepared model: to have its own, a session would need a preparation of its own.
    options: `defaults; core ${packageVersion('@scion-scxml/core')}; sessions of one prepared model share their data`,
    async open({ text, url }, round) {
      const { core, documentStringToModel } = createRequire(import.meta.url)('@scion-scxml/scxml')
      const model = await called((done) => documentStringToModel(url, text, done))
      const prepared = await called((done) => model.prepare(done))
      const events = round.map((driven) => ({ name: driven.name, data: driven.data }))
      return {
        create() {
          const session = new core.Statechart(prepared)
          session.start()
          return session
        },
        send: (session, index) => {
          session.gen(events[index])
        },
        atomicStates: (session) => session.getConfiguration(),
        countOf: (session) => session.getSnapshot()[3].count,
        sharesData: true,
        snapshotText: (session) => JSON.stringify(session.getSnapshot()),
      }
    },
  }
}

function called(work) {
  return new Promise((resolve, reject) => work((error, value) => (error ? reject(error) : resolve(value))))
}
