import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureText, loadScenarios, readScenarios, runScenario, scenarioFilesIn } from '@segue/testing'
import type { RunSettings, ScenarioResult } from '@segue/testing'

let folder = ''

const CONFIGURATION = {
  switches: [{ name: 'SIP', kind: 'simulated' }],
  virtualQueues: [{ name: 'VQ' }],
  applications: [{ name: 'app', url: 'app.scxml' }],
  dns: [
    { number: '4200', switch: 'SIP', type: 'routepoint', application: 'app' },
    { number: '7001', switch: 'SIP', type: 'extension' },
  ],
  agents: [{ id: 'ada', dn: '7001' }],
  agentGroups: [{ name: 'Desk', agents: ['ada'] }],
  lists: [{ name: 'WORDS', items: { main: { hello: 'hello', bye: 'bye' } } }],
}

/** Greets, asks a service, waits for an agent; answers some events so that a scenario sees what it knows. */
const DOCUMENT = `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" initial="all" profile="ecmascript" name="desk"
  xmlns:session="http://www.genesyslab.com/modules/session" xmlns:queue="http://www.genesyslab.com/modules/queue"
  xmlns:dialog="http://www.genesyslab.com/modules/dialog">
  <script>var request; var ixn = ''; var order = { id: 7, lines: [1, 2] };</script>
  <datamodel><data id="desk" expr="{ name: 'main', count: 3 }"/></datamodel>
  <state id="all" initial="wait">
  <state id="wait"><transition event="interaction.added" target="greet"><assign location="ixn" expr="_event.data.interactionid"/></transition></state>
  <state id="greet">
    <onentry><dialog:start type="'applid'" interactionid="ixn" requestid="request"><param name="APP_URI" expr="'hello.vxml'"/></dialog:start></onentry>
    <transition event="dialog.start.done" target="ask"><log expr="'greeted ' + (_event.data.note || '')"/></transition>
    <transition event="error.dialog.start" target="ask"/>
  </state>
  <state id="ask">
    <onentry>
      <session:fetch requestid="request" srcexpr="'http://api.example/free'" method="'post'" timeout="5" enctype="'application/json'"><param name="who" expr="'desk'"/></session:fetch>
    </onentry>
    <transition event="session.fetch.done" target="serve"><log expr="'free ' + _event.data.content"/></transition>
    <transition event="error.session.fetch" target="serve"><log expr="'no answer: ' + _event.data.error"/></transition>
  </state>
  <state id="serve">
    <onentry>
      <send event="'late'" delay="'60s'" id="late"/>
      <queue:submit queue="'VQ'" interactionid="ixn" timeout="30" route="true"><queue:targets><queue:target name="'Desk'" type="agentgroup"/></queue:targets></queue:submit>
    </onentry>
    <transition event="queue.submit.done" target="served"/>
    <transition event="error.queue.submit"><log expr="'nobody'"/></transition>
    <transition event="late" target="end"/>
  </state>
  <state id="served"><onentry><cancel sendid="'late'"/></onentry></state>
  <transition event="say"><log expr="_genesys.session.getListItemValue('WORDS', 'main', _event.data.key) + ' ' + _genesys.statistic.sData('VQ@S.Q', 'Calls') + ' ' + new Date().getHours()"/></transition>
  <transition event="break"><script>broken.thing()</script></transition>
  <transition event="stop" target="end"/>
  <transition event="interaction.deleted" target="end"/>
  </state>
  <final id="end"/>
</scxml>`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'segue-scenario-'))
  await writeFile(join(folder, 'segue.yaml'), JSON.stringify(CONFIGURATION))
  await writeFile(join(folder, 'app.scxml'), DOCUMENT)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const HEAD = `
given:
  time: 2024-01-17T12:00:00Z
  announcements: { hello.vxml: 3s }
  web: { 'POST /free': { body: { free: 3 } } }
scenarios:
`

async function run(text: string, settings: RunSettings = {}): Promise<readonly ScenarioResult[]> {
  const { findings, scenarios } = readScenarios(join(folder, 'a.scenario.yaml'), text)
  expect(findings.map(({ message }) => message)).toEqual([])
  const results: ScenarioResult[] = []
  for (const scenario of scenarios) results.push(await runScenario(scenario, settings))
  return results
}

