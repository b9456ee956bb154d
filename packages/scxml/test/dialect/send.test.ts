import { describe, expect, it } from 'vitest'
import type { OutgoingMessage } from '../../src/index.ts'
import type { Play } from '../step/support.ts'
import { entering, findings, logged, run } from './support.ts'

function sent({ effects }: Play): readonly OutgoingMessage[] {
  return effects.flatMap((effect) => (effect.kind === 'send' ? [effect.message] : []))
}

const onEvery = `<transition event="*"><log expr="_event.name + ' ' + _event.type"/></transition>`

describe('scxml-dialect 5: `<send>`', () => {
  it.each([
    [`'Entry1.done'`, 'Entry1.done external'],
    [`'Entry' + 1 + '.done'`, 'Entry1.done external'],
  ])('`event` | value expr | "quoted: `event="\'Entry1.done\'"`": %s', async (event, expected) => {
    expect(await logged(entering(`<send event="${event}"/>`, onEvery))).toEqual([expected])
  })

  it('`target` | "absent = own session, external queue; `\'_internal\'` = internal queue"', async () => {
    expect(await logged(entering(`<send event="'own'"/><send event="'in'" target="'_internal'"/>`, onEvery))).toEqual([
      'in internal',
      'own external',
    ])
  })

  it.each([
    ['session id for `scxml`', `target="'OTHER'" type="'scxml'"`, { target: 'OTHER', type: 'scxml' }],
    ['URL for `basichttp`', `target="'http://h/x'" type="'basichttp'"`, { target: 'http://h/x', type: 'basichttp' }],
    ['namespace for `fm`', `target="'www.example.org/fm'" type="'fm'"`, { target: 'www.example.org/fm', type: 'fm' }],
    ['`type` (older `targettype`)', `target="'http://h/'" targettype="'basichttp'"`, { type: 'basichttp' }],
  ])('`target`, `type` | value expr | "%s"', async (_, attributes, expected) => {
    expect(sent(await run(entering(`<send event="'e'" ${attributes}/>`)))).toMatchObject([{ event: 'e', ...expected }])
  })

  it('`type` | "`scxml` (default) … A literal `ors` type was not found"', async () => {
    const session = await run(entering(`<send event="'e'" type="'ors'" target="'x'"/>`, '<transition event="error"/>'))

    expect(session.errors).toEqual(['error.send.targettypeinvalid.a'])
  })

  it.each([
    ['the module that has the namespace', true, []],
    ['no such module', false, ['error.send.targetunavailable.a www.example.org/fm s1']],
  ])('`fm` targets: "event is delivered to the functional module by namespace": %s', async (_, isThere, logs) => {
    const messages: OutgoingMessage[] = []
    const sendToModule = (message: OutgoingMessage): boolean => {
      messages.push(message)
      return isThere
    }
    const session = await run(
      entering(
        `<send event="'e'" type="'fm'" target="'www.example.org/fm'" id="s1"><param name="n" expr="1"/></send><log expr="'next'"/>`,
        `<transition event="error"><log expr="[_event.name, _event.data.target, _event.data.sendid].join(' ')"/></transition>`,
      ),
      { host: { sendToModule } },
    )

    expect(messages).toMatchObject([{ target: 'www.example.org/fm', event: 'e', data: '{"n":1}', sendId: 's1' }])
    expect(session.logs).toEqual(isThere ? ['next'] : logs)
    expect(sent(session)).toEqual([])
  })

  it.each(['id', 'sendid'])('`id` (older `sendid`): %s', async (name) => {
    const session = await run(entering(`<send event="'e'" ${name}="mine" delay="'1s'"/>`))

    expect(session.effects).toEqual([{ kind: 'timer', sendId: 'mine', dueEpochMs: 2000 }])
  })

  it('`idlocation` | location expr | "receives the generated send id"', async () => {
    const session = await run(
      `<script>var App_X = {}</script>${entering(`<send event="'e'" idlocation="App_X['id']"/>`, '<transition event="e"><log expr="_event.sendid === App_X.id &amp;&amp; App_X.id.length"/></transition>')}`,
    )

    expect(Number(session.logs[0])).toBeGreaterThan(0)
  })

  it.each([
    [`'1s'`, 1000],
    [`'200ms'`, 200],
    [`'10s'`, 10_000],
    ['delayValue', 1500],
  ])("`delay` | value expr | \"`'1s'`, `'200ms'`, `'10s'`, variable\": %s", async (delay, ms) => {
    const session = await run(
      `<script>var delayValue = '1.5s'</script>${entering(`<send event="'e'" delay="${delay}"/>`)}`,
    )

    expect(session.effects).toMatchObject([{ kind: 'timer', dueEpochMs: 1000 + ms }])
  })

  it('`timeout`, `namelist`, `hints` | "supported"', async () => {
    const content = `<send event="'e'" target="'OTHER'" timeout="'5s'" namelist="x y" hints="({ h: 1 })"/>`
    const session = await run(`<script>var x = 1; var y = 'b'</script>${entering(content)}`)

    expect(sent(session)).toMatchObject([{ data: '{"x":1,"y":"b"}', hints: '{"h":1}' }])
    expect(await findings(`<script>var x, y</script>${entering(content)}`)).toEqual([])
  })

  it.each([
    ['`<param name expr>`', '<param name="n" expr="1 + 1"/>', '{"n":2}'],
    ['`<content>`', '<content>{"a": [1]}</content>', '{"a":[1]}'],
    ['`<content>`', '<content _expr="({ b: 2 })"/>', '{"b":2}'],
  ])('children | "%s → `_event.data`": %s', async (_, children, expected) => {
    const taking = '<transition event="e"><log expr="JSON.stringify(_event.data)"/></transition>'

    expect(await logged(entering(`<send event="'e'">${children}</send>`, taking))).toEqual([expected])
  })

  it('Decisions: "`send target` also accepts `#_internal` and `#_scxml_<sid>`"', async () => {
    const content = `<send event="'far'" target="'#_scxml_T'"/><send event="'own'" target="'#_scxml_S'"/><send event="'in'" target="'#_internal'"/>`
    const session = await run(entering(content, onEvery))

    expect(session.logs).toEqual(['in internal', 'own external'])
    expect(sent(session)).toMatchObject([{ event: 'far', target: '#_scxml_T' }])
  })
})
