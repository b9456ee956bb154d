/** Offsets of one attribute in the text of its document. */
export interface ScannedAttribute {
  readonly nameStart: number
  readonly nameEnd: number
  /** Behind the opening quote. */
  readonly valueStart: number
  /** At the closing quote. */
  readonly valueEnd: number
}

export interface ScannedTag {
  readonly nameStart: number
  readonly nameEnd: number
  readonly attributes: readonly ScannedAttribute[]
}

/**
 * Finds the parts of a start tag at `start`..`end`. The tag is known to be well-formed; of a broken one the parts up to
 * the first surprise are found.
 *
 * Cost: O(length of the tag).
 */
export function scanTag(text: string, start: number, end: number): ScannedTag {
  const nameStart = start + 1
  const nameEnd = endOfName(text, nameStart, end)
  const attributes: ScannedAttribute[] = []
  let at = skipSpace(text, nameEnd, end)
  while (at < end && text[at] !== '>' && text[at] !== '/') {
    const attributeStart = at
    const attributeEnd = endOfName(text, at, end)
    at = skipSpace(text, attributeEnd, end)
    if (text[at] !== '=') break
    at = skipSpace(text, at + 1, end)
    const quote = text[at]
    if (quote !== '"' && quote !== "'") break
    const close = text.indexOf(quote, at + 1)
    if (close === -1 || close >= end) break
    attributes.push({ nameStart: attributeStart, nameEnd: attributeEnd, valueStart: at + 1, valueEnd: close })
    at = skipSpace(text, close + 1, end)
  }
  return { nameStart, nameEnd, attributes }
}

function endOfName(text: string, from: number, end: number): number {
  let at = from
  while (at < end && !isSpace(text.charCodeAt(at)) && !'=/>'.includes(text.charAt(at))) at += 1
  return at
}

function skipSpace(text: string, from: number, end: number): number {
  let at = from
  while (at < end && isSpace(text.charCodeAt(at))) at += 1
  return at
}

function isSpace(unit: number): boolean {
  return unit === 32 || unit === 9 || unit === 10 || unit === 13
}
