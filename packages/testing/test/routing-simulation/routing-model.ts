import type { InboxBatch, PartitionBatch, Step } from '@segue/runtime'

/** An offer of a request to an agent that the interaction has not answered. */
interface Offer {
  readonly requestKey: string
  readonly agentId: string
  readonly interactionId: string
}

/** What the routing domain has decided, from the commits that landed, and what must hold of it at any time. */
export class RoutingModel {
  readonly findings: string[] = []
  news: string[] = []
  /** By key of the effect. */
  readonly #offers = new Map<string, Offer>()
  readonly #done = new Set<string>()
  readonly #ended = new Set<string>()
  #decisions = 0

  get decisions(): number {
    return this.#decisions
  }

  /** A batch became durable. */
  committed(batch: PartitionBatch): void {
    for (const step of batch.steps) this.#step(step)
    for (const key of batch.answered ?? []) this.#offers.delete(key)
  }

  appended(_batch: InboxBatch, _sequences: readonly number[]): void {}

  doubts(_texts: readonly string[]): void {}

  textsIn(_batch: PartitionBatch): readonly string[] {
    return []
  }

  #step(step: Step): void {
    for (const key of step.answered) this.#offers.delete(key)
    if (step.ref.kind === 'interaction' && step.change.kind === 'end') this.#gone(step.ref.id)
    for (const row of step.rows) if (row.kind === 'put' && row.table === 'agent') this.#seen(row.key, row.value)
    for (const { body, key, type } of step.effects) {
      if (type !== 'message' || step.ref.kind !== 'domain') continue
      const { answers, message, to } = JSON.parse(body)
      if (message.kind === 'routeTo') this.#offered(key, { ...message.decision, interactionId: to.id })
      if (message.name === 'queue.submit.done' && answers !== undefined) this.#isDone(String(answers))
    }
  }

  /** The caller has hung up: nobody is offered the call any more. */
  #gone(interactionId: string): void {
    this.#ended.add(interactionId)
    for (const [key, offer] of this.#offers) if (offer.interactionId === interactionId) this.#offers.delete(key)
  }

  /** A call that is at the telephone is no offer any more, whatever becomes of it. */
  #seen(agentId: string, row: string): void {
    const { calls } = JSON.parse(row)
    for (const [key, offer] of this.#offers) {
      if (offer.agentId === agentId && offer.interactionId in calls) this.#offers.delete(key)
    }
  }

  #offered(key: string, { agentId, interactionId, requestKey }: Offer): void {
    this.#decisions++
    this.news.push(`${requestKey} is offered to ${agentId}`)
    if (this.#done.has(requestKey)) this.findings.push(`${requestKey} was routed and is offered to ${agentId}`)
    // Nobody is there to take it any more: the domain has not heard of it yet.
    if (this.#ended.has(interactionId)) return
    for (const other of this.#offers.values()) {
      if (other.requestKey === requestKey)
        this.findings.push(`${requestKey} is offered to ${agentId} and ${other.agentId}`)
      else if (other.agentId === agentId && agentId !== '')
        this.findings.push(`${agentId} has offers of ${other.requestKey} and ${requestKey}`)
    }
    this.#offers.set(key, { agentId, interactionId, requestKey })
  }

  #isDone(requestKey: string): void {
    if (this.#done.has(requestKey)) this.findings.push(`${requestKey} was routed twice`)
    this.#done.add(requestKey)
    this.news.push(`${requestKey} is routed`)
  }
}
