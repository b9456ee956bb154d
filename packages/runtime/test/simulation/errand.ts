import type { MessageBody } from '../../src/entity/contract.ts'
import { isRecord } from '../../src/session/read-session-message.ts'

/** What a message makes the entity that takes it do. Texts are unique in a run. */
export interface Errand {
  readonly text: string
  /** Effect for the ledger; `answers`: an event comes back. */
  readonly ledger?: { readonly name: string; readonly answers: boolean; readonly fails?: boolean }
  /** Messages to others; `asks`: an open effect that waits for the answer. */
  readonly to: readonly { readonly id: string; readonly text: string; readonly asks: boolean }[]
  readonly set?: { readonly name: string; readonly delayMs: number }
  readonly cancel?: string
  /** Withdraws all open effects. */
  readonly withdraws: boolean
  readonly ends: boolean
  /** Every step that takes it fails. */
  readonly fails?: boolean
}

/** Reads the errand that a message carries; one that does nothing when there is none. */
export function errandOf(body: MessageBody): Errand {
  const { errand } = body
  return isErrand(errand) ? errand : { text: String(body['text']), to: [], withdraws: false, ends: false }
}

/** The simulation writes errands itself: their form needs no further check. */
function isErrand(value: unknown): value is Errand {
  return isRecord(value) && typeof value['text'] === 'string' && Array.isArray(value['to'])
}

/** Text of a message, whatever subject takes it. */
export function textOf(message: unknown): string {
  if (!isRecord(message) || !isRecord(message['body'])) return ''
  const { errand, text, data } = message['body']
  if (isErrand(errand)) return errand.text
  if (!isRecord(data)) return String(text)
  return isErrand(data['errand']) ? data['errand'].text : String(data['text'])
}

export const answerTo = (text: string): string => `answer to ${text}`
export const timerText = (name: string): string => `timer ${name}`
export const doneText = (name: string): string => `done ${name}`
export const skippedText = (name: string): string => `skipped ${name}`
/** What a chain takes when an operator ends it. */
export const ENDED_TEXT = 'ended by an operator'
export const undeliverableText = (key: string): string => `undeliverable ${key}`
