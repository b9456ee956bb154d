// Nanoseconds of one evaluation of a script, against the same code written for the host, with fuel and without.
import { createApplication, createSession, load, sameRealm, start } from '@segue/scxml'
import { contextRealm } from '@segue/runtime'
import { longFunction, xmlText } from './generated-library.mjs'
import { summary } from './statistics.mjs'

const evaluationsEach = { guard: 2_000_000, assignment: 2_000_000, 'function of 200 lines': 20_000 }

const page = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" name="evaluations" profile="ecmascript">
  <datamodel><data id="count" expr="0"/><data id="limit" expr="1000000000"/></datamodel>
  <script>${xmlText(longFunction('long'))}</script>
  <state id="only">
    <transition event="a" cond="_data.count &lt; _data.limit"><assign location="_data.count" expr="_data.count + 1"/></transition>
    <transition event="b" cond="long(_data.count &amp; 1023) &gt; -1"/>
  </state>
</scxml>`

export const host = {
  modules: [],
  documentUrl: 'bench:evaluations',
  view: () => '{}',
  viewVersion: () => 1,
  call: () => ({ ok: false, message: 'no module is here' }),
  act: () => undefined,
}

/** @param {{ repetitions: number }} options */
export async function evaluations({ repetitions }) {
  const url = 'bench:evaluations'
  const resolve = () => Promise.resolve({ found: true, source: { url, text: page } })
  const { chart } = await load(url, { resolve, modules: [] })
  if (chart === undefined) throw new Error('the page of the benchmark has errors')
  const variants = [
    { name: 'native', runs: nativeRuns() },
    { name: 'same realm, fuel on', runs: runsOf(chart, sameRealm()) },
    { name: 'same realm, fuel off', runs: runsOf(withoutFuel(chart), sameRealm()) },
    { name: 'context, fuel on', runs: runsOf(chart, contextRealm()) },
    { name: 'context, fuel off', runs: runsOf(withoutFuel(chart), contextRealm()) },
  ]
  const measured = variants.map(({ runs }) => runs.map(() => []))
  for (let repetition = -1; repetition < repetitions; repetition += 1) {
    for (const [place, { runs }] of variants.entries()) {
      for (const [index, { kind, run }] of runs.entries()) {
        const before = process.cpuUsage()
        run(evaluationsEach[kind])
        const { system, user } = process.cpuUsage(before)
        if (repetition >= 0) measured[place][index].push(((user + system) * 1000) / evaluationsEach[kind])
      }
    }
  }
  const wanted = variants[0].runs.map(({ result }) => result())
  for (const { name, runs } of variants) {
    const found = runs.map(({ result }) => result())
    if (found.join() !== wanted.join()) throw new Error(`"${name}" gave ${found.join()} and not ${wanted.join()}`)
  }
  return variants.map(({ name, runs }, place) => ({
    name,
    ns: Object.fromEntries(runs.map(({ kind }, index) => [kind, summary(measured[place][index])])),
  }))
}

/** The same code as functions of the host, called through a table as the engine calls pieces. */
function nativeRuns() {
  const data = { count: 0, limit: 1_000_000_000 }
  const table = new Function(
    'data',
    `${longFunction('long')}
    return [() => data.count < data.limit, () => data.count + 1, (value) => { data.count = value }, () => long(data.count & 1023) > -1]`,
  )(data)
  return threeRuns({
    test: (piece) => Boolean(table[piece]()),
    evaluate: (piece) => table[piece](),
    assign: (piece, value) => table[piece](value),
    pieces: { guard: 0, value: 1, location: 2, long: 3 },
    count: () => data.count,
    refill: () => undefined,
  })
}

function runsOf(chart, realm) {
  const application = createApplication(chart, realm)
  const { program } = application
  const session = createSession(application, { sessionId: 'bench-1', parameters: {}, ioProcessors: '{}' })
  start(session, { nowMs: 1_700_000_000_000, seed: 7, trace: 'off' }, host)
  const [simple, long] = chart.states[1].transitions
  const [assignment] = simple.content
  const moment = { nowMs: 1_700_000_000_000, seed: 7 }
  const scriptHost = {
    ...host,
    isActive: () => false,
    activeStates: () => [],
    log: () => undefined,
    raise: () => undefined,
    ioProcessors: () => '{}',
  }
  return threeRuns({
    test: (piece) => program.test(piece),
    evaluate: (piece) => program.evaluate(piece),
    assign: (piece, value) => program.assign(piece, value),
    pieces: { guard: simple.cond, value: assignment.value, location: assignment.location, long: long.cond },
    count: () => program.evaluate(assignment.value) - 1,
    refill: () => program.enter(session.scope, { sessionId: 'bench-1', name: '' }, moment, scriptHost),
  })
}

/**
 * Fuel is filled up every 10,000 evaluations, as a step would. Loops are made anew for each variant, so that what the
 * virtual machine learnt about one does not slow down the next.
 */
function threeRuns({ test, evaluate, assign, pieces, count, refill }) {
  const loop = (work) =>
    new Function(
      'test, evaluate, assign, pieces, refill',
      `return (times) => {
        let held = 0
        for (let done = 0; done < times; done += 10000) {
          refill()
          for (let i = 0; i < 10000; i += 1) { ${work} }
        }
        return held
      }`,
    )(test, evaluate, assign, pieces, refill)
  let passed = 0
  const guard = loop('if (test(pieces.guard)) held += 1')
  const assignment = loop('assign(pieces.location, evaluate(pieces.value))')
  const long = loop('if (test(pieces.long)) held += 1')
  return [
    { kind: 'guard', run: (times) => (passed += guard(times)), result: () => passed },
    {
      kind: 'assignment',
      run: assignment,
      result: () => {
        refill()
        return count()
      },
    },
    { kind: 'function of 200 lines', run: (times) => (passed += long(times)), result: () => passed },
  ]
}

/** The program without its fuel counting: what counting costs. */
function withoutFuel(chart) {
  const { code } = chart.scripts
  const stripped = code
    .replace(/if\(--[$\w]+\.f<0\)[$\w]+\.spent\(\);/g, '')
    .replace(/\(--[$\w]+\.f<0&&[$\w]+\.spent\(\),/g, '(')
  if (stripped === code || /\.spent\(\)/.test(stripped)) throw new Error('fuel counting of the program was not found')
  return { ...chart, scripts: { ...chart.scripts, code: stripped }, memo: new Map() }
}
