import type { NumberedSwitchEvent, SwitchEvent, SwitchSnapshot, VoiceConsumer } from '@segue/contact'
import { orderedDelivery } from '@segue/runtime'
import type { EntityRef, MessageBody, Runtime, Store } from '@segue/runtime'

/** What the intake of one switch needs. */
export interface VoiceIntakeOptions {
  readonly switchName: string
  readonly runtime: Pick<Runtime, 'deliver'>
  readonly store: Pick<Store, 'query'>
  /** Routing domain that agents of this switch belong to. */
  readonly domain: string
  /** Waits before a message that was refused for overload is tried again. */
  readonly pause: (delayMs: number) => Promise<void>
  readonly onLinkState: (isUp: boolean) => void
}

/**
 * Brings what a switch says into mailboxes: calls to interactions, agents' states to the routing domain. An event is
 * acknowledged to the switch when it is durable, and numbered, so that a repeated one is dropped (P9).
 */
export function voiceIntake(options: VoiceIntakeOptions): VoiceConsumer {
  const source = `switch:${options.switchName}`
  const deliver = orderedDelivery(options)

  async function event({ sequence, event }: NumberedSwitchEvent): Promise<void> {
    const { to, body, creates } = addressed(event, options)
    await deliver({ to, source, sequence, body, ...(creates ? { creates } : {}) })
  }

  /** Calls that the switch no longer has have ended while nobody listened. */
  async function snapshot(snapshot: SwitchSnapshot): Promise<void> {
    const alive = new Set(snapshot.calls.map((call) => call.callId))
    let after = ''
    for (;;) {
      const page = await options.store.query({
        kind: 'entities',
        entityKind: 'interaction',
        running: true,
        after,
        limit: 500,
      })
      for (const entity of page) {
        const id = entity.ref.id
        if (!alive.has(id)) {
          const body = { kind: 'resync', switchName: options.switchName, call: undefined }
          await deliver({ to: entity.ref, source: `resync:${options.switchName}`, body })
        }
      }
      const last = page.at(-1)
      if (last === undefined || page.length < 500) return
      after = last.ref.id
    }
  }

  return { event, snapshot, linkState: options.onLinkState }
}

function addressed(
  event: SwitchEvent,
  options: VoiceIntakeOptions,
): { readonly to: EntityRef; readonly body: MessageBody; readonly creates: boolean } {
  if (event.kind === 'agentState') {
    const { agentId, device, state, reason } = event
    return {
      to: { kind: 'domain', id: options.domain },
      body: { kind: 'agent', agentId, device, state, reason },
      creates: true,
    }
  }
  const callId = 'call' in event ? event.call.callId : event.callId
  return {
    to: { kind: 'interaction', id: callId },
    body: { kind: 'switchEvent', switchName: options.switchName, event },
    creates: event.kind === 'routeRequest',
  }
}
