import type { Configuration } from '../configuration/configuration.ts'
import { defaultTenant } from '../configuration/lookup.ts'
import type { ContactContext, ContactEffect, ContactTrace, DomainMessage, SessionNotice } from '../contract.ts'
import { contactFault } from '../errors.ts'
import type { SwitchCommand } from '../ports/voice.ts'
import type { InteractionState, PendingCommand } from './interaction-state.ts'
import { canTransition, type InteractionLifeState } from './life-cycle.ts'
import { interactionView } from './view.ts'

const maxAnswers = 16

/** What a request still has to know of a command when the switch answers. */
export type CommandPurpose = PendingCommand extends infer P
  ? P extends PendingCommand
    ? Omit<P, 'commandKey'>
    : never
  : never

/** One step of an interaction while it is being made: the new state and what follows from it. */
export class InteractionWork {
  readonly context: ContactContext
  readonly configuration: Configuration
  readonly effects: ContactEffect[] = []
  readonly trace: ContactTrace[] = []
  state: InteractionState

  constructor(state: InteractionState, context: ContactContext, configuration: Configuration) {
    this.state = state
    this.context = context
    this.configuration = configuration
  }

  update(change: Partial<InteractionState>): void {
    this.state = { ...this.state, ...change }
  }

  /** Goes to another state of life; an irregular step is traced, the switch is believed. */
  become(life: InteractionLifeState): void {
    const from = this.state.life
    if (from === life) return
    if (!canTransition(from, life)) {
      this.trace.push({ kind: 'interaction.irregular', ...contactFault('SEG-IXN-001', { from, to: life }) })
    }
    this.trace.push({ kind: 'interaction.state', interactionId: this.state.id, from, to: life })
    this.update({ life })
  }

  /** Tells the owning session, with the view as of this event. */
  tellOwner(name: string, data: Readonly<Record<string, unknown>>): void {
    if (this.state.owner === '') return
    this.effects.push({ kind: 'notify', sessionId: this.state.owner, notice: this.noticeWithView(name, data) })
  }

  /** The interaction leaves its owner's list with `interaction.deleted`. */
  tellDeleted(resultOf: 'deletion' | 'detach'): void {
    const { owner, id } = this.state
    if (owner === '') return
    const notice: SessionNotice = {
      name: 'interaction.deleted',
      data: { interactionid: id, resultof: resultOf },
      module: 'interaction',
      payload: { kind: 'remove', interactionId: id },
    }
    this.effects.push({ kind: 'notify', sessionId: owner, notice })
  }

  /** Answers a request of a session and remembers the answer. */
  answer(request: { readonly sessionId: string; readonly replyKey: string }, notice: SessionNotice): void {
    this.remember(request.replyKey, {
      kind: 'notify',
      sessionId: request.sessionId,
      notice,
      answers: request.replyKey,
    })
  }

  /** Answers an open effect of whoever sent it. */
  remember(replyKey: string, effect: ContactEffect): void {
    this.effects.push(effect)
    this.update({ answered: [...this.state.answered, { replyKey, effect }].slice(-maxAnswers) })
  }

  /** A notice whose payload updates the session's list, when the session owns the interaction. */
  noticeWithView(name: string, data: Readonly<Record<string, unknown>>): SessionNotice {
    const interaction = interactionView(this.state, this.configuration)
    return { name, data, module: 'interaction', payload: { kind: 'put', interaction } }
  }

  /** Sends a command to the switch; its answer comes as `switchAnswer` with the key of the effect. */
  command(command: SwitchCommand, purpose: CommandPurpose): string {
    const commandKey = effectKeyAt(this.context.stepKey, countRows(this.effects))
    this.effects.push({ kind: 'switch', switchName: this.state.switchName, command })
    this.update({ pending: [...this.state.pending, { ...purpose, commandKey }] })
    return commandKey
  }

  toDomain(message: DomainMessage, answers?: string): void {
    const domain = defaultTenant(this.configuration).name
    const effect: ContactEffect = { kind: 'toDomain', domain, message, ...(answers === undefined ? {} : { answers }) }
    if (answers === undefined) this.effects.push(effect)
    else this.remember(answers, effect)
  }
}

/**
 * Key of an effect of a step: `n` counts, from 0, the effects of the step that become rows, in order (all but `timer`,
 * `cancelTimer` and `withdraw`).
 */
export function effectKeyAt(stepKey: string, n: number): string {
  return `${stepKey}:${n}`
}

function countRows(effects: readonly ContactEffect[]): number {
  return effects.filter((one) => one.kind !== 'timer' && one.kind !== 'cancelTimer' && one.kind !== 'withdraw').length
}
