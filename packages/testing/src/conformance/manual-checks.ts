import type { TestRun } from './run-test.ts'
import { failure } from './result.ts'
import type { Verdict } from './result.ts'
import { atomicStates, DocumentRefused } from './session-world.ts'
import type { Member } from './session-world.ts'
import { describeMember } from './describe-member.ts'

/** A test of the plan that a person was meant to look at, and what a machine looks at instead. */
export interface ManualCheck {
  /** In words, for the page of results. */
  readonly looksAt: string
  /** Document of a test that the suite gives none for. */
  readonly document?: string
  check(run: TestRun, url: string): Promise<Verdict>
}

const wholeTestMs = 60_000

/** The manual tests of the W3C plan by id. */
export const manualChecks: Readonly<Record<string, ManualCheck>> = {
  '178': {
    looksAt: 'the raw event shows both values of the repeated name',
    check: logsOf(([session]) => {
      const text = textsOf(session).join('\n')
      return /\b2\b/.test(text) && /\b3\b/.test(text) ? undefined : failure(`the log shows "${text}"`)
    }),
  },
  '230': {
    looksAt: 'parent and child log the same fields',
    check: logsOf(([parent, child]) => {
      const seen = textsOf(parent).join('\n')
      const forwarded = textsOf(child).join('\n')
      return seen !== '' && seen === forwarded ? undefined : failure(`parent: "${seen}", child: "${forwarded}"`)
    }),
  },
  '250': {
    looksAt: 'the cancelled child logs its two onexit lines and nothing else',
    check: logsOf(([, child]) => {
      const texts = textsOf(child)
      const isRight = texts.length === 2 && texts.every((text) => text.startsWith('Exiting'))
      return isRight ? undefined : failure(`the child logs "${texts.join(', ')}"`)
    }),
  },
  '301': {
    looksAt: 'the document is refused with an error that names the script',
    async check({ world }, url) {
      try {
        await world.start(url)
        return failure('the document was started')
      } catch (error) {
        if (!(error instanceof DocumentRefused)) throw error
        return error.message.includes('foo') ? undefined : failure(error.message)
      }
    },
  },
  '307': {
    looksAt: 'both reads give an error, or none does',
    check: logsOf(([session]) => {
      const errors = session?.trace.filter(({ kind }) => kind === 'error').length
      if (session?.session.isRunning !== false) return failure('the session did not end')
      return errors === 0 || errors === 2 ? undefined : failure(`${errors} errors`)
    }),
  },
  '313': { looksAt: 'refused, or the error is raised', check: refusedOrPass },
  '314': { looksAt: 'no error before the expression is reached', check: refusedOrPass },
  '415': {
    looksAt: 'the session ends in "final" and no event is processed',
    check: logsOf(([session]) => {
      if (session === undefined || session.session.isRunning) return failure('the session did not end')
      const events = session.trace.filter(({ kind }) => kind === 'event').length
      const [last] = atomicStates(session)
      return last === 'final' && events === 0 ? undefined : failure(describeMember(session))
    }),
  },
  '513': {
    looksAt: 'a POST from outside is answered with a 2xx',
    document: `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript">
      <state id="s0"><transition event="test" target="pass"/></state>
      <final id="pass"/>
    </scxml>`,
    async check({ pass, world }, url) {
      const session = await world.start(url)
      const body = new URLSearchParams({ _scxmleventname: 'test' })
      const { ok, status } = await fetch(session.httpLocation, { method: 'POST', body })
      await pass(wholeTestMs, () => !session.session.isRunning)
      if (!ok) return failure(`the answer was ${status}`)
      return atomicStates(session)[0] === 'pass' ? undefined : failure(describeMember(session))
    },
  },
}

/** Runs a document to its end and reads what its sessions left. */
function logsOf(read: (members: readonly Member[]) => Verdict): ManualCheck['check'] {
  return async ({ pass, world }, url) => {
    await world.start(url)
    await pass(wholeTestMs, () => world.members.every(({ session }) => !session.isRunning))
    return read(world.members)
  }
}

async function refusedOrPass({ pass, world }: TestRun, url: string): Promise<Verdict> {
  try {
    const session = await world.start(url)
    await pass(wholeTestMs, () => !session.session.isRunning)
    return atomicStates(session)[0] === 'pass' ? undefined : failure(describeMember(session))
  } catch (error) {
    if (error instanceof DocumentRefused) return undefined
    throw error
  }
}

function textsOf(member: Member | undefined): readonly string[] {
  return member?.trace.flatMap((record) => (record.kind === 'log' ? [`${record.label}${record.text}`] : [])) ?? []
}
