import { createDocumentResolver, systemClock } from '@segue/adapters'
import { contextRealm } from '@segue/runtime'
import type { Realm, Resolve } from '@segue/scxml'
import type { BasicHttpServer } from './basic-http-server.ts'
import { letPass, passageOf } from './passage.ts'
import type { ClockKind, Passage } from './passage.ts'
import { SessionWorld } from './session-world.ts'

/** What every test of a run shares. */
export interface TestSurroundings {
  readonly http: BasicHttpServer
  readonly realm?: () => Realm
  /** How long one test may take. Units: seconds, on the clock of the test and on the machine's. */
  readonly limitS: number
  /** Folder outside of which no file is read. */
  readonly folder: string
}

/** A test on its way: a world of its own, its time and its bounds. */
export interface TestRun extends AsyncDisposable {
  readonly world: SessionWorld
  readonly passage: Passage
  /** Lets time pass. Errors: `false` when the machine took too long. */
  pass(durationMs: number, isOver?: () => boolean): Promise<boolean>
}

/** Opens a test. `texts` stand in for files, by address. */
export function openTest(
  { folder, http, limitS, realm = contextRealm }: TestSurroundings,
  clock: ClockKind,
  texts: ReadonlyMap<string, string> = new Map(),
): TestRun {
  const passage = passageOf(clock)
  const files = createDocumentResolver({ clock: systemClock(), fileRoots: [folder], httpAllow: [] })
  const resolve: Resolve = (href, base, kind) => {
    const url = URL.canParse(href, base) ? new URL(href, base).href : href
    const text = texts.get(url)
    return text === undefined ? files(href, base, kind) : Promise.resolve({ found: true, source: { url, text } })
  }
  const deadlineMs = performance.now() + limitS * 1000
  const world = new SessionWorld({ nowMs: passage.nowMs, realm, resolve, http, deadlineMs })
  return {
    world,
    passage,
    async pass(durationMs, isOver) {
      const untilEpochMs = passage.nowMs() + durationMs
      const isInTime = await letPass(world, passage, { untilEpochMs, deadlineMs }, isOver)
      if (isInTime && isOver === undefined) await passage.sleepUntil(untilEpochMs)
      return isInTime
    },
    [Symbol.asyncDispose]: () => {
      world.close()
      return Promise.resolve()
    },
  }
}
