import { chainSubject } from './chain-subject.ts'
import { sessionSubject } from './session-subject.ts'
import { simulate, type SimulationOutcome } from './simulate.ts'

/** Sessions of a real application cost much more than chains: one seed in so many. */
const SESSIONS_EVERY = 10

/** Runs a seed with the entities that belong to it. */
export function runSeed(seed: number, tell?: (line: string) => void): Promise<SimulationOutcome> {
  const subject = seed % SESSIONS_EVERY === 0 ? sessionSubject(2 + (seed % 3)) : chainSubject(classesOf(seed))
  return simulate(seed, subject, tell)
}

/** Of every three seeds one has durable entities alone; one that is in memory alone needs others beside it. */
function classesOf(seed: number): string {
  const entities = 2 + (seed % 5)
  const mixed = ['', 'r', 'rn'][seed % 3] ?? ''
  return mixed.slice(0, entities - 1).padEnd(entities, mixed === '' ? 'e' : 'er')
}
