import type { Clock } from '@segue/runtime'
import type { LinkLimits } from './wire.ts'

/** Where a switch process listens: a port of one address (default loopback, port 0: any) or a socket in a file. */
export type LinkAddress = { readonly port: number; readonly host?: string } | { readonly path: string }

/** What a link to a switch process needs. */
export type VoiceLinkClientOptions = LinkAddress & {
  /** Name of the switch in the configuration; a process of another name is refused. */
  readonly switchName: string
  readonly token: string
  readonly clock: Clock
  /** At least 0, below 1: spreads the tries to reconnect. Default: the machine's. */
  readonly random?: () => number
  readonly limits?: Partial<LinkLimits>
  /** For the log: a line with code and reason each time the link goes down or is refused. */
  readonly report?: (line: string) => void
}
