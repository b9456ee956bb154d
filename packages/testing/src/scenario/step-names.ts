import type { Step } from './scenario.ts'

type NamedStep = Exclude<Step, { kind: 'note' }>

/** Names that a step gives to a call, an interaction or a session. */
export function namesIn(step: NamedStep): readonly string[] {
  if (step.kind === 'then') return []
  const { call, interaction, start } = step.value
  switch (step.key) {
    case 'call':
      return call === undefined ? [] : [call.as ?? 'call']
    case 'interaction':
      return interaction === undefined ? [] : [interaction.as ?? 'interaction']
    case 'start':
      return start === undefined ? [] : [start.as ?? 'session']
    default:
      return []
  }
}

/** Names that a step uses. Numbers of sessions are no names. */
export function usesIn(step: NamedStep): readonly string[] {
  return written(step).filter(
    (name): name is string => name !== undefined && !name.includes('${') && !/^\d+$/.test(name),
  )
}

function written(step: NamedStep): readonly (string | undefined)[] {
  if (step.kind === 'then') {
    const { call, interaction, session } = step.value
    return [
      session,
      typeof call === 'string' ? undefined : call?.name,
      interaction?.name,
      interaction?.owner === 'none' ? undefined : interaction?.owner,
    ]
  }
  const { event, press, terminate } = step.value
  switch (step.key) {
    case 'hang up':
    case 'pick up':
    case 'put down':
      return [step.value[step.key]]
    case 'press':
      return [press?.call]
    case 'event':
      return typeof event === 'object' ? [event.session, event.interaction] : []
    case 'terminate':
      return [terminate]
    case 'tell interaction':
      return [step.value['tell interaction']?.interaction]
    default:
      return []
  }
}
