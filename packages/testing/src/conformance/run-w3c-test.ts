import { describeMember } from './describe-member.ts'
import type { ManualCheck } from './manual-checks.ts'
import { failure } from './result.ts'
import type { Verdict } from './result.ts'
import type { TestRun } from './run-test.ts'
import { atomicStates, DocumentRefused } from './session-world.ts'

/**
 * Runs a document of the W3C suite: it passes when the session ends in the final "pass", or as its manual check says.
 *
 * Errors: rejects with a bug of the engine.
 */
export async function runW3cTest(
  run: TestRun,
  url: string,
  limitMs: number,
  manual: ManualCheck | undefined,
): Promise<Verdict> {
  try {
    if (manual !== undefined) return await manual.check(run, url)
    const session = await run.world.start(url)
    await run.pass(limitMs, () => !session.session.isRunning)
    if (!session.session.isRunning) {
      return atomicStates(session)[0] === 'pass' ? undefined : failure(describeMember(session))
    }
    const isLate = run.world.nextDueEpochMs !== undefined
    return failure(
      isLate
        ? `no result within ${limitMs / 1000} s: ${describeMember(session)}`
        : `${describeMember(session)}; nothing is under way that could go on`,
    )
  } catch (error) {
    if (error instanceof DocumentRefused) return failure(`refused: ${error.message}`)
    throw error
  }
}
