import { applicationAt } from '@segue/contact'
import type { Configuration } from '@segue/contact'
import type { Durability } from '@segue/runtime'

/**
 * Durability of a session, by the configured application of its document. `_persist="false"` stands on practically every
 * generated page: it counts only where the application says so, and never for more than `relaxed`.
 */
export function durabilityOf(
  configuration: Configuration,
  { persists, url }: { readonly url: string; readonly persists: boolean },
): Durability {
  const application = applicationAt(configuration, url)
  if (application === undefined) return 'durable'
  const isHonoured = application.durability === 'durable' && application.honourPersistFalse === true && !persists
  return isHonoured ? 'relaxed' : application.durability
}
