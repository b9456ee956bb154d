/**
 * Sets the time zone of the machine as scripts see it, and gives what sets it back. It belongs to the process: worlds
 * with different zones cannot live at the same time.
 */
export function inZone(zone: string | undefined): () => void {
  if (zone === undefined) return () => undefined
  // Node reads this variable anew at every change: no other way to set the zone of `Date` is there.
  const { env } = process
  const before = env['TZ']
  env['TZ'] = zone
  return () => {
    if (before === undefined) delete env['TZ']
    else env['TZ'] = before
  }
}
