import type { KillPoint } from './contract.ts'
import { randomOf } from './random.ts'

/** As many of each point as can be, in an order that the seed decides. */
export function pointsOf(seed: number, count: number, wanted: readonly KillPoint[]): KillPoint[] {
  const random = randomOf(seed)
  const start = Math.floor(random() * wanted.length)
  const points = Array.from({ length: count }, (_, at) => wanted[(start + at) % wanted.length] ?? 'random')
  for (let at = points.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const [one = 'random', two = 'random'] = [points[at], points[other]]
    points[at] = two
    points[other] = one
  }
  return points
}
