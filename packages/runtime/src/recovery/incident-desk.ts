import type { Acceptance, Message, Performer } from '../entity/contract.ts'
import type { Effects } from '../effects/effects.ts'
import type { Incident } from '../entity/runtime.ts'
import type { Store } from '../ports/store.ts'
import {
  DECISION,
  INCIDENTS,
  openedBody,
  readIncidents,
  type IncidentAction,
  type IncidentRecord,
  type IncidentResolution,
  type IncidentSubject,
} from './incident-log.ts'

/** What the desk needs of the rest of the runtime. */
export interface IncidentDeskPort {
  readonly store: Pick<Store, 'load'>
  /** Takes a message of somebody outside. */
  deliver(message: Message): Promise<Acceptance>
  /** Takes a message of the runtime itself: not refused because much waits. */
  accept(message: Message): Promise<Acceptance>
  effects(): Pick<Effects, 'retry' | 'skip'>
}

/** Where operators see what is stuck or failed, and decide what becomes of it. */
export class IncidentDesk {
  readonly #port: IncidentDeskPort
  /** Carries out what was decided about effects. */
  readonly performer: Performer = {
    types: [DECISION],
    perform: (effect) => {
      const key = String(effect.body['key'])
      const effects = this.#port.effects()
      if (effect.body['action'] === 'retry') effects.retry(key)
      else effects.skip(key)
      effect.done()
      return Promise.resolve()
    },
  }

  constructor(port: IncidentDeskPort) {
    this.#port = port
  }

  /** Puts an incident on record that belongs to no step. */
  open(incident: Incident, about: IncidentSubject): Promise<Acceptance> {
    return this.#port.accept({ to: INCIDENTS, source: 'runtime', creates: true, body: openedBody(incident, about) })
  }

  async incidents(): Promise<readonly IncidentRecord[]> {
    const [stored] = await this.#port.store.load([INCIDENTS])
    return readIncidents(stored)
  }

  async resolve(id: string, action: IncidentAction): Promise<IncidentResolution> {
    const record = (await this.incidents()).find((one) => one.id === id)
    if (record === undefined) return { status: 'unknown' }
    if (!record.actions.includes(action)) return { status: 'refused', actions: record.actions }
    const body = { kind: 'decided', id, action }
    const acceptance = await this.#port.deliver({ to: INCIDENTS, source: 'operator', body })
    return acceptance.status === 'overloaded' ? acceptance : { status: 'resolved' }
  }
}
