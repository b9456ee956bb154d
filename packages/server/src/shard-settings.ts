import { isFilledFrom } from '@segue/contact'
import type { TraceLevel } from '@segue/runtime'

/** What shards have to know of their node. */
export interface ShardSettings {
  readonly nodeName: string
  readonly cluster: string
  readonly url: string
}

const unknown: ShardSettings = { nodeName: '', cluster: '', url: '' }

/** Settings as they came over the pipe; the replica with which they come is the first thing that a shard gets. */
export function readShardSettings(value: unknown): ShardSettings {
  // JSON border: written by the front of the same build.
  return typeof value === 'object' && value !== null ? (value as ShardSettings) : unknown
}

const levels: readonly unknown[] = ['off', 'outcome', 'full']
const known = new WeakMap<object, ReadonlyMap<string, TraceLevel>>()

/** Trace level of a document, out of the configuration that is the replica of shards. Cost: O(1) but for a new replica. */
export function traceLevelOf(replica: unknown, url: string): TraceLevel {
  if (typeof replica !== 'object' || replica === null) return 'outcome'
  let byUrl = known.get(replica)
  if (byUrl === undefined) {
    byUrl = new Map(applicationsOf(replica).flatMap(levelOf))
    known.set(replica, byUrl)
  }
  return byUrl.get(url) ?? [...byUrl].find(([template]) => isFilledFrom(template, url))?.[1] ?? 'outcome'
}

function applicationsOf(replica: object): readonly unknown[] {
  return 'applications' in replica && Array.isArray(replica.applications) ? replica.applications : []
}

function levelOf(application: unknown): readonly (readonly [string, TraceLevel])[] {
  if (typeof application !== 'object' || application === null || !('url' in application)) return []
  const { url } = application
  const trace = 'trace' in application ? application.trace : undefined
  return typeof url === 'string' && isTraceLevel(trace) ? [[url, trace]] : []
}

function isTraceLevel(value: unknown): value is TraceLevel {
  return levels.includes(value)
}
