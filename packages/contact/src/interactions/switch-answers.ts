import type { InteractionMessage } from '../contract.ts'
import { contactFault } from '../errors.ts'
import { leaveRoutingPoint } from './ownership.ts'
import { done, invalidState, refuse } from './refusal.ts'
import { redirectDone } from './requests.ts'
import { dialogError } from './treatments.ts'
import type { PendingCommand } from './interaction-state.ts'
import type { InteractionWork } from './work.ts'

type Failure = Extract<Extract<InteractionMessage, { kind: 'switchAnswer' }>['answer'], { ok: false }>

/** Takes the switch's answer to a command. */
export function takeSwitchAnswer(
  work: InteractionWork,
  message: Extract<InteractionMessage, { kind: 'switchAnswer' }>,
): void {
  const { pending } = work.state
  const command = pending.find((one) => one.commandKey === message.commandKey)
  if (command === undefined) return
  work.update({ pending: pending.filter((one) => one !== command) })
  if (message.answer.ok) succeeded(work, command)
  else failed(work, command, message.answer)
}

/** Ends a command that will not be answered because the call is gone. */
export function failCommand(work: InteractionWork, command: PendingCommand): void {
  // A terminate has what it wanted when the call is gone.
  if (command.kind === 'terminate') return done(work, command, 'terminate', command.requestId)
  failed(work, command, { ok: false, error: 'unknown', description: 'the call has ended' })
}

function succeeded(work: InteractionWork, command: PendingCommand): void {
  switch (command.kind) {
    case 'redirect':
      leaveIfWaiting(work, command.to)
      return redirectDone(work, command, command)
    case 'routeTo': {
      const { decision } = command
      leaveIfWaiting(work, decision.destination)
      const { requestKey } = decision
      work.toDomain({ kind: 'routed', requestKey, ok: true, error: '', description: '', decision }, command.replyKey)
      return
    }
    case 'terminate':
    case 'accept':
      return done(work, command, command.kind, command.requestId)
    case 'stopTreatment': {
      const data = { requestid: command.requestId, interactionid: work.state.id }
      return work.answer(command, { name: 'dialog.stop.done', data, module: 'dialog' })
    }
    case 'defaultRoute':
      leaveIfWaiting(work, command.to)
      work.trace.push({ kind: 'interaction.defaultRouted', interactionId: work.state.id, to: command.to })
      return
    case 'treat':
    case 'treatLoop':
    case 'userData':
    case 'silent':
      return
  }
}

function failed(work: InteractionWork, command: PendingCommand, failure: Failure): void {
  const { error, description } = failure
  work.trace.push({
    kind: 'interaction.commandFailed',
    ...contactFault('SEG-IXN-003', { switch: work.state.switchName, reason: `${error} ${description}`.trim() }),
  })
  switch (command.kind) {
    case 'redirect':
    case 'terminate':
    case 'accept': {
      const isDetailed = command.kind === 'terminate' && error === 'invalidstate'
      const named = isDetailed ? invalidState(work.state) : error
      const request = { action: command.kind, requestId: command.requestId }
      return refuse(work, command, request, { error: named, description })
    }
    case 'routeTo': {
      const { decision } = command
      work.toDomain(
        { kind: 'routed', requestKey: decision.requestKey, ok: false, error, description, decision },
        command.replyKey,
      )
      return
    }
    case 'stopTreatment': {
      const treatment = { requestId: command.requestId, element: 'stop' }
      return work.answer(command, dialogError(work, treatment, { error, description }))
    }
    case 'treat':
    case 'treatLoop': {
      const { treatment } = work.state
      if (treatment?.commandKey !== command.commandKey) return
      work.update({ treatment: undefined })
      if (work.state.life === 'treating') work.become('queued')
      if (treatment.element === '') return
      const named = error === 'invalidstate' ? invalidState(work.state) : error
      return work.answer(treatment, dialogError(work, treatment, { error: named, description }))
    }
    case 'defaultRoute':
    case 'userData':
    case 'silent':
      return
  }
}

/** The party events of the new device may have come before the answer. */
function leaveIfWaiting(work: InteractionWork, destination: string): void {
  const { call, hasReturned, life } = work.state
  // The answer may come late: the call waits at the next routing point, or has been away and is back.
  if (hasReturned === true || call?.atRoutingPoint === destination) return
  if (life === 'queued' || life === 'treating') leaveRoutingPoint(work)
}