/** What went wrong, as people read it; empty when all passed. */
function failures(results: readonly ScenarioResult[]): readonly string[] {
  return results.flatMap(({ failure }) => (failure === undefined ? [] : [failureText(failure, folder).join('\n')]))
}

describe('a scenario', () => {
  it.each([false, true])(
    'sets, does and sees everything (restart after each event: %s)',
    async (restartAfterEachEvent) => {
      const results = await run(
        `${HEAD}
  - scenario: a served call
    steps:
      - when:
          call: { from: '030', to: '4200', as: caller, user data: { tier: gold }, id: CALLA, connection id: 00000000000000AB, type: inbound }
        then:
          state: [all, greet]
          not in state: ask
          running: true
          sessions: 1
          time: 2024-01-17T12:00
          actions: [{ name: dialog:start, attributes: { interactionid: '\${caller}' }, params: { APP_URI: hello.vxml } }]
          call: { name: caller, state: treating, user data: { tier: gold } }
          interaction: { name: caller, life: treating, owner: caller, has ended: false, fields: { voice: { ani: '030' } } }
          data: { desk: { count: { at least: 3 } } }
          variables: { order.id: 7, order: { lines: [1, 2] } }
          no action: queue:submit
          no log: greeted
          no event: late
          timers: 0
      - when:
          wait until: { state: serve, within: 1 minute }
        then:
          visited: [greet, ask, serve]
          events: [interaction.added, dialog.*.done, session.fetch.done]
          event: session.fetch.*
          log: '/^free .*3/'
          logs: [{ contains: greeted }, 'free {"free":3}']
          request: { method: post, url: /free, headers: { Content-Type: /json/ }, body: { who: desk } }
          requests: [{ url: 'http://api.example/free' }]
          last action: queue:submit
          action: { name: queue:*, command: { message: { request: { queue: VQ, targets: [{ name: Desk }] } } } }
          command: { name: queue:submit, body: { to: { kind: domain } } }
          waiting: 1
          timers: 1
          left over: { sessions: 1, timers: 1 }
      - note: somebody comes
        when: { agents: { ada: ready } }
        then: { agents: { ada: ringing }, state: served, timers: 0, call: ringing }
      - when: { pick up: caller, wait: 1s }
        then: { agents: { ada: talking }, call: connected }
      - when: { put down: caller }
        then: { call: answered, ended in: end, left over: nothing, incidents: [], errors: [], nothing unexpected: true }
`,
        { restartAfterEachEvent },
      )

      expect(failures(results)).toEqual([])
    },
  )

  it('answers held actions in any order, late, twice or never', async () => {
    const results = await run(`${HEAD}
  - scenario: answers by hand
    given: { hold: ['dialog:*', { action: queue:submit, asking: { message: { request: { queue: VQ } } } }] }
    steps:
      - when: { call: { from: '030', to: '4200' } }
        then: { held: [dialog:start] }
      - when: { answer: { action: dialog:start, with: dialog.start.done, data: { note: first }, stays: true } }
        then: { held: [dialog:start, queue:submit], log: greeted first, state: serve }
      - when:
          - answer: { action: queue:submit, with: error.queue.submit }
          - answer: { action: queue:submit 1, with: error.queue.submit }
          - answer: { action: dialog:start, with: error.dialog.start }
        then: { held: [], logs: [greeted first, 'free {"free":3}', nobody, nobody] }
    allow: [unhandled]
`)

    expect(failures(results)).toEqual([])
  })

  it('changes the surroundings while it runs', async () => {
    const results = await run(`${HEAD}
  - scenario: lists, statistics and services change
    given:
      zone: Asia/Tokyo
      time: 2024-01-17T08:00
      lists: { WORDS: { main: { hello: konnichiwa } } }
      statistics: { VQ: { Calls: 4 } }
      agents: { ada: not ready }
    steps:
      - when:
          start: { document: app.scxml, as: lone }
          event: { name: say, data: { key: hello } }
          lists: { WORDS: { main: { bye: sayonara } } }
          statistics: { VQ: { Calls: 5 } }
          restart: true
        then: { agents: { ada: not ready } }
      - when:
          - event: { name: say, data: { key: hello }, session: lone }
          - event: { name: say, data: { key: bye }, session: lone }
          - configuration: { agents: [{ id: bob, dn: '7001' }], agentGroups: [] }
          - agents: { bob: ready }
        then:
          logs: [konnichiwa 4 8, konnichiwa 5 8, sayonara 5 8]
          agents: { bob: ready }
      - when:
          web: { 'POST /free': [refused, hangs, { status: 503, after: 1s }] }
          call: { from: '030', to: '4200' }
          wait until: 2024-01-17T08:00:04
        then: { session: call, log: 'no answer: refused' }
      - when: { terminate: lone, hang up: call }
        then: [{ session: lone, running: false }, { session: 2, ended in: end }, { left over: nothing }]
`)

    expect(failures(results)).toEqual([])
  })

  it('brings interactions of other categories, and tells them and their sessions anything', async () => {
    const results = await run(`${HEAD}
  - scenario: a chat
    given: { web: { 'POST /free': reset }, announcements: { hello.vxml: { fails: true } } }
    steps:
      - when:
          interaction: { as: chat, category: chat, application: app, at: Lobby, user data: { topic: tickets }, fields: { parentid: P1 } }
        then:
          interaction: { name: chat, fields: { category: chat, parentid: P1, udata: { topic: tickets } } }
          visited: [greet, ask]
      - when:
          - event: { name: interaction.note, interaction: chat, data: { text: hi } }
          - tell interaction: { interaction: chat, message: { kind: timer, id: none } }
          - event: stop
        then: { ended in: end }
    allow: [unhandled]
`)

    expect(failures(results)).toEqual([])
  })

  it('fails with place, difference, hint and the story so far', async () => {
    const [result] = await run(`${HEAD}
  - scenario: too hasty
    when: { call: { from: '030', to: '4200', as: caller } }
    then:
      running: true
      actions: [dialog:start, { name: queue:submit, attributes: { queue: VQ } }]
`)

    const text = result?.failure === undefined ? '' : failureText(result.failure, folder).join('\n')
    expect(text).toMatch(/^a\.scenario\.yaml:11:7 error SEG-TEST-010 "actions" is not as expected/)
    expect(text).toMatch(/expected {2}- dialog:start\n +- \{ name: queue:submit, attributes: \{ queue: VQ \} \}/)
    expect(text).toMatch(/seen {6}\{ name: dialog:start, attributes: .*type: applid/)
    expect(text).toMatch(/\+0\.000 s {2}> when {2}call: .*\n.*state +all/)
    expect(text).toMatch(/action +dialog:start type="applid" interactionid="<caller>"/)
    expect(text).toMatch(/hint: /)
  })

  it.each([
    [
      'nothing may happen that nobody asked for',
      'when: { start: { document: app.scxml }, event: break }',
      'SEG-TEST-012',
      /broken/,
    ],
    ['an unknown number', "when: { call: { from: '1', to: '9' } }", 'SEG-TEST-011', /"9" is no number/],
    ['an unknown agent', 'when: { agents: { adda: ready } }', 'SEG-TEST-011', /did you mean "ada"/],
    ['an action that nobody holds', 'when: { answer: { action: dialog:start, with: x } }', 'SEG-TEST-011', /"hold"/],
    ['an event for nobody', 'when: { event: x }', 'SEG-TEST-011', /no session has started/],
    [
      'an unknown reference',
      `when: { start: { document: app.scxml }, event: 'go.\${nobody}' }`,
      'SEG-TEST-011',
      /nothing is called "nobody"/,
    ],
    ['a time that is over', 'when: { wait until: 2023-01-01 }', 'SEG-TEST-011', /is over/],
    [
      'something that does not come',
      'when: { start: { document: app.scxml }, wait until: { event: x, within: 2s } }',
      'SEG-TEST-011',
      /has not happened within 2 s/,
    ],
    ['an unknown zone', 'given: { zone: Nowhere/Land }', 'SEG-TEST-008', /Nowhere\/Land/],
    ['a broken document', "given: { documents: { app.scxml: '<scxml' } }", 'SEG-TEST-008', /app\.scxml/],
    [
      'a broken configuration',
      'given: { configuration: { agentGroups: [{ name: G, agents: [zoe] }] } }',
      'SEG-TEST-008',
      /zoe/,
    ],
  ])('%s fails and says why', async (_what, step, code, message) => {
    const [result] = await run(`scenarios:\n  - scenario: x\n    ${step}\n`)

    expect(result?.failure?.code).toBe(code)
    expect(`${result?.failure?.message} ${result?.failure?.hint}`).toMatch(message)
  })

  it('that has no end is stopped in real time', async () => {
    const loop = `'<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript" initial="a"><state id="a"><onentry><send event="''x''" delay="''1ms''"/></onentry><transition event="x" target="a"/></state></scxml>'`
    const [result] = await run(
      `scenarios:\n  - scenario: for ever\n    given: { documents: { app.scxml: ${loop} } }\n    when: { start: { document: app.scxml }, wait: 300 days }\n`,
      { timeoutS: 0.3 },
    )

    expect(result?.failure?.code).toBe('SEG-TEST-009')
  })

  it('that is skipped says why and does nothing', async () => {
    const [result] = await run(
      'scenarios:\n  - { scenario: x, skip: not decided yet, when: { call: { from: a, to: b } } }\n',
    )

    expect(result).toMatchObject({ outcome: 'skipped', durationMs: 0 })
  })
})

describe('a scenario file', () => {
  const place = ({ findings }: ReturnType<typeof readScenarios>): readonly string[] =>
    findings.map(
      ({ code, hint, message, span }) =>
        `${span.source.text.slice(0, span.start).split('\n').length} ${code} ${message} / ${hint}`,
    )

  it.each([
    [
      'given:\n  tiem: now\nscenarios: [{ scenario: x }]',
      /^2 SEG-TEST-003 unknown key "tiem" in "given" \/ did you mean "time"$/,
    ],
    [
      'scenarios:\n  - scenario: x\n    when: { wait: soon }',
      /^3 SEG-TEST-002 "scenarios\[1\]\.when\.wait": expected a time such as "3s"/,
    ],
    [
      'scenarios:\n  - scenario: x\n    when:\n      - call: { from: 1 }',
      /^4 SEG-TEST-002 "scenarios\[1\]\.when\[1\]\.call\.to": is missing/,
    ],
    ['scenarios:\n  - scenario: x\n    then: { actions: dialog:start }', /^3 SEG-TEST-002 .*: expected a list/],
    ['scenarios:\n  - scenario: x\n    given: { agents: { ada: redy } }', /^3 SEG-TEST-002 .*expected one of "ready"/],
    [
      'scenarios:\n  - scenario: x\n    given: { web: { GET: {} } }',
      /^3 SEG-TEST-002 .*expected a method and an address/,
    ],
    ['scenarios: []', /^1 SEG-TEST-002 "scenarios": is too small/],
    ['- 1', /^1 SEG-TEST-002 "the file": expected keys with values/],
    ['', /^1 SEG-TEST-002 "scenarios": is missing/],
    ['scenarios: [', /^1 SEG-TEST-001 /],
    [
      'scenarios:\n  - scenario: x\n  - scenario: x',
      /^3 SEG-TEST-005 two scenarios are called "x" \/ the other one is in line 2/,
    ],
    [
      'scenarios:\n  - scenario: x\n    when:\n      - call: { from: a, to: b, as: caller }\n      - hang up: caler',
      /^5 SEG-TEST-006 .*"caler" \/ did you mean "caller"$/,
    ],
    ['application: nowhere\nscenarios: [{ scenario: x }]', /^1 SEG-TEST-007 there is no "segue.yaml" in ".*nowhere"/],
    [`scenarios: ${'['.repeat(70)}${']'.repeat(70)}`, /^1 SEG-TEST-004 .*nesting/],
    [`scenarios: ${'['.repeat(100_000)}`, /^1 SEG-TEST-00[14] /],
    [`about: ${'x'.repeat(2_000_001)}`, /^1 SEG-TEST-004 .*characters/],
    [
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]',
      /^1 SEG-TEST-001 .*alias/,
    ],
    ['scenarios: &a\n  - scenario: x\n    then: { data: *a }', /SEG-TEST-00[14] /],
    ['__proto__: { scenarios: 1 }\nscenarios: [{ scenario: x }]', /^1 SEG-TEST-003 unknown key "__proto__"/],
    ['scenarios:\n  - scenario: 1\n    then: { constructor: 1 }', /^3 SEG-TEST-003 unknown key "constructor"/],
  ])('%# is refused at its place', (text, message) => {
    expect(place(readScenarios(join(folder, 'b.scenario.yaml'), text))[0]).toMatch(message)
  })

  it('in JavaScript exports scenarios that use the same words', async () => {
    const file = join(folder, 'c.scenario.mjs')
    await writeFile(
      file,
      `export const given = { time: '2024-01-17T12:00:00Z', web: { 'POST /free': 'refused' } }
       export const scenarios = [
         { name: 'hangs up', async run({ world, when, expect, idOf, note }) {
             await when({ call: { from: '1', to: '4200', as: 'caller' }, wait: '1s' })
             note('now')
             await expect({ running: true, 'last action': { attributes: { interactionid: '\${caller}' } } })
             await world.hangUp(idOf('caller'))
             await expect({ 'ended in': 'end', timers: 0 })
         }, allow: ['unhandled'] },
         { name: 'is wrong', async run({ expect }) { await expect({ waiting: 3 }) } },
         { name: 'throws', run() { throw new Error('boom') } },
         { name: 'misspells', async run({ when }) { await when({ cal: {} }) } },
       ]`,
    )

    const { findings, scenarios } = await loadScenarios(file)
    const results = await Promise.all(scenarios.map((scenario) => runScenario(scenario)))

    expect(findings).toEqual([])
    expect(failures(results.slice(0, 1))).toEqual([])
    expect(results.slice(1).map(({ failure }) => failure?.code)).toEqual([
      'SEG-TEST-010',
      'SEG-TEST-011',
      'SEG-TEST-011',
    ])
    expect(results[2]?.failure?.message).toMatch(/boom/)
  })

  it('in TypeScript are translated with the files that they import, and leave nothing behind', async () => {
    const file = join(folder, 'f.scenario.ts')
    await writeFile(join(folder, 'callers.ts'), `export const caller: { from: string } = { from: '1' }`)
    await writeFile(
      file,
      `import type { ScriptTools } from '@segue/testing'
       import { caller } from './callers.ts'
       export const scenarios = [
         { name: 'hangs up', async run({ world, when, expect, idOf }: ScriptTools): Promise<void> {
             await when({ call: { ...caller, to: '4200', as: 'caller' }, wait: '1s' })
             await world.hangUp(idOf('caller') as string)
             await expect({ 'ended in': 'end', timers: 0 })
         }, allow: ['unhandled'], given: { web: { 'POST /free': 'refused' } } },
       ]`,
    )

    const { findings, scenarios } = await loadScenarios(file)
    const results = await Promise.all(scenarios.map((scenario) => runScenario(scenario)))

    expect(findings).toEqual([])
    expect(results.map(({ failure }) => failure?.message)).toEqual([undefined])
    expect(scenarioFilesIn(folder)).toContain(file)
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('in TypeScript that cannot be read tell the place', async () => {
    const file = join(folder, 'g.scenario.ts')
    await writeFile(file, `export const scenarios: = []`)

    const { findings } = await loadScenarios(file)

    expect(findings).toMatchObject([{ code: 'SEG-TEST-013', message: expect.stringMatching(/g\.scenario\.ts:1:24/) }])
    await rm(file)
  })

  it('in JavaScript adds what is given for a scenario to what is given for the file, as in YAML', async () => {
    const file = join(folder, 'e.scenario.mjs')
    await writeFile(
      file,
      `export const given = { agents: { ada: 'ready' }, web: { 'GET /a': 'refused', 'GET /b': 'refused' } }
       export const scenarios = [{ name: 'x', given: { agents: { ben: 'ready' }, web: { 'GET /b': 'hangs' } }, run() {} }]`,
    )

    const { scenarios } = await loadScenarios(file)

    expect(scenarios[0]?.given).toEqual({
      agents: { ada: 'ready', ben: 'ready' },
      web: { 'GET /b': 'hangs', 'GET /a': 'refused' },
    })
  })

  it.each([
    ['nothing', 'export const other = 1', /scenarios/],
    ['a scenario without a function', "export const scenarios = [{ name: 'x' }]", /run/],
    ['a syntax error', 'export const = ', /Unexpected/],
  ])('in JavaScript that exports %s is refused', async (_what, text, message) => {
    const file = join(folder, `d${text.length}.scenario.mjs`)
    await writeFile(file, text)

    const { findings } = await loadScenarios(file)

    expect(findings).toMatchObject([{ code: 'SEG-TEST-013', message: expect.stringMatching(message) }])
  })
})
