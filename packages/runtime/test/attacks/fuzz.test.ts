import { expect, it } from 'vitest'
import { attackWorld, type AttackWorld } from './attack-world.ts'
import { composeAttack, seededRandom } from './compose.ts'

const seconds = Number(process.env['SEGUE_ATTACK_SECONDS'] ?? 5)
const seed = Number(process.env['SEGUE_ATTACK_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** Attacks after which everything that is shared is looked at, and the world is made anew. */
const batchSize = 25
const perWorld = 400

it(
  `composed attacks stay inside (seed ${seed}, ${seconds} s)`,
  async () => {
    const random = seededRandom(seed)
    const endMs = performance.now() + seconds * 1000
    let world: AttackWorld | undefined
    let attacks = 0
    let batch: string[] = []
    try {
      while (performance.now() < endMs) {
        if (attacks % perWorld === 0) {
          world?.[Symbol.dispose]()
          world = await attackWorld()
        }
        if (world === undefined) break
        const text = composeAttack(random)
        attacks += 1
        batch.push(text)
        expect(await world.attack(text, { limit: 200 }), `attack ${attacks} of seed ${seed}:\n${text}`).toEqual([])
        if (batch.length < batchSize) continue
        expect(await world.check(), `attacks up to ${attacks} of seed ${seed}:\n${batch.join('\n---\n')}`).toEqual([])
        batch = []
      }
      expect(await world?.check()).toEqual([])
    } finally {
      world?.[Symbol.dispose]()
    }
    console.info(`${attacks} composed attacks with seed ${seed}`)
    expect(attacks).toBeGreaterThan(0)
  },
  (seconds + 60) * 1000,
)
