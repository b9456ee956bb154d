/** An address as people may see it: without the password. */
export function postgresLocation(url: string): string {
  if (!URL.canParse(url)) return 'postgres://'
  const shown = new URL(url)
  shown.password = ''
  return shown.href
}
