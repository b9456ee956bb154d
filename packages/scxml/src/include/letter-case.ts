/**
 * Whether the file that was found has the asked name in another letter case: authored on a file system that ignores
 * case, served from one that tells it apart.
 */
export function differsInCase(href: string, base: string, foundUrl: string): boolean {
  const asked = absolute(href, base)
  const found = absolute(foundUrl, base)
  return asked !== found && asked.toLowerCase() === found.toLowerCase()
}

/** The address as a URL with its escapes undone; the text itself where it is none. */
export function absolute(href: string, base: string): string {
  try {
    return decodeURI(new URL(href, base).href)
  } catch {
    return href
  }
}

/** Last part of an address, as a person names the file. */
export function fileName(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1)
}
