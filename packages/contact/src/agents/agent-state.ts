import type { AgentSwitchState } from '../contract.ts'

/** What an agent has said about being there; whether the agent is busy follows from the calls at the telephone. */
export type AgentState = 'loggedOut' | 'notReady' | 'ready' | 'afterCallWork'

const transitions: Readonly<Record<AgentState, Readonly<Partial<Record<AgentSwitchState, AgentState>>>>> = {
  loggedOut: { login: 'notReady', ready: 'ready', notReady: 'notReady' },
  notReady: {
    login: 'notReady',
    logout: 'loggedOut',
    ready: 'ready',
    notReady: 'notReady',
    afterCallWork: 'afterCallWork',
  },
  ready: { login: 'ready', logout: 'loggedOut', ready: 'ready', notReady: 'notReady', afterCallWork: 'afterCallWork' },
  afterCallWork: {
    login: 'afterCallWork',
    logout: 'loggedOut',
    ready: 'ready',
    notReady: 'notReady',
    afterCallWork: 'afterCallWork',
  },
}

/**
 * State of an agent after an event of the switch; `undefined` when the agent cannot go there. Ready without a login is
 * taken as both: the login may have been missed.
 */
export function nextAgentState(state: AgentState, event: AgentSwitchState): AgentState | undefined {
  return transitions[state][event]
}
