import { describe, expect, it } from 'vitest'
import { play } from './support.ts'

const failing = {
  value: '<assign location="x" expr="no.such"/>',
  location: '<assign location="missing.deep.place" expr="1"/>',
  script: '<script>throw new TypeError("broken")</script>',
  readonly: '<assign location="_sessionid" expr="1"/>',
  log: '<log expr="no.such"/>',
  foreach: '<foreach array="7" item="i"/>',
}

const machine = (content: string): string => `
  <datamodel><data id="x" expr="0"/></datamodel>
  <state id="a"><onentry>${content}<log expr="'after'"/></onentry><onentry><log expr="'next block'"/></onentry>
    <transition event="error"><log expr="_event.name + ' ' + _event.data.element + ' ' + _event.data.linenumber"/></transition>
  </state>`

describe('failures of executable content', () => {
  it.each(Object.entries(failing))('W3C: %s raises error.execution once and ends its block', async (_, content) => {
    const session = await play(machine(content))

    expect(session.errors).toEqual(['error.execution'])
    expect(session.logs).toEqual(['next block', expect.stringMatching(/^error\.execution \w+ \d+$/)])
  })

  it.each([
    ['value', 'error.illegalvalue.ReferenceError'],
    ['location', 'error.illegalloc.ReferenceError'],
    ['script', 'error.script.TypeError'],
    ['readonly', 'error.illegalassign'],
    ['log', 'error.illegalvalue.ReferenceError'],
    ['foreach', 'error.illegalvalue.TypeError'],
  ] as const)('orchestration: %s raises %s', async (what, name) => {
    const session = await play(machine(failing[what]), { dialect: 'orchestration' })

    expect(session.errors).toEqual([name])
    expect(session.logs[0]).toBe('next block')
    expect(session.logs[1]).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')} \\w+ \\d+$`))
  })

  it('what a script throws names the event by its type', async () => {
    const session = await play(machine('<script>throw "text"</script>'), { dialect: 'orchestration' })

    expect(session.errors).toEqual(['error.script.string'])
  })

  it('orchestration: a transition on error.execution takes each of them, W3C names do not widen', async () => {
    const machine = (event: string): string =>
      `<state id="a"><onentry><log expr="no.such"/></onentry><transition event="${event}" target="b"/></state><state id="b"/>`

    const orchestration = await play(machine('error.execution'), { dialect: 'orchestration' })
    const w3c = await play(machine('error.illegalvalue'))

    expect(orchestration.active).toEqual(['b'])
    expect(w3c.active).toEqual(['a'])
  })

  it('a guard that fails counts as false and raises its event', async () => {
    const session = await play(
      `<state id="a"><transition event="go" cond="no.such" target="b"/><transition event="go" target="c"/>
         <transition event="error.illegalcond"/></state><state id="b"/><state id="c"/>`,
      { dialect: 'orchestration' },
    )

    session.send('go')

    expect(session.active).toEqual(['c'])
    expect(session.errors).toEqual(['error.illegalcond.ReferenceError'])
  })

  it('a datum that fails is undefined and raises error.illegaldata', async () => {
    const session = await play(
      `<datamodel><data id="d" expr="no.such"/></datamodel><state id="a"><onentry><log expr="typeof _data.d"/></onentry></state>`,
      { dialect: 'orchestration' },
    )

    expect(session.errors).toEqual(['error.illegaldata.ReferenceError'])
    expect(session.logs).toEqual(['undefined'])
  })

  it('data of an error say where and what', async () => {
    const session = await play(
      `<state id="a"><onentry><log expr="no.such"/></onentry>
         <transition event="error"><log expr="JSON.stringify(_event.data)"/></transition></state>`,
      { dialect: 'orchestration' },
    )

    expect(JSON.parse(session.logs[0] ?? '')).toEqual({
      document: 'file:///app/main.scxml',
      element: 'log',
      linenumber: 1,
      message: expect.stringContaining('no'),
      description: expect.stringContaining('ReferenceError'),
    })
  })
})
