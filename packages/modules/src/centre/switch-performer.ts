import type { SwitchCommand, VoiceLink } from '@segue/contact'
import type { Clock, Performer, PerformedEffect } from '@segue/runtime'

/**
 * Sends commands to switches under their effect keys, so that a repeated one is performed once (P8). A command whose
 * answer was lost with the link is sent again with the same key when the link is up.
 */
export function switchPerformer(links: readonly VoiceLink[], clock: Clock): Performer {
  const bySwitch = new Map(links.map((link) => [link.switchName, link]))
  return {
    types: ['switch.command'],
    async perform(effect: PerformedEffect, signal: AbortSignal): Promise<void> {
      // Written by `mapContactEffects`.
      const { switchName, command } = effect.body as unknown as { switchName: string; command: SwitchCommand }
      const link = bySwitch.get(switchName)
      while (!signal.aborted) {
        const answer =
          link === undefined
            ? { ok: false as const, error: 'remote' as const, description: `no link to switch "${switchName}"` }
            : await link.command(effect.key, command, signal)
        if (answer !== undefined) {
          await effect.report(1, { kind: 'switchAnswer', commandKey: effect.key, answer }, { answers: true })
          return
        }
        await pause(clock, signal)
      }
    },
  }
}

/** Between two tries while the link is down. */
const RETRY_MS = 1_000

function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      scheduled.cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const scheduled = clock.schedule(clock.nowMs() + RETRY_MS, end)
    signal.addEventListener('abort', end, { once: true })
  })
}
