import { hasMacros, interactionView, replaceMacros } from '@segue/contact'
import type { Configuration, InteractionState } from '@segue/contact'
import { isRecord } from '../values.ts'

/** Limits of what an interaction puts into the address of its application (docs/reference/limits.md). */
export const addressLimits = {
  /** Characters of one value; the rest is cut off. */
  maxValueChars: 255,
  /** Characters of all user data together, encoded; pairs beyond it are left out. */
  maxUserDataChars: 4_000,
} as const

/** What the macros of an address stand for. */
export interface AddressFacts {
  readonly routingPoint: string
  readonly dnis: string
  readonly ani: string
  readonly collectedDigits: string
  readonly emailFrom: string
  readonly emailTo: string
  readonly emailSubject: string
  readonly userData: Readonly<Record<string, unknown>>
}

/** Facts of an interaction at a routing point. What it does not have is empty. */
export function addressFacts(
  state: InteractionState,
  routingPoint: string,
  configuration: Configuration,
): AddressFacts {
  const view = interactionView(state, configuration)
  const [voice, message] = [recordOf(view['voice']), recordOf(view['msgbased'])]
  return {
    routingPoint,
    dnis: textOf(voice['dnis']) || textOf(view['contactedaddr']),
    ani: textOf(voice['ani']),
    collectedDigits: textOf(voice['ced']),
    emailFrom: textOf(message['from']),
    emailTo: textOf(message['to']),
    emailSubject: textOf(message['subject']),
    userData: recordOf(view['udata']),
  }
}

/**
 * An address with its macros filled. Values are percent-encoded and cannot change the shape of the address: one that
 * would make it another path leaves all of them empty.
 *
 * Spec: scxml-dialect §11, URL macros.
 */
export function fillAddress(url: string, facts: AddressFacts): string {
  if (!hasMacros(url)) return url
  const filled = normalized(replaceMacros(url, (macro) => valueOf(macro, facts)))
  return shapeOf(filled) === shapeOf(replaceMacros(url, () => 'x')) ? filled : normalized(emptyAddress(url))
}

/** The address of an interaction of which nothing is known, for a first look at the document. */
export function emptyAddress(url: string): string {
  return replaceMacros(url, () => '')
}

function valueOf(macro: string, facts: AddressFacts): string {
  switch (macro) {
    case 'DNIS':
      return encoded(facts.dnis)
    case 'ANI':
      return encoded(facts.ani)
    case 'DN':
      return encoded(facts.routingPoint)
    case 'CED':
      return encoded(facts.collectedDigits)
    case 'EMAILFROM':
      return encoded(facts.emailFrom)
    case 'EMAILTO':
      return encoded(facts.emailTo)
    case 'EMAILSUBJECT':
      return encoded(facts.emailSubject)
    case 'UDATA':
      return pairs(facts.userData, '=', '&')
    case 'UDATA.*':
      return pairs(facts.userData, ':', ',')
    default: {
      const name = decoded(macro.slice('UDATA.'.length))
      return Object.hasOwn(facts.userData, name) ? encoded(textOf(facts.userData[name])) : ''
    }
  }
}

/** Lists inside of user data are left out: an address has no form for them. */
function pairs(userData: Readonly<Record<string, unknown>>, between: string, after: string): string {
  let text = ''
  for (const [name, value] of Object.entries(userData)) {
    if (typeof value === 'object') continue
    const pair = `${text === '' ? '' : after}${encoded(name)}${between}${encoded(textOf(value))}`
    if (text.length + pair.length > addressLimits.maxUserDataChars) break
    text += pair
  }
  return text
}

/** Half a character, which no encoding can say, counts as unreadable. */
function encoded(value: string): string {
  const whole = value.slice(0, addressLimits.maxValueChars).replaceAll(/\p{Surrogate}/gu, '\u{fffd}')
  return encodeURIComponent(whole).replaceAll("'", '%27')
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** Origin and number of steps of the path. */
function shapeOf(url: string): string {
  if (!URL.canParse(url)) return 'none'
  const { host, pathname, protocol } = new URL(url)
  return `${protocol}//${host} ${pathname.split('/').length}`
}

function normalized(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {}
}

/** Several addresses are one text with commas. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string').join(',')
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}
