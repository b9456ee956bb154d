import type { Acceptance } from '../../src/entity/contract.ts'

export interface TakenOptions {
  /** It begins a new incarnation. */
  readonly isNew: boolean
  /** The message may come more than once. */
  readonly mayRepeat: boolean
}

/** Entities of the class `none`: nothing of them is stored, so their lives are kept here. */
export class VolatileModel {
  readonly #finds: (finding: string) => void
  /** Texts of the present incarnation, by life and entity. */
  readonly #taken = new Map<string, Set<string>>()
  /** All texts, by life and entity. */
  readonly #everTaken = new Map<string, Set<string>>()
  #steps = 0

  constructor(finds: (finding: string) => void) {
    this.#finds = finds
  }

  get steps(): number {
    return this.#steps
  }

  /** A step was answered. */
  stepped(life: number, key: string, text: string, options: TakenOptions): void {
    const name = `${life} ${key}`
    this.#steps++
    if (options.isNew) this.#taken.delete(name)
    const taken = this.#taken.get(name) ?? new Set()
    if (taken.has(text) && !options.mayRepeat && !text.startsWith('timer '))
      this.#finds(`${key}: "${text}" was taken twice by one incarnation`)
    this.#taken.set(name, taken.add(text))
    this.#everTaken.set(name, (this.#everTaken.get(name) ?? new Set()).add(text))
  }

  /** A sender was answered. */
  answers(life: number, key: string, text: string, { status }: Acceptance): void {
    if (status === 'accepted' && this.#everTaken.get(`${life} ${key}`)?.has(text) !== true)
      this.#finds(`${key}: "${text}" was accepted and not taken`)
  }
}
