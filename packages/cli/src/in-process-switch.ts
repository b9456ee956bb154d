import { createSimulatedSwitch, directVoiceLink, memoryJournal, systemClock } from '@segue/adapters'
import type { VoiceLink } from '@segue/contact'
import { switchPlan } from './switch-plan.ts'

/** The telephones of a folder inside of this process: nobody calls or answers by himself, the doors do. */
export async function inProcessSwitch(folder: string): Promise<VoiceLink> {
  const plan = await switchPlan(folder, false)
  const simulatedSwitch = createSimulatedSwitch({
    clock: systemClock(),
    seed: Date.now() % 2 ** 31,
    plan,
    journal: memoryJournal(),
  })
  return directVoiceLink(simulatedSwitch)
}
