// The same job with DBOS on PostgreSQL: a workflow for each session waits for events and takes each in a durable step.
import { Client } from 'pg'
import { createActor } from 'xstate'
import { machine } from '../machines/xstate-contact.mjs'
import { roundOf } from '../workloads.mjs'
import { checkReport } from './contact-load.mjs'
import { processorMs } from './processes.mjs'

const round = roundOf('contact')
const WAIT_S = 3600

/**
 * `inFlight` sessions have an event on its way; it is done when the step that took it is durable.
 *
 * @param {{ place: { url: string }, inFlight: number, seconds: number }} task
 */
export async function dbos({ place, inFlight, seconds }) {
  const { DBOS } = await import('@dbos-inc/dbos-sdk')
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: place.url, logLevel: 'error', runAdminServer: false })
  const logic = machine()
  const waiting = new Map()
  const contact = DBOS.registerWorkflow(
    async (id) => {
      const actor = createActor(logic).start()
      for (;;) {
        const event = await DBOS.recv('event', { timeoutSeconds: WAIT_S })
        if (event === null || event.type === 'stop') return
        await DBOS.runStep(
          async () => {
            actor.send(event)
            return actor.getPersistedSnapshot()
          },
          { name: 'take' },
        )
        waiting.get(id)?.()
      }
    },
    { name: 'contact' },
  )
  await DBOS.launch()
  const sessions = Array.from({ length: inFlight }, (_, at) => ({ id: `session-${at}`, given: 0 }))
  const handles = []
  for (const { id } of sessions) handles.push(await DBOS.startWorkflow(contact, { workflowID: id })(id))
  const drive = async (durationMs) => {
    const from = performance.now()
    let events = 0
    const lane = async (session) => {
      while (performance.now() - from < durationMs) {
        const { data, name } = round[session.given % round.length]
        session.given += 1
        const taken = new Promise((resolve) => waiting.set(session.id, resolve))
        await DBOS.send(session.id, { type: name, data }, 'event')
        await taken
        events += 1
      }
    }
    await Promise.all(sessions.map(lane))
    return { events, elapsedMs: performance.now() - from }
  }
  await drive(seconds * 400)
  const processorBefore = processorMs()
  const { elapsedMs, events } = await drive(seconds * 1000)
  const usedMs = processorMs() - processorBefore
  for (const { id } of sessions) await DBOS.send(id, { type: 'stop' }, 'event')
  for (const handle of handles) await handle.getResult()
  await DBOS.shutdown()
  await check(place, logic, sessions)
  return { perSecond: (events / elapsedMs) * 1000, processorUs: (usedMs * 1000) / events }
}

/** Reads the outcome of the last step of each workflow out of the database. */
async function check({ url }, logic, sessions) {
  const client = new Client(url)
  await client.connect()
  for (const { given, id } of sessions) {
    const { rows } = await client.query(
      `select count(*) over () as steps, output from dbos.operation_outputs
       where workflow_uuid = $1 and function_name = 'take' order by function_id desc limit 1`,
      [id],
    )
    const snapshot = JSON.parse(rows[0].output)
    const { _nodes, context } = createActor(logic, { snapshot: snapshot.json ?? snapshot })
      .start()
      .getSnapshot()
    const active = _nodes.map(({ key }) => key)
    checkReport(id, given, Number(rows[0].steps) + 1, active, context)
  }
  await client.end()
}
