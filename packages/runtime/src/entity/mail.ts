import type { EffectKey, EntityRef } from '../ports/store.ts'
import type { Message } from './contract.ts'
import type { MailItem } from './entity-slot.ts'

/** A message for a mailbox; what is not given is absent. */
export function mailItem(
  message: Message,
  atEpochMs: number,
  extras: Partial<Pick<MailItem, 'effect' | 'timerDueEpochMs' | 'resolve' | 'inboxSequence'>>,
): MailItem {
  return {
    message,
    effect: extras.effect,
    timerDueEpochMs: extras.timerDueEpochMs,
    atEpochMs,
    resolve: extras.resolve,
    inboxSequence: extras.inboxSequence,
    appending: undefined,
    failures: 0,
  }
}

/** Reads the body of an inbox row; `undefined` when it is no message. */
export function parseInboxMessage(text: string, to: EntityRef): Message | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(parsed) || !isMessageBody(parsed['body']) || typeof parsed['source'] !== 'string') return undefined
  const { sequence, answers, creates } = parsed
  return {
    to,
    source: parsed['source'],
    body: parsed['body'],
    ...(typeof sequence === 'number' ? { sequence } : {}),
    ...(typeof answers === 'string' ? { answers } : {}),
    ...(typeof creates === 'boolean' ? { creates } : {}),
  }
}

/** Owner of an effect, from its key `<kind>/<id>:<version>:<n>`. */
export function effectOwner(key: EffectKey): EntityRef | undefined {
  const match = /^(session|interaction|domain)\/(.*):\d+:\d+$/s.exec(key)
  const [, kind, id] = match ?? []
  if (id === undefined || (kind !== 'session' && kind !== 'interaction' && kind !== 'domain')) return undefined
  return { kind, id }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isMessageBody(value: unknown): value is Message['body'] {
  return isRecord(value) && typeof value['kind'] === 'string'
}
