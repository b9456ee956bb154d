/** Most dots of a name that are looked at. */
const maxParts = 64

/** A dotted name and what stands before each of its dots: `a.b.c`, `a.b`, `a`. */
export function prefixesOf(name: string): readonly string[] {
  const prefixes = [name]
  for (let at = name.lastIndexOf('.'); at > 0 && prefixes.length < maxParts; at = name.lastIndexOf('.', at - 1)) {
    prefixes.push(name.slice(0, at))
  }
  return prefixes
}
