import type { SourceSequences } from './envelope.ts'
import { SparseMap } from './sparse-map.ts'

const EFFECT = 'effect:'

/**
 * Last sequence taken from each source of one entity, for deduplication (P9). Ordinary sources are bounded, the one
 * silent for longest goes first; sources of effects (`effect:<key>`) live as long as their effect is unanswered.
 */
export class Sources {
  readonly #bound: number
  readonly #ordinary = new SparseMap<string, number>()
  readonly #effects = new SparseMap<string, number>()

  constructor(bound: number) {
    this.#bound = bound
  }

  /** Whether a message was taken before. */
  has(source: string, sequence: number): boolean {
    const last = (source.startsWith(EFFECT) ? this.#effects : this.#ordinary).get(source)
    return last !== undefined && sequence <= last
  }

  set(source: string, sequence: number): void {
    if (source.startsWith(EFFECT)) {
      this.#effects.set(source, sequence)
      return
    }
    this.#ordinary.delete(source)
    this.#ordinary.set(source, sequence)
    if (this.#ordinary.size <= this.#bound) return
    for (const oldest of this.#ordinary.keys()) {
      this.#ordinary.delete(oldest)
      return
    }
  }

  /** An effect was answered or withdrawn: nothing more is taken from it. */
  forgetEffect(key: string): void {
    if (this.#effects.size > 0) this.#effects.delete(EFFECT + key)
  }

  /** Folds a stored header: what it names was taken after everything before. */
  fold(sequences: SourceSequences): void {
    for (const [source, sequence] of sequences) this.set(source, sequence)
  }

  /** Forgets effects for which `isOpen` is not true. */
  keepEffects(isOpen: (key: string) => boolean): void {
    for (const source of this.#effects.keys()) if (!isOpen(source.slice(EFFECT.length))) this.#effects.delete(source)
  }

  toSequences(): SourceSequences {
    return [...this.#ordinary, ...this.#effects]
  }
}
