import type { Acceptance, Message } from './contract.ts'
import { entityKey } from './partition.ts'
import type { Runtime } from './runtime.ts'

/** Answer to a message that is given again until it is not refused for overload. */
type Taken = Exclude<Acceptance, { readonly status: 'overloaded' }>

export interface OrderedDeliveryOptions {
  readonly runtime: Pick<Runtime, 'deliver'>
  /** Waits before a refused message is given again. Rejects when nobody takes it any more. */
  readonly pause: (delayMs: number) => Promise<void>
}

/**
 * Delivers messages that may be under way at once, again and again until they are taken. While one waits after a refusal,
 * later ones of its source to the same entity wait behind it: taken first, they would make it a duplicate, and it would be
 * lost. Order: as called, for each source and entity. Spec: design P9.
 */
export function orderedDelivery({ runtime, pause }: OrderedDeliveryOptions): (message: Message) => Promise<Taken> {
  const waiting = new Map<string, Promise<unknown>>()

  async function deliverAfter(
    before: Promise<unknown> | undefined,
    message: Message,
    retryAfterS: number,
  ): Promise<Taken> {
    if (before === undefined) await pause(retryAfterS * 1000)
    else await before
    for (;;) {
      const acceptance = await runtime.deliver(message)
      if (acceptance.status !== 'overloaded') return acceptance
      await pause(acceptance.retryAfterS * 1000)
    }
  }

  return async (message) => {
    const way = `${message.source} ${entityKey(message.to)}`
    let retryAfterS = 0
    if (!waiting.has(way)) {
      const acceptance = await runtime.deliver(message)
      if (acceptance.status !== 'overloaded') return acceptance
      retryAfterS = acceptance.retryAfterS
    }
    const taken = deliverAfter(waiting.get(way), message, retryAfterS)
    waiting.set(way, taken)
    try {
      return await taken
    } finally {
      if (waiting.get(way) === taken) waiting.delete(way)
    }
  }
}
