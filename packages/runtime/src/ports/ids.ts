/** Source of ids and seeds that are not derived from a step: session ids of API starts, seeds of steps. */
export interface Ids {
  /** 27 characters of `[0-9A-Z]`. */
  sessionSuffix(): string
  /** 32-bit unsigned integer. */
  seed(): number
}
