import { load } from '@segue/scxml'
import type { Diagnostic, ElementNamespace, Resolve } from '@segue/scxml'
import type { Clock } from '../ports/clock.ts'
import { bundleOf, readBundle, recordingResolve } from './bundle.ts'
import type { ApplicationBundle, Applications, CurrentApplication, ReloadResult } from './contract.ts'

export interface ApplicationsOptions {
  readonly resolve: Resolve
  readonly namespaces: readonly ElementNamespace[]
  /** Text of a `document` row by hash. */
  readonly stored: (hash: string) => Promise<string | undefined>
  readonly clock: Clock
  /** A known document is looked at again when it is older; 0: at every start. */
  readonly maxAgeS: number
  /** Versions kept in memory; 200 when absent. */
  readonly maxVersions?: number
  /** Why no session of a version may start; `undefined`: it may. */
  readonly refusal?: (hash: string) => string | undefined
  /** Addresses whose current version is known; 1,000 when absent. */
  readonly maxAddresses?: number
}

interface Known {
  readonly application: CurrentApplication
  readonly checkedAtEpochMs: number
}

/** Loads, checks and keeps application versions. Spec: scxml-dialect §11, design §6 (versions). */
export function createApplications(options: ApplicationsOptions): Applications {
  const maxVersions = options.maxVersions ?? 200
  const maxAddresses = options.maxAddresses ?? 1_000
  const known = new Map<string, Known>()
  const loading = new Map<string, Promise<CurrentApplication>>()
  const versions = new Map<string, ApplicationBundle>()
  const storedHashes = new Set<string>()

  const keep = (bundle: ApplicationBundle): void => {
    versions.delete(bundle.hash)
    versions.set(bundle.hash, bundle)
    for (const oldest of versions.keys()) {
      if (versions.size <= maxVersions) break
      versions.delete(oldest)
    }
  }
  /** Addresses that nobody has asked for lately are read again when somebody does. */
  const forgetOldest = (): void => {
    for (const [url] of known) {
      if (known.size <= maxAddresses) return
      known.delete(url)
    }
  }
  const read = async (url: string, resolve: Resolve): Promise<CurrentApplication> => {
    const recording = recordingResolve(resolve)
    const { chart, diagnostics } = await load(url, { resolve: recording.resolve, modules: options.namespaces })
    if (chart === undefined) return { ok: false, diagnostics }
    const bundle = bundleOf(url, recording.found)
    keep(bundle)
    return { ok: true, bundle, diagnostics }
  }
  /** Reads a document now, once for all who ask meanwhile. A broken new version leaves the old one in place. */
  const refresh = (url: string): Promise<CurrentApplication> => {
    const running = loading.get(url)
    if (running !== undefined) return running
    const promise = read(url, options.resolve)
      .then((fresh): CurrentApplication => {
        const old = known.get(url)?.application
        const application = fresh.ok || old?.ok !== true ? fresh : { ...old, diagnostics: fresh.diagnostics }
        known.delete(url)
        known.set(url, { application, checkedAtEpochMs: options.clock.nowMs() })
        forgetOldest()
        return application
      })
      .finally(() => loading.delete(url))
    loading.set(url, promise)
    return promise
  }
  const currentOf = (url: string): Promise<CurrentApplication> => {
    const found = known.get(url)
    const isFresh = found !== undefined && options.clock.nowMs() - found.checkedAtEpochMs < options.maxAgeS * 1000
    // A document that was refused is looked at again: its author is mending it.
    return isFresh && found.application.ok ? Promise.resolve(found.application) : refresh(url)
  }
  /** A version in quarantine counts as a document that cannot be started. */
  const startableOf = async (url: string): Promise<CurrentApplication> => {
    const current = await currentOf(url)
    const reason = current.ok ? options.refusal?.(current.bundle.hash) : undefined
    if (reason === undefined || !current.ok) return current
    const [source = { url, text: '' }] = current.bundle.sources
    const span = { source, start: 0, end: 0 }
    return { ok: false, diagnostics: [{ code: 'SEG-SHARD-004', severity: 'error', message: reason, span }] }
  }

  return {
    async current(url, alternateUrl) {
      const first = await startableOf(url)
      if (first.ok || alternateUrl === undefined || alternateUrl === '') return first
      const second = await startableOf(alternateUrl)
      return { ...second, diagnostics: [...first.diagnostics, ...second.diagnostics] }
    },
    inline: (text, baseUrl) =>
      read(baseUrl, (href, base, kind) =>
        kind === 'document' && sameAddress(href, baseUrl)
          ? Promise.resolve({ found: true, source: { url: baseUrl, text } })
          : options.resolve(href, base, kind),
      ),
    async byHash(hash) {
      const held = versions.get(hash)
      if (held !== undefined) return held
      const text = await options.stored(hash)
      const bundle = text === undefined ? undefined : readBundle(text)
      if (bundle === undefined) return undefined
      storedHashes.add(hash)
      keep(bundle)
      return bundle
    },
    async isStored(hash) {
      if (storedHashes.has(hash)) return true
      if ((await options.stored(hash)) === undefined) return false
      storedHashes.add(hash)
      return true
    },
    async reload() {
      const results: ReloadResult[] = []
      // A copy: reading a document again changes what is known.
      const present = [...known]
      for (const [url, { application: old }] of present) results.push(resultOf(url, old, await reread(url)))
      return results
    },
  }

  async function reread(url: string): Promise<CurrentApplication> {
    // A load that began before the call may have read the old text.
    await loading.get(url)
    return refresh(url)
  }
}

function resultOf(url: string, old: CurrentApplication, fresh: CurrentApplication): ReloadResult {
  const { diagnostics } = fresh
  if (!fresh.ok || diagnostics.some(isError)) return { url, outcome: 'refused', diagnostics }
  const isUnchanged = old.ok && old.bundle.hash === fresh.bundle.hash
  return { url, outcome: isUnchanged ? 'unchanged' : 'changed', diagnostics }
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}

function sameAddress(href: string, url: string): boolean {
  return href === url || (URL.canParse(href) && URL.canParse(url) && new URL(href).href === new URL(url).href)
}
