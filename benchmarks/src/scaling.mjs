// Whether the cost of an event grows with what has nothing to do with it: other states, other sessions. All variants
// run in one process and take turns, so that they share whatever else happens on the machine.
import { open } from './measure.mjs'
import { summary } from './statistics.mjs'
import { roundOf } from './workloads.mjs'

/** Documents: number of states, how many of the idle ones react to other events, whether the idle ones are active. */
const documentVariants = [
  { name: '20 states', states: 20, reacting: 0, isActive: false },
  { name: '200 states', states: 200, reacting: 0, isActive: false },
  { name: '2,000 states', states: 2000, reacting: 0, isActive: false },
  { name: '2,000 states, 200 of them with transitions on other events', states: 2000, reacting: 200, isActive: false },
  { name: '2,000 states, all active in parallel', states: 2000, reacting: 0, isActive: true },
  {
    name: '2,000 states, all active in parallel, 200 with transitions on other events',
    states: 2000,
    reacting: 200,
    isActive: true,
  },
]

const sessionVariants = [
  { name: '1 session', sessions: 1 },
  { name: '100 sessions', sessions: 100 },
  { name: '10,000 sessions', sessions: 10_000 },
  { name: '100,000 sessions', sessions: 100_000 },
]

/** Workload A in documents with many more states. @param {{ engine: object, repetitions: number, eventsEach: number }} options */
export async function scaling({ engine, repetitions, eventsEach }) {
  const round = roundOf('pingpong')
  const runs = []
  for (const variant of documentVariants) {
    const machine = await engine.open({ url: 'bench:scaling', text: pageOf(variant) }, round)
    const session = machine.create()
    runs.push({
      name: variant.name,
      run: () => {
        for (let i = 0; i < eventsEach; i += 1) machine.send(session, 0)
      },
      check: () => checkCount(machine.countOf(session), eventsEach * (repetitions + 1)),
    })
  }
  return inTurn(runs, repetitions, eventsEach)
}

/** Workload A with many sessions that take turns. @param {{ engine: object, repetitions: number, eventsEach: number }} options */
export async function takingTurns({ engine, repetitions, eventsEach }) {
  const runs = []
  for (const { name, sessions } of sessionVariants) {
    const machine = await open(engine, 'pingpong')
    const held = Array.from({ length: sessions }, () => machine.create())
    let next = 0
    runs.push({
      name,
      run: () => {
        for (let i = 0; i < eventsEach; i += 1) {
          machine.send(held[next], 0)
          next = next + 1 === sessions ? 0 : next + 1
        }
      },
      check: () => {
        const total = held.reduce((sum, session) => sum + machine.countOf(session), 0)
        checkCount(total, eventsEach * (repetitions + 1))
      },
    })
  }
  return inTurn(runs, repetitions, eventsEach)
}

/** Nanoseconds of processor time per event: one warm-up of each, then repetitions in turn. */
function inTurn(runs, repetitions, eventsEach) {
  for (const { run } of runs) run()
  const measured = runs.map(() => [])
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const [index, { run }] of runs.entries()) {
      globalThis.gc()
      const before = process.cpuUsage()
      run()
      const { system, user } = process.cpuUsage(before)
      measured[index].push(((user + system) * 1000) / eventsEach)
    }
  }
  for (const { check } of runs) check()
  return runs.map(({ name }, index) => ({ name, nsPerEvent: summary(measured[index]) }))
}

function checkCount(count, wanted) {
  if (count !== wanted) throw new Error(`"count" is ${count} and not ${wanted}`)
}

function pageOf({ states, reacting, isActive }) {
  const others = Array.from({ length: states - 2 }, (_, index) =>
    index < reacting
      ? `<state id="x${index}"><transition event="other.e${index}" cond="count &lt; 0"/></state>`
      : `<state id="x${index}"/>`,
  )
  const data = '<datamodel><data id="count" expr="0"/><data id="limit" expr="1000000000"/></datamodel>'
  const move = (target) =>
    `<transition event="go" cond="count &lt; limit" target="${target}"><assign location="count" expr="count + 1"/></transition>`
  const pair = `<state id="ping">${move('pong')}</state><state id="pong">${move('ping')}</state>`
  const page = isActive
    ? `<parallel id="all"><state id="main" initial="ping">${pair}</state>${others.join('')}</parallel>`
    : `${pair}${others.join('')}`
  return `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" name="scaling">${data}${page}</scxml>`
}
