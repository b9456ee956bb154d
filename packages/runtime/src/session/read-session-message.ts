import type { MessageBody } from '../entity/contract.ts'
import type { SessionMessage } from './contract.ts'

/** The body of a mailbox message as a session message; `undefined` when it is none. */
export function readSessionMessage(body: MessageBody): SessionMessage | undefined {
  switch (body.kind) {
    case 'start':
      return readStart(body)
    case 'event':
      return readEvent(body)
    case 'timer':
      return typeof body['id'] === 'string' ? { kind: 'timer', id: body['id'] } : undefined
    case 'terminate':
      return { kind: 'terminate', reason: textOf(body['reason']) ?? '' }
    case 'continue':
      return { kind: 'continue' }
    case 'settle':
      return { kind: 'settle' }
    default:
      return undefined
  }
}

/** A record of texts; anything else is `undefined`. */
function textRecord(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecord(value)) return undefined
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(entries)
}

/** Whether a value is an object with members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readStart(body: MessageBody): SessionMessage | undefined {
  const url = textOf(body['url'])
  if (url === undefined) return undefined
  const parent = body['parent']
  const parentId = isRecord(parent) ? textOf(parent['sessionId']) : undefined
  const invokeId = isRecord(parent) ? (textOf(parent['invokeId']) ?? '') : ''
  const isOrchestration = isRecord(parent) && parent['dialect'] === 'orchestration'
  const encodedParameters = textRecord(body['encodedParameters'])
  const content = textOf(body['content'])
  const alternateUrl = textOf(body['alternateUrl'])
  return {
    kind: 'start',
    url,
    application: textOf(body['application']) ?? '',
    parameters: isRecord(body['parameters']) ? body['parameters'] : {},
    hash: textOf(body['hash']) ?? '',
    ...(parentId !== undefined && {
      parent: { sessionId: parentId, invokeId, ...(isOrchestration && { dialect: 'orchestration' as const }) },
    }),
    ...(body['parametersAre'] === 'values' && { parametersAre: 'values' as const }),
    ...(encodedParameters !== undefined && { encodedParameters }),
    ...(content !== undefined && { content }),
    ...(alternateUrl !== undefined && { alternateUrl }),
  }
}

function readEvent(body: MessageBody): SessionMessage | undefined {
  const name = textOf(body['name'])
  if (name === undefined) return undefined
  const { data, payload } = body
  const texts: Record<string, string> = {}
  for (const member of ['encoded', 'sendId', 'origin', 'originType', 'invokeId', 'raw', 'module'] as const) {
    const text = textOf(body[member])
    if (text !== undefined) texts[member] = text
  }
  return { kind: 'event', name, ...(isRecord(data) && { data }), ...texts, ...(payload !== undefined && { payload }) }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
