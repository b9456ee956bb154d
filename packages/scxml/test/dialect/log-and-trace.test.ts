import { describe, expect, it } from 'vitest'
import { entering, run } from './support.ts'

describe('scxml-dialect 6: `<log>` and trace', () => {
  it.each([
    ['1 | reporting record (default; …)', '', 1],
    ['1 | reporting record', 'level="1"', 1],
    ['2 | error', 'level="2"', 2],
    ['3 | warning', 'level="3"', 3],
    ['4 | debug', 'level="4"', 4],
    ['an expression, as other values', 'level="1 + 1"', 2],
  ])('level %s: %s', async (_, level, expected) => {
    const session = await run(entering(`<log expr="'text'" label="'l' + 1" ${level}/>`))

    expect(session.trace).toContainEqual({ kind: 'log', text: 'text', label: 'l1', level: expected })
  })

  it('"Names seen: `state_enter` (name, type), `state_exit`, … `transition` (name, event, cond, target, line), … `log` (expr, label, level), `extension` (name/function, namespace)": each has its record', async () => {
    const session = await run(
      `<state id="a"><onentry><log expr="1"/><queue:cancel requestid="'r'"/></onentry>
         <transition event="go" target="b"/></state>
       <state id="b"/>`,
    )

    session.send('go')

    expect(session.trace).toMatchObject([
      { kind: 'enter', state: 'a' },
      { kind: 'log', text: '1', label: '', level: 1 },
      { kind: 'action', module: 'queue', element: 'cancel', attributes: { requestid: '"r"' } },
      { kind: 'event', name: 'go', type: 'external' },
      { kind: 'exit', state: 'a' },
      { kind: 'transition', source: 'a', event: 'go', targets: ['b'], line: 3 },
      { kind: 'enter', state: 'b' },
    ])
  })

  it('"`exec_error` (error)": a failure has its record with place', async () => {
    const session = await run(entering('\n<log expr="gone.x"/>'))

    expect(session.trace).toContainEqual(
      expect.objectContaining({ kind: 'error', event: 'error.illegalvalue.ReferenceError', element: 'log', line: 3 }),
    )
  })
})
