import type { SwitchAnswer } from '@segue/contact'

/**
 * Answers to commands by their key, so that a repeated command is answered and not performed. Kept as long as the call
 * lives, and for the last `keepAfterEnd` commands of ended calls.
 */
export class KeyMemory {
  readonly #answers = new Map<string, SwitchAnswer>()
  readonly #byCall = new Map<string, string[]>()
  /** Keys of ended calls, oldest first; a set keeps the order of insertion. */
  readonly #retired = new Set<string>()
  readonly #keepAfterEnd: number

  constructor(keepAfterEnd: number) {
    this.#keepAfterEnd = keepAfterEnd
  }

  get(key: string): SwitchAnswer | undefined {
    return this.#answers.get(key)
  }

  /** Keys that a living call has used. */
  count(callId: string): number {
    return this.#byCall.get(callId)?.length ?? 0
  }

  put(key: string, callId: string, answer: SwitchAnswer, isAlive: boolean): void {
    this.#answers.set(key, answer)
    if (!isAlive) return this.#retire(key)
    const keys = this.#byCall.get(callId)
    if (keys === undefined) this.#byCall.set(callId, [key])
    else keys.push(key)
  }

  callEnded(callId: string): void {
    const keys = this.#byCall.get(callId) ?? []
    this.#byCall.delete(callId)
    for (const key of keys) this.#retire(key)
  }

  /** Everything that a journal must keep: keys of ended calls, oldest first, then those of living ones. */
  *entries(): Iterable<{ readonly key: string; readonly answer: SwitchAnswer }> {
    for (const key of [...this.#retired, ...[...this.#byCall.values()].flat()]) {
      const answer = this.#answers.get(key)
      if (answer !== undefined) yield { key, answer }
    }
  }

  #retire(key: string): void {
    this.#retired.add(key)
    if (this.#retired.size <= this.#keepAfterEnd) return
    for (const oldest of this.#retired) {
      this.#retired.delete(oldest)
      this.#answers.delete(oldest)
      return
    }
  }
}
