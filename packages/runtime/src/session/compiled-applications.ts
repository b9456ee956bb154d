import { createApplication, load } from '@segue/scxml'
import type { Application, ElementNamespace, Realm } from '@segue/scxml'
import { bundleResolve } from './bundle.ts'
import type { ApplicationBundle } from './contract.ts'

/** An application version that is ready to run. */
export interface CompiledApplication {
  readonly hash: string
  readonly url: string
  readonly application: Application
  /** Sessions in memory that run it; such a version is not dropped. */
  sessions: number
  /** Warnings that were given about it; bounded. */
  readonly warned: Set<string>
}

/** The application versions that a shard holds. */
export interface CompiledApplications {
  load(bundle: ApplicationBundle): Promise<{ readonly ok: boolean; readonly message: string }>
  find(hash: string): CompiledApplication | undefined
}

/**
 * Compiles bundles and keeps the versions that were used last.
 *
 * Cost: a realm for each version.
 */
export function createCompiledApplications(options: {
  readonly namespaces: readonly ElementNamespace[]
  readonly realm: () => Realm
  readonly maxApplications: number
}): CompiledApplications {
  const held = new Map<string, CompiledApplication>()
  const loading = new Map<string, Promise<{ readonly ok: boolean; readonly message: string }>>()

  const compile = async (bundle: ApplicationBundle): Promise<{ readonly ok: boolean; readonly message: string }> => {
    const { chart, diagnostics } = await load(bundle.url, {
      resolve: bundleResolve(bundle),
      modules: options.namespaces,
    })
    if (chart === undefined) {
      const first = diagnostics.find(({ severity }) => severity === 'error')
      return { ok: false, message: first === undefined ? 'the document has errors' : `${first.code} ${first.message}` }
    }
    try {
      const application = createApplication(chart, options.realm())
      held.set(bundle.hash, { hash: bundle.hash, url: bundle.url, application, sessions: 0, warned: new Set() })
    } catch (error) {
      return {
        ok: false,
        message: `the scripts cannot be set up: ${error instanceof Error ? error.message : 'unknown'}`,
      }
    }
    dropUnused()
    return { ok: true, message: '' }
  }
  const dropUnused = (): void => {
    let surplus = held.size - options.maxApplications
    for (const [hash, { sessions }] of held) {
      if (surplus <= 0) return
      if (sessions > 0 || hash === lastOf(held)) continue
      held.delete(hash)
      surplus -= 1
    }
  }

  return {
    load(bundle) {
      if (held.has(bundle.hash)) return Promise.resolve({ ok: true, message: '' })
      const running = loading.get(bundle.hash)
      if (running !== undefined) return running
      const promise = compile(bundle).finally(() => loading.delete(bundle.hash))
      loading.set(bundle.hash, promise)
      return promise
    },
    find(hash) {
      const found = held.get(hash)
      if (found === undefined) return undefined
      // Moved to the end: the first ones are those unused for longest.
      if (held.size > options.maxApplications / 2) {
        held.delete(hash)
        held.set(hash, found)
      }
      return found
    },
  }
}

function lastOf(held: ReadonlyMap<string, unknown>): string | undefined {
  let last: string | undefined
  for (const key of held.keys()) last = key
  return last
}
