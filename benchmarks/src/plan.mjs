// What a run measures: the full one, and the quick one that shows within a minute whether something broke.

/** @typedef {{ key: string, task: object, repetitions: number }} Measurement */

const peers = ['scion', 'xstate']
const segue = ['segue-embedded', 'segue-served']

/** @returns {readonly Measurement[]} */
export function enginePlan(isQuick) {
  return isQuick ? quickPlan() : fullPlan()
}

function fullPlan() {
  const repetitions = 7
  return [
    ...['A', 'B'].flatMap((workload) =>
      [...segue, ...peers, 'xstate-pure', ...(workload === 'A' ? ['robot3', 'xstate-fsm'] : [])].map((engine) =>
        throughput(engine, workload, 1.2, repetitions),
      ),
    ),
    ...['contact', 'pingpong'].flatMap((document) => [
      ...segue.map((engine) => idle(engine, document, 10_000, repetitions)),
      ...peers.map((engine) => idle(engine, document, 2000, repetitions)),
      ...segue.map((engine) => idle(engine, document, 100_000, 3)),
    ]),
    ...[...segue, 'scion'].map((engine) => loading(engine, 'contact', 20, 3)),
    ...[...segue, 'scion'].map((engine) => loading(engine, 'generated', 10, 3)),
    ...segue.flatMap((engine) => [scaling('scaling', engine, 7, 200_000), scaling('takingTurns', engine, 7, 200_000)]),
  ]
}

function quickPlan() {
  return [
    ...['A', 'B'].flatMap((workload) => [...segue, ...peers].map((engine) => throughput(engine, workload, 0.3, 3))),
    ...segue.map((engine) => idle(engine, 'contact', 10_000, 1)),
    ...peers.map((engine) => idle(engine, 'contact', 1000, 1)),
    ...segue.map((engine) => loading(engine, 'contact', 12, 1)),
    ...segue.map((engine) => loading(engine, 'generated', 6, 1)),
    scaling('scaling', 'segue-served', 3, 50_000),
    scaling('takingTurns', 'segue-served', 3, 100_000),
  ]
}

function throughput(engine, workload, seconds, repetitions) {
  return {
    key: `throughput.${workload}.${engine}`,
    task: { kind: 'throughput', engine, workload, seconds },
    repetitions,
  }
}

function idle(engine, document, sessions, repetitions) {
  return {
    key: `idle.${document}.${sessions}.${engine}`,
    task: { kind: 'idle', engine, document, sessions },
    repetitions,
  }
}

function loading(engine, document, times, repetitions) {
  return {
    key: `loading.${document}.${engine}`,
    task: { kind: 'loading', engine, document, repetitions: times },
    repetitions,
  }
}

function scaling(kind, engine, repetitions, eventsEach) {
  return { key: `${kind}.${engine}`, task: { kind, engine, repetitions, eventsEach }, repetitions: 1 }
}
