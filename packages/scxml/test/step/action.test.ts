import { describe, expect, it } from 'vitest'
import { play } from './support.ts'

const options = { dialect: 'orchestration' } as const

describe('elements of modules', () => {
  it('are evaluated by their specification, and the request id is written first', async () => {
    const session = await play(
      `<state id="a"><onentry><script>var App = {}; var who = 'me'</script>
         <toy:push requestid="App['requestid']" text="'hi ' + who" label="plain text" timeout="2 * 5" loud="true"
           group="agentgroup"><param name="p" expr="[1]"/><param name="p" expr="2"/><content _expr="({ a: 1 })"/>
           <toy:part size="3"/></toy:push>
         <log expr="App.requestid"/></onentry></state>`,
      options,
    )

    const [action] = session.actions
    expect(action).toMatchObject({
      module: 'toy',
      element: 'push',
      attributes: { text: '"hi me"', label: '"plain text"', timeout: '10', loud: 'true', group: '"agentgroup"' },
      params: [
        { name: 'p', value: '[1]' },
        { name: 'p', value: '2' },
      ],
      content: '{"a":1}',
      children: [{ element: 'part', attributes: { size: '3' }, requestId: '' }],
      line: 2,
    })
    expect(session.logs).toEqual([action?.requestId])
    expect(session.trace).toContainEqual(expect.objectContaining({ kind: 'action', element: 'push' }))
  })

  it('get request ids that differ, also after a reload', async () => {
    const session = await play(
      `<state id="a"><transition event="go"><toy:push text="1"/><toy:push text="2"/></transition></state>`,
      options,
    )

    session.send('go').reload().send('go')

    expect(new Set(session.actions.map(({ requestId }) => requestId)).size).toBe(4)
  })

  it('a request id that is an input is evaluated, not written', async () => {
    const session = await play(
      `<state id="a"><onentry><script>var earlier = 'r7'</script><toy:pop requestid="earlier"/></onentry></state>`,
      options,
    )

    expect(session.actions).toMatchObject([{ attributes: { requestid: '"r7"' } }])
  })

  it('an attribute that evaluates to undefined counts as absent', async () => {
    const session = await play(
      `<state id="a"><onentry><script>var nothing</script><toy:push timeout="nothing"/></onentry></state>`,
      options,
    )

    expect(session.actions).toMatchObject([{ attributes: {} }])
    expect(Object.keys(session.actions[0]?.attributes ?? {})).toEqual([])
  })

  it('a failing attribute raises one event, and nothing is asked of the module', async () => {
    const session = await play(
      `<state id="a"><onentry><toy:push text="no.such"/><log expr="'not reached'"/></onentry></state>`,
      options,
    )

    expect(session.errors).toEqual(['error.illegalvalue.ReferenceError'])
    expect(session.actions).toEqual([])
    expect(session.logs).toEqual([])
  })

  it('a place that cannot be written raises error.illegalloc', async () => {
    const session = await play(
      `<state id="a"><onentry><script>var nothing</script><toy:push requestid="nothing.id"/></onentry></state>`,
      options,
    )

    expect(session.errors).toEqual(['error.illegalloc.TypeError'])
    expect(session.actions).toEqual([])
  })

  it('an element that the module does not have raises error.unsupported when it is executed', async () => {
    const session = await play(
      `<state id="a"><onentry><toy:unknown/></onentry><transition event="error.unsupported.unknown" target="b"/></state>
       <state id="b"/>`,
      options,
    )

    expect(session.active).toEqual(['b'])
  })
})
