import type {
  CallParty,
  DoorAction,
  SwitchCommand,
  Treatment,
  TreatmentInput,
  TreatmentPrompt,
  UserData,
} from '@segue/contact'

/** Depth of nested user data; deeper values are refused. */
const maxDepth = 16

type Members = Readonly<Record<string, unknown>>

/** Thrown inside of this file only. */
class Mismatch extends Error {}

/** A command from untrusted JSON; `undefined` when any part of it is not as the port says. */
export function parseSwitchCommand(value: unknown): SwitchCommand | undefined {
  return attempt(() => readCommand(members(value)))
}

/** A door action from untrusted JSON; `undefined` when any part of it is not as the port says. */
export function parseDoorAction(value: unknown): DoorAction | undefined {
  return attempt(() => readDoor(members(value)))
}

function readCommand(from: Members): SwitchCommand {
  const callId = text(from['callId'])
  const kind = from['kind']
  switch (kind) {
    case 'route':
      return {
        kind,
        callId,
        to: text(from['to']),
        routeType: number(from['routeType']),
        ...optional('userData', from['userData'], userData),
      }
    case 'treat':
      return { kind, callId, treatment: treatment(from['treatment']) }
    case 'treatLoop':
      return { kind, callId, treatments: list(from['treatments'], treatment) }
    case 'stopTreatment':
      return { kind, callId, treatmentKey: text(from['treatmentKey']) }
    case 'clear':
      return { kind, callId }
    case 'release':
    case 'answer':
      return { kind, callId, device: text(from['device']) }
    case 'setUserData':
      return {
        kind,
        callId,
        put: userData(from['put']),
        remove: list(from['remove'], (path) => list(path, text)),
      }
    default:
      throw new Mismatch()
  }
}

function readDoor(from: Members): DoorAction {
  const kind = from['kind']
  switch (kind) {
    case 'place': {
      const call = members(from['call'])
      return {
        kind,
        call: {
          from: text(call['from']),
          to: text(call['to']),
          ...optional('userData', call['userData'], userData),
          ...optional('callId', call['callId'], text),
          ...optional('connId', call['connId'], text),
          ...optional('type', call['type'], oneOf(['inbound', 'outbound', 'internal', 'consult'])),
          ...optional('parentCallId', call['parentCallId'], text),
          ...optional('parties', call['parties'], (parties) => list(parties, party)),
          ...optional('patienceS', call['patienceS'], seconds),
        },
      }
    }
    case 'press':
      return { kind, callId: text(from['callId']), digits: text(from['digits']) }
    case 'hangup':
      return { kind, callId: text(from['callId']) }
    case 'answer':
    case 'release':
      return { kind, callId: text(from['callId']), ...optional('device', from['device'], text) }
    default:
      throw new Mismatch()
  }
}

function treatment(value: unknown): Treatment {
  const from = members(value)
  const kind = from['kind']
  switch (kind) {
    case 'application':
      return { kind, applicationUri: text(from['applicationUri']), parameters: userData(from['parameters']) }
    case 'sound':
      return {
        kind,
        sound: oneOf(['music', 'busy', 'fastbusy', 'ringback', 'silence', 'ran'])(from['sound']),
        ...optional('resource', from['resource'], text),
        ...optional('durationS', from['durationS'], seconds),
      }
    case 'announcement':
      return { kind, prompts: list(from['prompts'], prompt), ...optional('language', from['language'], text) }
    case 'collect':
      return {
        kind,
        prompts: list(from['prompts'], prompt),
        input: input(from['input']),
        ...optional('language', from['language'], text),
      }
    case 'pause':
      return { kind, durationS: seconds(from['durationS']) }
    default:
      throw new Mismatch()
  }
}

function prompt(value: unknown): TreatmentPrompt {
  const from = members(value)
  return {
    isInterruptible: truth(from['isInterruptible']),
    ...optional('text', from['text'], text),
    ...optional('announcementId', from['announcementId'], number),
    ...optional('number', from['number'], text),
    ...optional('userAnnouncementId', from['userAnnouncementId'], text),
  }
}

function input(value: unknown): TreatmentInput {
  const from = members(value)
  return {
    ...optional('maxDigits', from['maxDigits'], number),
    ...optional('terminationDigits', from['terminationDigits'], text),
    ...optional('ignoreDigits', from['ignoreDigits'], text),
    ...optional('abortDigits', from['abortDigits'], text),
    ...optional('startTimeoutS', from['startTimeoutS'], seconds),
    ...optional('digitTimeoutS', from['digitTimeoutS'], seconds),
    ...optional('totalTimeoutS', from['totalTimeoutS'], seconds),
    ...optional('clearFirst', from['clearFirst'], truth),
  }
}

function party(value: unknown): CallParty {
  const from = members(value)
  return {
    device: from['device'] === null ? null : text(from['device']),
    deviceType: oneOf(['routepoint', 'queue', 'agent', 'external', 'customer', 'ivr', 'unknown'])(from['deviceType']),
    state: oneOf(['dialing', 'ringing', 'connected', 'held', 'queued', 'treating', 'released'])(from['state']),
  }
}

function userData(value: unknown, depth = 0): UserData {
  if (depth > maxDepth) throw new Mismatch()
  const entries = Object.entries(members(value)).map(([key, member]): [string, string | number | UserData] => {
    if (typeof member === 'string' || typeof member === 'number') return [key, member]
    return [key, userData(member, depth + 1)]
  })
  return Object.fromEntries(entries)
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Mismatch) return undefined
    throw error
  }
}

/** The members of a JSON object. */
function members(value: unknown): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Mismatch()
  return Object.fromEntries(Object.entries(value))
}

function list<T>(value: unknown, read: (element: unknown) => T): readonly T[] {
  if (!Array.isArray(value) || value.length > 1_000) throw new Mismatch()
  return value.map((element: unknown) => read(element))
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Mismatch()
  return value
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw new Mismatch()
  return value
}

function seconds(value: unknown): number {
  const read = number(value)
  if (!(read >= 0 && read <= 1e7)) throw new Mismatch()
  return read
}

function truth(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Mismatch()
  return value
}

function oneOf<const T extends string>(allowed: readonly T[]): (value: unknown) => T {
  return (value) => {
    const found = allowed.find((each) => each === value)
    if (found === undefined) throw new Mismatch()
    return found
  }
}

function optional<const Name extends string, T>(
  name: Name,
  value: unknown,
  read: (value: unknown) => T,
): { readonly [K in Name]?: T } {
  if (value === undefined) return {}
  // One computed member: the type checker cannot follow its name.
  return { [name]: read(value) } as { readonly [K in Name]: T }
}
