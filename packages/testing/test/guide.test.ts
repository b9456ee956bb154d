import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { failureText, readScenarios } from '@segue/testing'
import { startWorld, transitionCoverage } from '@segue/testing'
import { loadScenarios, runScenario, scenarioFilesIn } from '@segue/testing'

/** Folder with the application's `segue.yaml`. */
const folder = fileURLToPath(new URL('../../../examples/business-hours', import.meta.url))

it('a call in open hours rings at an agent', async () => {
  await using world = await startWorld({ configuration: folder, at: '2024-01-17T12:00:00Z' })
  await world.agent('dana', 'login')
  await world.agent('dana', 'ready')

  const callId = await world.placeCall({ from: '0301112233', to: '4200' })
  await world.advance({ seconds: 10 })

  const session = await world.session()
  expect(session.actions.map(({ name }) => name)).toEqual(['dialog:start', 'queue:submit'])
  expect(session.errors).toEqual([])
  expect(await world.interaction(callId)).toMatchObject({ life: 'ringing' })
})

it('with nobody there the caller hears an apology', async () => {
  await using world = await startWorld({ configuration: folder, at: '2024-01-17T12:00:00Z' })

  await world.placeCall({ from: '0301112233', to: '4200' })
  await world.advance({ minutes: 2 })

  const session = await world.session()
  expect(session.isRunning).toBe(false)
  expect(session.actions.at(-1)).toMatchObject({
    name: 'interaction:terminate',
    attributes: { reason: 'Disconnect interaction' },
  })
  expect(await world.leftOver()).toMatchObject({ sessions: 0, calls: 0, timers: 0, waiting: 0 })
})

it('a web service that is down is no reason to stop', async () => {
  await using world = await startWorld({
    configuration: {
      folder: '.',
      objects: {
        switches: [{ name: 'SIP', kind: 'simulated' }],
        applications: [{ name: 'rooms', url: 'rooms.scxml' }],
        dns: [{ number: '4300', switch: 'SIP', type: 'routepoint', application: 'rooms' }],
      },
    },
    documents: {
      'rooms.scxml': `
        <scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" initial="ask" profile="ecmascript"
          xmlns:session="http://www.genesyslab.com/modules/session">
          <script>var request;</script>
          <state id="ask">
            <onentry>
              <session:fetch requestid="request" srcexpr="'http://rooms.example/free'" method="'get'" timeout="5"/>
            </onentry>
            <transition event="session.fetch.done" target="end"><log expr="_event.data.content"/></transition>
            <transition event="error.session.fetch" target="end"><log expr="'no rooms known'"/></transition>
          </state>
          <final id="end"/>
        </scxml>`,
    },
  })
  world.http.on('GET', 'http://rooms.example/free', { status: 503 }, { body: '{"free":3}' })

  for (const from of ['1', '2']) await world.placeCall({ from, to: '4300' })
  await world.advance({ seconds: 1 })

  const logs: string[] = []
  for (const id of await world.sessionIds()) logs.push(...(await world.session(id)).logs)
  expect(logs.toSorted()).toEqual(['no rooms known', '{"free":3}'])
})

it('an answer that comes late finds the session gone', async () => {
  await using world = await startWorld({ configuration: folder, at: '2024-01-17T12:00:00Z' })
  world.hold(({ name }) => name === 'dialog:start')
  const callId = await world.placeCall({ from: '0301112233', to: '4200' })
  const [greeting] = world.held

  await world.hangUp(callId)
  await greeting?.answer('dialog.start.done', { requestid: greeting.requestId, interactionid: callId })

  const session = await world.session()
  expect(session.isRunning).toBe(false)
  expect(session.events).not.toContain('dialog.start.done')
})

it('a crash after any event changes nothing', async () => {
  const accounts: unknown[] = []
  for (const restartAfterEachEvent of [false, true]) {
    await using world = await startWorld({ configuration: folder, at: '2024-01-17T12:00:00Z', restartAfterEachEvent })
    await world.placeCall({ from: '0301112233', to: '4200' })
    await world.advance({ minutes: 2 })
    const { events, actions } = await world.session()
    accounts.push({ events, actions: actions.map(({ name }) => name) })
  }

  expect(accounts[1]).toEqual(accounts[0])
})

it('tells which transitions are untested', async () => {
  await using world = await startWorld({ configuration: folder, at: '2024-01-17T12:00:00Z' })
  await world.placeCall({ from: '0301112233', to: '4200' })
  await world.advance({ minutes: 2 })

  const coverage = transitionCoverage()
  coverage.add(await world.session())

  const missing = coverage.missing(await world.chart('ferry-desk'))
  expect(missing.some((line) => line.startsWith('ferryDesk.PlayHoliday:'))).toBe(true)
  expect(missing.some((line) => line.startsWith('ferryDesk.Entry:'))).toBe(false)
})

it('scenario files pass', async () => {
  for (const file of scenarioFilesIn(join(folder, 'test'))) {
    const { findings, scenarios } = await loadScenarios(file)
    expect(findings).toEqual([])
    for (const scenario of scenarios) expect((await runScenario(scenario)).failure).toBeUndefined()
  }
})

const guide = await readFile(new URL('../../../docs/guides/test-an-application.md', import.meta.url), 'utf8')

it('the scenario files of the guide pass', async () => {
  const blocks = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text)

  expect(blocks.length).toBeGreaterThan(3)
  for (const block of blocks) {
    const { findings, scenarios } = readScenarios(join(folder, 'guide.scenario.yaml'), block)
    expect(findings).toEqual([])
    for (const scenario of scenarios) {
      const { failure } = await runScenario(scenario)
      expect(failure === undefined ? '' : failureText(failure, folder).join('\n')).toBe('')
    }
  }
})

it('the failure that the guide shows looks like that', async () => {
  const [first = ''] = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text)
  const { scenarios } = readScenarios(
    join(folder, 'first.scenario.yaml'),
    first.replace('ferryDesk.Greeting', 'ferryDesk.Exit'),
  )
  const [scenario] = scenarios
  const failure = scenario === undefined ? undefined : (await runScenario(scenario)).failure

  const text = failure === undefined ? '' : failureText(failure, join(folder, '.')).join('\n')
  expect(text).toContain('first.scenario.yaml:8:7 error SEG-TEST-010 "state" is not as expected')
  expect(text).toContain('+0.000 s  > when  call: { from: 0301112233, to: 4200 }')
  expect(text).toContain('action  dialog:start type="applid" interactionid="<call>"')
})

it('the code of the guide stands in this file', async () => {
  const own = await readFile(fileURLToPath(import.meta.url), 'utf8')
  const blocks = [...guide.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code.trim())

  expect(blocks.length).toBeGreaterThan(4)
  for (const block of blocks) expect(own).toContain(block)
})
