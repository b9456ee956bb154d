/** No white space or control characters: such a name could never be matched. */
export function isEventName(name: string): boolean {
  return name !== '' && !/[\s\p{Cc}]/u.test(name)
}
