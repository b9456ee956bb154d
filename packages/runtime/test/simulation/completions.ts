import type { Chance } from './chance.ts'

/** Something that was begun and has not come to its end: the seed says when it does. */
export interface Completion {
  readonly title: string
  /** Life of the node that waits for it. */
  readonly life: number
  run(): void
}

/** What is under way outside of the runtime, completed in any order. */
export class Completions {
  readonly #chance: Chance
  #waiting: Completion[] = []
  #reorderings = 0

  constructor(chance: Chance) {
    this.#chance = chance
  }

  get size(): number {
    return this.#waiting.length
  }

  /** Completions that came before one that was begun earlier. */
  get reorderings(): number {
    return this.#reorderings
  }

  add(completion: Completion): void {
    this.#waiting.push(completion)
  }

  /** Resolves when the seed picks it. */
  hold(title: string, life: number): Promise<void> {
    return new Promise((run) => this.add({ title, life, run }))
  }

  /** Completes one; half of the time the oldest, else any. */
  next(): Completion | undefined {
    const at = this.#chance.happens(0.5) ? 0 : this.#chance.below(this.#waiting.length)
    const [picked] = this.#waiting.splice(at, 1)
    if (picked === undefined) return undefined
    if (this.#waiting.slice(0, at).some((earlier) => earlier.life === picked.life)) this.#reorderings++
    picked.run()
    return picked
  }

  /** Takes out what satisfies `isGone`. */
  drop(isGone: (completion: Completion) => boolean): void {
    this.#waiting = this.#waiting.filter((completion) => !isGone(completion))
  }
}
