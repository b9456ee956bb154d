// Processor time of the first session of an application with a large library, while many applications are loaded.
import { createApplication, createSession, load, start, step } from '@segue/scxml'
import { contextRealm } from '@segue/runtime'
import { host } from './evaluations.mjs'
import { generatedLibrary, xmlText } from './generated-library.mjs'
import { summary } from './statistics.mjs'

/** @param {{ sizeBytes: number, functions: number, applications: number }} options */
export async function firstSession({ sizeBytes, functions, applications }) {
  const compiled = []
  for (let index = 0; index < applications; index += 1) {
    const url = `bench:application-${index}`
    const library = generatedLibrary({ sizeBytes, functions })
    // No two applications have the same text, so that nothing is found in a cache of the virtual machine.
    const text = pageOf(`var application = ${index};\n${library.replaceAll('library', `app${index}_`)}`)
    const from = performance.now()
    const resolve = () => Promise.resolve({ found: true, source: { url, text } })
    const { chart } = await load(url, { resolve, modules: [] })
    if (chart === undefined) throw new Error('the page of the benchmark has errors')
    const loadMs = performance.now() - from
    const before = process.cpuUsage()
    const application = createApplication(chart, contextRealm())
    compiled.push({ application, index, loadMs, bindMs: cpuMsSince(before) })
  }
  const firstMs = compiled.map(({ application, index }) => {
    const before = process.cpuUsage()
    const session = createSession(application, { sessionId: `bench-${index}`, parameters: {}, ioProcessors: '{}' })
    start(session, { nowMs: 1_700_000_000_000, seed: 7, trace: 'outcome' }, host)
    step(session, { kind: 'event', name: 'go' }, { nowMs: 1_700_000_000_000, seed: 7, trace: 'outcome' }, host)
    const elapsedMs = cpuMsSince(before)
    if (!session.isRunning) throw new Error('the session has ended')
    return elapsedMs
  })
  return {
    applications,
    libraryBytes: sizeBytes,
    loadMs: summary(compiled.map(({ loadMs }) => loadMs)),
    bindMs: summary(compiled.map(({ bindMs }) => bindMs)),
    firstMs: summary(firstMs),
    bindAndFirstMs: summary(compiled.map(({ bindMs }, index) => bindMs + firstMs[index])),
  }
}

function cpuMsSince(before) {
  const { system, user } = process.cpuUsage(before)
  return (system + user) / 1000
}

function pageOf(library) {
  return `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" name="first" profile="ecmascript">
  <datamodel><data id="count" expr="0"/></datamodel>
  <script>${xmlText(library)}</script>
  <state id="only"><transition event="go"><assign location="_data.count" expr="_data.count + application"/></transition></state>
</scxml>`
}
