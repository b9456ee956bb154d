import { describe, expect, it } from 'vitest'
import { createDocumentResolver } from '@segue/adapters'
import { elementNamespaces } from '@segue/modules'
import { load, positionAt } from '@segue/scxml'
import { virtualClock } from '@segue/testing'
import { addressOf, fixtureApps } from './fixtures.ts'

/** What each page gives at load: severity, code, line and column. */
const FINDINGS: Readonly<
  Record<string, readonly (readonly [severity: string, about: RegExp, line: number, column: number])[]>
> = {
  '01-target-typo': [['error', /Exti1/, 20, 43]],
  '02-undeclared-variable': [['warning', /price/, 22, 35]],
  '03-missing-include': [['error', /Absent\.js/, 14, 21]],
  '04-include-wrong-case': [['warning', /Greetings\.js/, 14, 21]],
  '05-script-exception': [],
  '06-unhandled-error': [],
  '07-label-expression': [],
  '08-undefined-timeout': [],
  '09-circular-data': [],
  '10-duplicate-id': [
    ['error', /_composer_entry/, 14, 13],
    ['error', /Step1/, 15, 14],
    ['error', /Done1/, 21, 14],
  ],
  '11-endless-loop': [],
  '12-nobody-listens': [['warning', /Entry1\.done/, 17, 17]],
}

describe.skipIf(fixtureApps === undefined)('broken pages', () => {
  it.each(Object.entries(FINDINGS))('%s gives these findings and no others', async (page, expected) => {
    const resolve = createDocumentResolver({ fileRoots: [fixtureApps ?? ''], httpAllow: [], clock: virtualClock(0) })

    const { diagnostics } = await load(addressOf('broken', `${page}.scxml`), { resolve, modules: elementNamespaces })

    const found = diagnostics.map(({ severity, message, span }) => {
      const { line, column } = positionAt(span.source, span.start)
      return { severity, message, line, column }
    })
    expect(found).toEqual(
      expected.map(([severity, about, line, column]) => ({
        severity,
        message: expect.stringMatching(about),
        line,
        column,
      })),
    )
  })
})
