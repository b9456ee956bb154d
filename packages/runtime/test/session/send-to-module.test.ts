import { describe, expect, it } from 'vitest'
import { documents, page } from './documents.ts'
import { stepper } from './stepper.ts'

const url = 'file:///app/main.scxml'
const present = { module: 'tiny', payload: { put: 'call1' } }
const namespace = "'http://www.example.com/tiny'"

/** A page that sends this to a module when a call is there. */
function sending(send: string, more = ''): ReturnType<typeof stepper> {
  const body = `<script>var id;</script><state id="a"><transition event="call.added">${send}</transition>${more}
    <transition event="error" target="failed"><log expr="_event.name + ' ' + _event.data.target"/></transition>
  </state><state id="b"/><state id="failed"/>`
  return stepper(documents({ [url]: page(body) }))
}

describe('scxml-dialect 5, `fm` targets: "event is delivered to the functional module by namespace"', () => {
  it.each([namespace, "'www.example.com/tiny'"])(
    'the event names the action, its data are the attributes, its send id is the request id (%s)',
    async (target) => {
      const world = sending(
        `<send type="'fm'" target="${target}" event="'ring'" idlocation="id"><param name="call" expr="'call1'"/></send><log expr="id"/>`,
      )
      await world.start('S1', url)

      const step = await world.event('S1', 'call.added', present)

      const [command, more] = step.effects
      expect(more).toBeUndefined()
      expect(command).toMatchObject({ type: 'tiny.ring', mode: 'open', body: { call: 'call1' } })
      expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: command?.body['requestId'] }))
      expect(step.attributes?.['states'] ?? 'a').toBe('a')
    },
  )

  it('with a delay it is delivered when it is due', async () => {
    const world = sending(
      `<send type="'fm'" target="${namespace}" event="'ring'" id="later" delay="'5s'"><param name="call" expr="'call1'"/></send>`,
    )
    await world.start('S1', url)

    const before = await world.event('S1', 'call.added', present)
    const after = await world.give('S1', { kind: 'timer', id: 'later' })

    expect(before.effects).toEqual([])
    expect(after.effects).toMatchObject([{ type: 'tiny.ring', body: { call: 'call1', requestId: 'later' } }])
  })

  it('what the module refuses is the error event of the action', async () => {
    const world = sending(
      `<send type="'fm'" target="${namespace}" event="'ring'"><param name="call" expr="'nobody'"/></send>`,
      '<transition event="error.tiny.ring" cond="_event.data.error == \'unknowncall\'" target="b"/>',
    )
    await world.start('S1', url)

    const step = await world.event('S1', 'call.added', present)

    expect(step.effects).toEqual([])
    expect(step.attributes?.['states']).toBe('b')
  })

  it.each([
    ['an unknown namespace', "'www.example.com/none'", "'ring'", 'error.send.targetunavailable.a www.example.com/none'],
    [
      'an action that the module does not have',
      namespace,
      "'sing'",
      'error.unsupported.sing http://www.example.com/tiny',
    ],
    ['a name of the language', namespace, "'constructor'", 'error.unsupported.constructor http://www.example.com/tiny'],
    ['no event', namespace, "''", 'error.send.noeventspecified undefined'],
    ['no target', "''", "'ring'", 'error.send.targetunavailable.a '],
  ])('%s is an error event', async (_what, target, event, expected) => {
    const world = sending(`<send type="'fm'" target="${target}" event="${event}"/>`)
    await world.start('S1', url)

    const step = await world.event('S1', 'call.added', present)

    expect(step.effects).toEqual([])
    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: expected }))
    expect(step.attributes?.['states']).toBe('failed')
  })

  it('members that nothing declares do no harm; content that the action does not take is `error.send.datamismatch`', async () => {
    const world = sending(
      `<send type="'fm'" target="${namespace}" event="'command'"><content>[1, 2]</content></send>
       <send type="'fm'" target="${namespace}" event="'command'"><param name="name" expr="'tiny.any'"/><param name="body" expr="({ a: 1 })"/><param name="__proto__" expr="1"/></send>`,
    )
    await world.start('S1', url)

    const step = await world.event('S1', 'call.added', present)

    expect(step.effects.map(({ type, body }) => [type, body])).toEqual([['tiny.any', { a: 1 }]])
    const text = `error.send.datamismatch ${namespace.slice(1, -1)}`
    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'log', text }))
  })
})
