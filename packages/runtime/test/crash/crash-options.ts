import { parseArgs } from 'node:util'
import { KILL_POINTS, type KillPoint } from './contract.ts'
import { FAULTS } from './faults/all-faults.ts'

export interface CrashOptions {
  readonly kills: number
  readonly seed: number
  readonly store: 'sqlite' | 'postgres'
  /** Shard processes instead of steps in the worker. */
  readonly shards: boolean
  readonly points: readonly KillPoint[]
  /** Whether the points were named. */
  readonly named: boolean
  /** Names of faults to try before the kills. */
  readonly faults: readonly string[]
}

export const USAGE = `npm run crash -- [--kills N] [--seed S] [--store sqlite|postgres] [--shards] [--point NAME]... [--fault NAME|all]...
points: ${KILL_POINTS.join(' ')}
faults: ${Object.keys(FAULTS).join(' ')}`

/** What was asked for, or what is wrong with it. */
export function readOptions(words: readonly string[]): CrashOptions | string {
  const { values } = parseArgs({
    args: [...words],
    options: {
      kills: { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      store: { type: 'string', default: 'sqlite' },
      shards: { type: 'boolean', default: false },
      point: { type: 'string', multiple: true },
      fault: { type: 'string', multiple: true, default: [] },
    },
  })
  const [kills, seed] = [Number(values.kills), Number(values.seed)]
  if (!Number.isInteger(kills) || kills < 0) return '--kills is a whole number'
  if (!Number.isInteger(seed)) return '--seed is a whole number'
  const { shards, store } = values
  if (store !== 'sqlite' && store !== 'postgres') return '--store is "sqlite" or "postgres"'
  // Only SQLite has checkpoints of its own.
  const possible = KILL_POINTS.filter((point) => store === 'sqlite' || point !== 'in-checkpoint')
  const names: readonly string[] = values.point ?? possible
  const points = possible.filter((point) => names.includes(point))
  const unknown = names.find((name) => !points.some((point) => point === name))
  if (unknown !== undefined) return `${store} has no point "${unknown}"`
  const known = Object.keys(FAULTS).filter((name) => FAULTS[name]?.stores.includes(store))
  const faults = values.fault.includes('all') ? known : values.fault
  const missing = faults.find((name) => !known.includes(name))
  if (missing !== undefined) return `${store} has no fault "${missing}"`
  return { kills, seed, store, shards, points, named: values.point !== undefined, faults }
}
