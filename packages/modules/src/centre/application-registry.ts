import type { Diagnostic } from '@segue/scxml'
import type { Configuration } from '@segue/contact'
import type { Applications } from '@segue/runtime'
import type { ApplicationStart } from './contact-effects.ts'

/** Whether a configured application can be started, and what was found in it. */
export interface ApplicationStatus {
  readonly name: string
  readonly url: string
  readonly ok: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Current version of each configured application, known without waiting, so that a call starts its session in the
 * same step in which it arrives.
 */
export function applicationRegistry(
  applications: Applications,
  configuration: () => Configuration,
): { load(): Promise<readonly ApplicationStatus[]>; start(name: string): ApplicationStart } {
  const hashes = new Map<string, string>()

  return {
    async load() {
      const statuses: ApplicationStatus[] = []
      for (const { name, url, alternateUrl } of configuration().applications) {
        const current = await applications.current(url, alternateUrl)
        if (current.ok) hashes.set(url, current.bundle.hash)
        statuses.push({ name, url, ok: current.ok, diagnostics: current.diagnostics })
      }
      return statuses
    },

    start(name) {
      const application = configuration().applications.find((candidate) => candidate.name === name)
      const url = application?.url ?? name
      return {
        application: name,
        url,
        hash: hashes.get(url) ?? '',
        parameters: application?.parameters ?? {},
      }
    },
  }
}
