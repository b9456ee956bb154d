/**
 * Start parameters as the engine takes them, encoded.
 * Spec: scxml-dialect, Decisions (start parameters).
 */
export function startParameters(
  parameters: Readonly<Record<string, unknown>>,
  options: { readonly are: 'text' | 'values'; readonly parsesText: boolean },
): Record<string, string> {
  const encoded: Record<string, string> = {}
  for (const [name, value] of Object.entries(parameters)) {
    const text =
      typeof value === 'string' && options.are === 'text' && options.parsesText
        ? encodedText(value)
        : JSON.stringify(value)
    // `Object.defineProperty`: a parameter may be called "__proto__".
    if (text !== undefined)
      Object.defineProperty(encoded, name, { value: text, enumerable: true, configurable: true, writable: true })
  }
  return encoded
}

/** Text that is JSON of an object, array, number or boolean counts as that; any other stays text. */
function encodedText(text: string): string {
  const start = text.trimStart().charAt(0)
  if (!/[-{[0-9tf]/.test(start)) return JSON.stringify(text)
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' || value === null ? JSON.stringify(text) : JSON.stringify(value)
  } catch {
    return JSON.stringify(text)
  }
}
