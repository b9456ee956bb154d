import type { DoorAnswer, SwitchAnswer } from '@segue/contact'

/** Negative answer to a command. */
export type Refusal = SwitchAnswer & { readonly ok: false }
/** Negative answer of a door. */
export type ClosedDoor = DoorAnswer & { readonly ok: false }

/** A command that was not performed. */
export function refusal(error: Refusal['error'], description: string): Refusal {
  return { ok: false, error, description }
}

/** A door that did not open. */
export function closedDoor(error: ClosedDoor['error'], description: string): ClosedDoor {
  return { ok: false, error, description }
}

/** Whether a text can be dialled: digits with usual separators, or a sip, sips or tel address. */
export function isDiallable(number: string): boolean {
  return number.length <= 255 && /^(\+?[0-9*#][0-9*#. ()/-]*|(sips?|tel):\S+)$/i.test(number)
}
