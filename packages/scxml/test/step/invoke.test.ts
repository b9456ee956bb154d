import { describe, expect, it } from 'vitest'
import { play } from './support.ts'

describe('invoke', () => {
  it('starts at the end of the macrostep, only for states that are still active', async () => {
    const session = await play(`
      <state id="a"><invoke id="never" src="a.scxml"/><transition target="b"/></state>
      <state id="b"><invoke id="child" src="b.scxml"><param name="x" expr="1"/></invoke></state>`)

    expect(session.effects).toEqual([
      { kind: 'invoke', invokeId: 'child', type: '', src: 'b.scxml', parameters: { x: '1' } },
    ])
  })

  it('is cancelled when its state is left, and not when it had ended', async () => {
    const document = `
      <state id="a"><invoke id="child" src="a.scxml"/><transition event="go" target="b"/></state><state id="b"/>`

    const running = (await play(document)).reload().send('go')
    const done = (await play(document)).take({ kind: 'event', name: 'done.invoke.child', invokeId: 'child' }).send('go')

    expect(running.effects.at(-1)).toEqual({ kind: 'cancelInvoke', invokeId: 'child' })
    expect(done.effects.filter(({ kind }) => kind === 'cancelInvoke')).toEqual([])
  })

  it('finalize of the invocation that sent the event runs before its guards', async () => {
    const session = await play(`
      <datamodel><data id="x" expr="0"/></datamodel>
      <state id="a"><invoke id="one" src="a.scxml"><finalize><assign location="x" expr="_event.data.v"/></finalize></invoke>
        <invoke id="two" src="a.scxml"><finalize><assign location="x" expr="'wrong'"/></finalize></invoke>
        <transition event="result" cond="x === 7" target="b"/></state><state id="b"/>`)

    session.take({ kind: 'event', name: 'result', invokeId: 'one', data: '{"v":7}' })

    expect(session.active).toEqual(['b'])
  })

  it('autoforward hands every external event on with its fields', async () => {
    const session = await play('<state id="a"><invoke id="c" src="a.scxml" autoforward="true"/></state>')

    session.take({ kind: 'event', name: 'x', data: '1', sendId: 's', origin: 'o' })

    expect(session.effects.at(-1)).toMatchObject({
      kind: 'send',
      message: { target: '#_c', event: 'x', forwarded: { name: 'x', data: '1', sendId: 's', origin: 'o' } },
    })
  })
})
