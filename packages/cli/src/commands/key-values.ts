import { CommandFailure, EXIT } from '../exit-codes.ts'

/** Reads `key=value` words. */
export function keyValues(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=')
      if (at < 1) throw new CommandFailure(EXIT.usage, `"${word}" is not of the form key=value`)
      return [word.slice(0, at), word.slice(at + 1)]
    }),
  )
}
