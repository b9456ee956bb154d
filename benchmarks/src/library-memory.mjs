// What a large library costs: once for the application, and for each idle session.
import { createApplication, createSession, load, start } from '@segue/scxml'
import { contextRealm } from '@segue/runtime'
import { host } from './evaluations.mjs'
import { generatedLibrary, xmlText } from './generated-library.mjs'

/** @param {{ sizeBytes: number, functions: number, sessions: number }} options */
export async function libraryMemory({ sizeBytes, functions, sessions }) {
  const applicationOf = async (library) => {
    const text = pageOf(library)
    const url = 'bench:library'
    const { chart } = await load(url, {
      resolve: () => Promise.resolve({ found: true, source: { url, text } }),
      modules: [],
    })
    if (chart === undefined) throw new Error('the page of the benchmark has errors')
    return createApplication(chart, contextRealm())
  }
  const sessionOf = (application, index) => {
    const session = createSession(application, { sessionId: `bench-${index}`, parameters: {}, ioProcessors: '{}' })
    start(session, { nowMs: 1_700_000_000_000, seed: 7, trace: 'off' }, host)
    return session
  }
  const library = generatedLibrary({ sizeBytes, functions })
  // What the engine itself needs once is not the library's.
  const small = await applicationOf('')
  sessionOf(small, 0)
  const empty = settledHeap()
  const application = await applicationOf(library)
  sessionOf(application, 0)
  const loaded = settledHeap()
  const with700 = bytesEach(application, sessions, sessionOf)
  const without = bytesEach(small, sessions, sessionOf)
  return {
    libraryBytes: library.length,
    functions,
    applicationBytes: loaded - empty,
    sessionBytes: with700,
    sessionBytesWithoutLibrary: without,
  }
}

function bytesEach(application, sessions, sessionOf) {
  for (let i = 0; i < 200; i += 1) sessionOf(application, i)
  const held = Array.from({ length: sessions }).fill(undefined)
  const before = settledHeap()
  for (let i = 0; i < sessions; i += 1) held[i] = sessionOf(application, i)
  const bytes = (settledHeap() - before) / sessions
  if (held.some((session) => !session.isRunning)) throw new Error('a session has ended')
  return bytes
}

function pageOf(library) {
  return `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" name="library" profile="ecmascript">
  <datamodel>
    <data id="count" expr="0"/>
    <data id="customer" expr="{ name: 'Ada', number: '+15550100', isKnown: true }"/>
  </datamodel>
  <script>${xmlText(library)}</script>
  <state id="only"><transition event="go"><assign location="_data.count" expr="_data.count + 1"/></transition></state>
</scxml>`
}

function settledHeap() {
  for (let i = 0; i < 4; i += 1) globalThis.gc()
  return process.memoryUsage().heapUsed
}
