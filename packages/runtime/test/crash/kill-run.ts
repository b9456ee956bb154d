import { setTimeout as pause } from 'node:timers/promises'
import type { KillPoint } from './contract.ts'
import { CrashWorld, until, within, type Verdict, type WorldPlan } from './crash-world.ts'
import { checkpointState } from './log-index.ts'
import { randomOf } from './random.ts'
import type { TestStore } from './test-store.ts'

/** A run: one store, one ledger, many workers that die one after the other. */
export interface KillPlan extends WorldPlan {
  /** One for each kill, in order. */
  readonly points: readonly KillPoint[]
}

/** One death. */
export interface Kill {
  readonly point: KillPoint
  readonly life: number
  /** Steps whose commit was not confirmed; `in-migration`: events that were not acknowledged. */
  readonly inFlight: number
  /** Events acknowledged in this life. */
  readonly acknowledged: number
  readonly durationMs: number
  /** `in-checkpoint`: the checkpoint had begun and was not done. */
  readonly isHalfDone: boolean
}

export interface KillReport extends Verdict {
  readonly seed: number
  readonly kills: readonly Kill[]
  /** Deaths that came when too little was in flight: not counted, repeated. */
  readonly thinKills: number
  readonly ledgerKills: number
  readonly durationMs: number
}

/** Fewest commits in flight at a kill. */
export const MIN_IN_FLIGHT = 20
const PASS_TIMEOUT_MS = 60_000
const LEDGER_KILL_EVERY = 6
const LEDGER_MS = 150
const CHECKPOINT_MS = 1
const MAX_TRIES = 8
/** Highest number of the pass that is the last one; small, so that a life is short. `random`: acknowledgements. */
const MAX_PASS: Readonly<Record<KillPoint, number>> = {
  accepted: 200,
  stepped: 30,
  'before-commit': 8,
  'after-commit': 8,
  'before-effect': 80,
  'after-effect': 80,
  'in-checkpoint': 1,
  'in-migration': 1,
  random: 150,
}

async function hasHalfCheckpoint({ place }: TestStore): Promise<boolean> {
  if (place.kind !== 'sqlite') return false
  const { begun, moved } = await checkpointState(place.path)
  return begun > moved
}

/** Kills one worker after the other and says what came of it. Errors: rejects when a point cannot be reached. */
export async function killRun(plan: KillPlan): Promise<KillReport> {
  const { points, seed, store } = plan
  const startedMs = performance.now()
  const random = randomOf(seed)
  const kills: Kill[] = []
  let thinKills = 0
  await using world = new CrashWorld(plan)
  await world.start()
  for (const [at, point] of points.entries()) {
    const ledgerFalls = at % LEDGER_KILL_EVERY === LEDGER_KILL_EVERY - 1
    await Promise.all([killWell(point), ledgerFalls ? killLedger() : undefined])
  }
  const verdict = await world.finish()
  const { kills: ledgerKills } = world.ledger
  return { ...verdict, seed, kills, thinKills, ledgerKills, durationMs: performance.now() - startedMs }

  async function killLedger(): Promise<void> {
    await pause(random() * LEDGER_MS)
    await world.ledger.restart()
  }

  /** Until enough is in flight at a death. */
  async function killWell(point: KillPoint): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const kill = await killOne(point)
      if (kill.inFlight >= MIN_IN_FLIGHT) {
        kills.push(kill)
        return
      }
      thinKills++
    }
    throw new Error(`seed ${seed}: never were ${MIN_IN_FLIGHT} commits in flight at "${point}"`)
  }

  async function killOne(point: KillPoint): Promise<Kill> {
    if (point === 'in-migration') await store.olderSchema()
    const startedMs = performance.now()
    const acknowledgedBefore = world.clients.acknowledged
    const waiting = world.clients.unacknowledged
    await die(point)
    const { inFlight, wasHit } = world.progress
    if (!wasHit && point !== 'random') throw new Error(`seed ${seed}: the worker died before "${point}"`)
    return {
      point,
      life: world.life,
      inFlight: point === 'in-migration' ? waiting : inFlight,
      acknowledged: world.clients.acknowledged - acknowledgedBefore,
      durationMs: performance.now() - startedMs,
      isHalfDone: point === 'in-checkpoint' && (await hasHalfCheckpoint(store)),
    }
  }

  /** Runs a worker until it dies at the point. */
  async function die(point: KillPoint): Promise<void> {
    world.clients.hasBallast = point === 'in-checkpoint'
    const pass = 1 + Math.floor(random() * MAX_PASS[point])
    const { worker, state } = await world.begin({
      kill: {
        point,
        pass,
        minInFlight: point === 'in-migration' ? 0 : MIN_IN_FLIGHT,
        ...(point === 'in-checkpoint' &&
          store.place.kind === 'sqlite' && {
            inCheckpoint: { index: `${store.place.path}-shm`, afterMs: random() * CHECKPOINT_MS },
          }),
      },
    })
    if (state === 'refused') throw new Error(`seed ${seed}: the store was refused: ${world.incidents.at(-1)}`)
    if (point === 'random') {
      const wanted = world.clients.acknowledged + pass
      const isDue = (): boolean => world.clients.acknowledged >= wanted && world.progress.inFlight >= MIN_IN_FLIGHT
      await until('enough is in flight', PASS_TIMEOUT_MS, () => worker.hasEnded || isDue())
      worker.signal('SIGKILL')
    }
    const end = await within(`a worker passes "${point}" (seed ${seed})`, PASS_TIMEOUT_MS, worker.gone)
    world.clients.detach(worker)
    if (end !== 'SIGKILL')
      throw new Error(`seed ${seed}: the worker ended with ${end} before "${point}": ${worker.stderr}`)
  }
}
