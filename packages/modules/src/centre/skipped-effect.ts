import type { MessageBody } from '@segue/runtime'

/** Actions whose command has another name than they. */
const ACTIONS: Readonly<Record<string, string>> = {
  'http.fetch': 'session.fetch',
  'session.startDue': 'session.start',
}

/** The error event of an action whose command an operator skips. */
export function skippedEffect(type: string, body: Readonly<Record<string, unknown>>): MessageBody {
  const action = type === 'dfm.call' ? `${String(body['module'])}.${String(body['action'])}` : (ACTIONS[type] ?? type)
  return {
    kind: 'event',
    name: `error.${action}`,
    data: { requestid: body['requestId'], error: 'skipped', description: 'an operator went on without the answer' },
  }
}
