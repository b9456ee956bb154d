import type { Diagnostic } from '@segue/scxml'
import { applicationOf, hasMacros, isAddress } from '@segue/contact'
import type { Configuration } from '@segue/contact'
import type { Applications } from '@segue/runtime'
import { emptyAddress, fillAddress } from './address-macros.ts'
import type { AddressFacts } from './address-macros.ts'
import type { ApplicationStart } from './contact-effects.ts'

/** Whether a configured application can be started, and what was found in it. */
export interface ApplicationStatus {
  readonly name: string
  readonly url: string
  readonly ok: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/** The configured applications of a node. */
export interface ApplicationRegistry {
  load(): Promise<readonly ApplicationStatus[]>
  /** What an interaction with these facts starts. */
  start(application: string, facts: AddressFacts): ApplicationStart
}

/**
 * Current version of each configured application, known without waiting, so that a call starts its session in the
 * same step in which it arrives. An address with macros is another one for each interaction: its session finds the
 * version when it starts.
 *
 * Spec: scxml-dialect §10, §11.
 */
export function applicationRegistry(
  applications: Applications,
  configuration: () => Configuration,
): ApplicationRegistry {
  const hashes = new Map<string, string>()

  async function load(name: string, url: string, alternateUrl: string | undefined): Promise<ApplicationStatus> {
    // A path that an interaction completes leads nowhere before.
    if (isPathOpen(url)) return { name, url, ok: true, diagnostics: [] }
    const alternate = alternateUrl === undefined || isPathOpen(alternateUrl) ? undefined : emptyAddress(alternateUrl)
    const current = await applications.current(emptyAddress(url), alternate)
    if (current.ok && !hasMacros(url)) hashes.set(url, current.bundle.hash)
    return { name, url, ok: current.ok, diagnostics: current.diagnostics }
  }

  return {
    async load() {
      const statuses: ApplicationStatus[] = []
      for (const { name, url, alternateUrl } of configuration().applications)
        statuses.push(await load(name, url, alternateUrl))
      const written = configuration().dns.flatMap(({ application = '' }) =>
        isAddress(application) ? [application] : [],
      )
      for (const text of new Set(written)) {
        const found = applicationOf(configuration(), text)
        if (found !== undefined) statuses.push(await load(text, found.url, found.alternateUrl))
      }
      return statuses
    },

    start(application, facts) {
      const found = applicationOf(configuration(), application)
      const url = fillAddress(found?.url ?? application, facts)
      const alternateUrl =
        found?.alternateUrl === undefined ? {} : { alternateUrl: fillAddress(found.alternateUrl, facts) }
      const parameters = { ...queryOf(url), ...found?.parameters }
      return { application, url, ...alternateUrl, hash: hashes.get(url) ?? '', parameters }
    },
  }
}

/** Parameters of the query are start parameters. Spec: scxml-dialect §10. */
function queryOf(url: string): Readonly<Record<string, string>> {
  return URL.canParse(url) ? Object.fromEntries(new URL(url).searchParams) : {}
}

function isPathOpen(url: string): boolean {
  return hasMacros(url.split('?')[0] ?? '')
}
