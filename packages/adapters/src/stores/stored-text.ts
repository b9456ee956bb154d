/**
 * Text as databases can keep it. PostgreSQL refuses the character NUL, SQLite's binding cuts a text off at it, and
 * neither knows half of a surrogate pair; ids and names come from outside and may have them. Such characters are
 * written behind the escape character U+001A; text without them stays as it is.
 *
 * Uses nothing from outside of itself: a store's worker thread runs it from its source text.
 */
export function toStoredText(text: string): string {
  // oxlint-disable no-control-regex -- the characters are the matter
  return /[\0\u001A]|\p{Surrogate}/u.test(text)
    ? text.replaceAll(
        /[\0\u001A]|\p{Surrogate}/gu,
        (character) => `\u001A${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
    : text
}

/** Reads what `toStoredText` wrote. */
export function fromStoredText(stored: string): string {
  // oxlint-disable-next-line no-control-regex -- the character is the matter
  return stored.includes('\u001A')
    ? stored.replaceAll(/\u001A([0-9a-f]{4})/g, (_whole, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : stored
}
