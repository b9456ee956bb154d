import type { Configuration } from '@segue/contact'
import { isRecord, shown } from './values.ts'

/** A place that a switch can dial, or why a value is none. */
export type Address =
  | { readonly ok: true; readonly number: string; readonly switchName: string | undefined }
  | { readonly ok: false; readonly reason: string }

/**
 * The number that an address value stands for: text or a resource object. Agents and places are looked up in the
 * configuration; a number that is nowhere in it is an external destination.
 * Spec: interaction-model §5; queue §2.
 */
export function addressOf(value: unknown, configuration: Configuration): Address {
  if (typeof value === 'number' && Number.isFinite(value)) return dial(String(value))
  if (typeof value === 'string') return fromText(value.trim(), configuration)
  if (isRecord(value)) return fromResource(value, configuration)
  return cannot(`it is ${shown(value)}`)
}

/** A destination in the form of a target: `name@server.TYPE`, server optional. */
const targetForm = /^(.+)@([^@]*)\.(A|AP|GA|GP|AG|PG|Q|RP|DN|DL)$/i

function fromText(text: string, configuration: Configuration): Address {
  if (text === '') return cannot('it is empty')
  if (/^(?:sips?|tel):/i.test(text)) return dial(text)
  const target = targetForm.exec(text)
  if (target?.[1] !== undefined && target[3] !== undefined) {
    const [, name, place, type] = target
    return byType(type, { name, switchName: place === '' ? undefined : place }, configuration)
  }
  const at = text.lastIndexOf('@')
  const switchName = text.slice(at + 1)
  // Anything else with an "@" may be a user at a host: it is dialled as it stands.
  return at > 0 && isSwitch(switchName, configuration) ? dial(text.slice(0, at), switchName) : dial(text)
}

function fromResource(resource: Readonly<Record<string, unknown>>, configuration: Configuration): Address {
  const member = (name: string): string | undefined => {
    const value = resource[name]
    if (typeof value === 'number') return String(value)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const number = member('dn')
  // The resource of "queue.submit.done" names an agent and also the number that was chosen: the number decides.
  if (number !== undefined) return dial(number, member('switch'))
  const type = member('type')
  if (type === undefined) return cannot('it has neither "dn" nor "type"')
  const name = member('agent') ?? member('place') ?? member('id')
  if (name === undefined) return cannot('it names no agent, place or number')
  return byType(type, { name, switchName: member('switch') }, configuration)
}

function byType(
  type: string,
  { name, switchName }: { readonly name: string; readonly switchName: string | undefined },
  configuration: Configuration,
): Address {
  switch (type.toUpperCase()) {
    case 'A': {
      const agent = configuration.agents.find(({ id }) => id === name)
      return agent === undefined ? cannot(`there is no agent "${name}"`) : dial(agent.dn)
    }
    case 'AP': {
      const place = configuration.places.find((one) => one.name === name)
      const number = place?.dns[0]
      return number === undefined ? cannot(`there is no place "${name}" with a number`) : dial(number)
    }
    case 'Q':
    case 'RP':
    case 'DN':
    case 'DL':
      // In targets the part after "@" may also be a statistics server, which is a label only.
      return dial(name, isSwitch(switchName, configuration) ? switchName : undefined)
    default:
      return cannot(`a resource of type "${type}" has to be chosen by "queue:submit"`)
  }
}

function isSwitch(name: string | undefined, configuration: Configuration): boolean {
  return configuration.switches.some((one) => one.name === name)
}

function dial(number: string, switchName?: string): Address {
  return { ok: true, number, switchName }
}

function cannot(reason: string): Address {
  return { ok: false, reason }
}
