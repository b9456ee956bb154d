import { copyFile, mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkChain, type Finding } from '../check.ts'
import type { SentEvent } from '../clients.ts'
import { CrashWorld, PARTITIONS, until } from '../crash-world.ts'
import { checkpointState } from '../log-index.ts'
import { randomOf } from '../random.ts'
import { readChains, type SessionChain } from '../read-states.ts'
import { sqliteTestStore } from '../test-store.ts'
import type { Fault } from './fault.ts'

const CUTS = 8
const EVENTS = 300
const TIMEOUT_MS = 60_000
const LOG_HEADER = 32
const FRAME_HEADER = 24
const PAGE = 4096

/**
 * Copies of the database whose log ends at any byte, or in bytes that nobody wrote, as after a power failure: each opens
 * at an earlier state of the whole, in which every chain is the beginning of the one in the untorn file.
 */
export const tornLog: Fault = async ({ folder, programs, seed }) => {
  const random = randomOf(seed)
  const store = sqliteTestStore(folder)
  await using world = new CrashWorld({ programs, folder, store, seed })
  await world.start()
  const { worker } = await world.begin()
  const wanted = world.clients.acknowledged + EVENTS
  await until('events are acknowledged', TIMEOUT_MS, () => world.clients.acknowledged >= wanted)
  await world.end(worker)

  const path = join(folder, 'store.db')
  const copy = await copyStore(path, join(folder, 'whole'))
  const log = await readFile(`${path}-wal`)
  // A machine that fails has not lost what a checkpoint had begun to move.
  const { begun } = await checkpointState(path)
  const first = LOG_HEADER + begun * (FRAME_HEADER + PAGE)
  const { chains: whole } = await readChains({ kind: 'sqlite', path: copy }, PARTITIONS)
  const findings: Finding[] = []
  let shortest = Number.POSITIVE_INFINITY
  for (let cut = 0; cut < CUTS; cut++) {
    const at = first + Math.floor(random() * (log.length - first))
    const torn = await copyStore(path, join(folder, `torn-${cut}`))
    const file = await open(`${torn}-wal`, 'r+')
    await file.truncate(at)
    // Every other copy ends in a sector that was never written whole.
    if (cut % 2 === 1) await file.write(Buffer.alloc(Math.min(PAGE, log.length - at), cut), 0, null, at)
    await file.close()
    const { chains } = await readChains({ kind: 'sqlite', path: torn }, PARTITIONS)
    shortest = Math.min(shortest, total(chains))
    findings.push(...compare(chains, whole, world.clients.sent, `cut at byte ${at} of ${log.length}`))
  }
  const verdict = await world.finish()
  return {
    ...verdict,
    findings: [...verdict.findings, ...findings.map((finding) => ({ ...finding, life: 0 }))],
    seen: { cuts: CUTS, log: log.length, firstCut: first, eventsInWhole: total(whole), eventsInShortest: shortest },
  }
}

/** Database and log without the shared index, which does not survive a machine. */
async function copyStore(path: string, folder: string): Promise<string> {
  await mkdir(folder)
  const copy = join(folder, 'store.db')
  await copyFile(path, copy)
  await copyFile(`${path}-wal`, `${copy}-wal`)
  return copy
}

function compare(
  torn: ReadonlyMap<string, SessionChain>,
  whole: ReadonlyMap<string, SessionChain>,
  sent: readonly SentEvent[],
  where: string,
): readonly Finding[] {
  const findings: Finding[] = []
  for (const [session, chain] of torn) {
    findings.push(...checkChain(session, chain))
    const untorn = whole.get(session)?.taken ?? []
    if (chain.taken.some((text, at) => untorn[at] !== text)) {
      findings.push({
        kind: 'reordered',
        event: '',
        text: `${where}: session ${session} has no beginning of its events`,
      })
    }
  }
  // One state of the whole: what a session was told, the other one has said.
  for (const { plan, session } of sent) {
    if (plan.tell === undefined || torn.get(plan.tell)?.taken.includes(`${plan.id}:told`) !== true) continue
    if (torn.get(session)?.taken.includes(plan.id) === true) continue
    findings.push({ kind: 'phantom', event: plan.id, text: `${where}: "${plan.id}" was told and never said` })
  }
  return findings
}

function total(chains: ReadonlyMap<string, SessionChain>): number {
  return [...chains.values()].reduce((sum, { taken }) => sum + taken.length, 0)
}
