import { setTimeout } from 'node:timers/promises'
import { openPostgresStore, openSqliteStore, systemClock } from '@segue/adapters'
import {
  createApplications,
  createRuntime,
  createSessionBehaviour,
  orderedDelivery,
  type Behaviour,
  type Incident,
  type Performer,
  type Store,
} from '@segue/runtime'
import { idsOf, randomOf } from '../random.ts'
import type { WorkerOrder, WorkerReport, WorkerSettings } from '../contract.ts'
import { eachLine } from '../lines.ts'
import { ProgressFile } from '../progress.ts'
import { ledgerModule, resolveApplication } from './application.ts'
import { killIntoEnvironment } from './kill-setting.ts'
import { LedgerClient } from './ledger-client.ts'
import { makeShard } from './make-shard.ts'
import { Points } from './points.ts'
import { watchedStore } from './watched-store.ts'

/**
 * The process that is killed: a real runtime on a real store, with points at which it ends itself. Argument: program of
 * shard processes; without it sessions are stepped in this process.
 */

const RETRY_MS = 5

const [, , shardProgram] = process.argv
const { pids, shard } = makeShard(shardProgram, reportIncident)

let deliver: (order: Extract<WorkerOrder, { kind: 'deliver' }>) => void = () => undefined
let counts: () => void = () => undefined

eachLine(process.stdin, (line) => {
  // Written by the driver.
  const order = JSON.parse(line) as WorkerOrder
  if (order.kind === 'deliver') deliver(order)
  else if (order.kind === 'counts') counts()
  else if (order.kind === 'shards') report({ kind: 'shards', pids: pids() })
  else void go(order.settings).catch(refuse)
})
// Whoever started it is gone.
process.stdin.on('end', () => process.exit(0))

function report(text: WorkerReport): void {
  process.stdout.write(`${JSON.stringify(text)}\n`)
}

function reportIncident({ code = '', message }: Pick<Incident, 'code' | 'message'>): void {
  report({ kind: 'incident', code, message })
}

/** The store cannot be opened or claimed. */
function refuse(error: unknown): void {
  const { code = '', message } = Object(error)
  report({ kind: 'refused', code: String(code), message: String(message) })
  process.exit(3)
}

async function go(settings: WorkerSettings): Promise<void> {
  killIntoEnvironment(settings)
  const progress = new ProgressFile(settings.progress, 'begin')
  const points = new Points(settings.kill, progress)
  const random = randomOf(settings.life)
  const store = watchedStore(await openStore(settings), { progress, trouble: settings.trouble ?? {}, random })
  const clock = systemClock()
  const applications = createApplications({
    resolve: resolveApplication,
    namespaces: [ledgerModule.namespace],
    stored: (hash) => store.query({ kind: 'document', hash }),
    clock,
    maxAgeS: 3600,
  })
  const sessions = createSessionBehaviour({ shard, applications, onIncident: reportIncident })
  const runtime = createRuntime({
    store,
    clock,
    ids: idsOf(settings.life),
    owner: settings.owner,
    cell: 'AA',
    partitions: settings.partitions,
    behaviours: [watchedBehaviour(sessions, points, progress)],
    performers: [ledgerPerformer(new LedgerClient(settings.ledger, settings.life), points)],
    onIncident: reportIncident,
  })
  const deliverInOrder = orderedDelivery({ runtime, pause: () => setTimeout(RETRY_MS) })
  deliver = ({ number, message }) => {
    void deliverInOrder(message).then(({ status }) => report({ kind: 'answer', number, status }))
    points.pass('accepted')
  }
  counts = () => void store.query({ kind: 'counts' }).then((counts) => report({ kind: 'counts', counts }))
  await runtime.start()
  report({ kind: 'ready' })
}

function openStore({ store, partitions, pointModule }: WorkerSettings): Promise<Store> {
  return store.kind === 'sqlite'
    ? openSqliteStore({ path: store.path, partitions, pointModule })
    : openPostgresStore({ url: store.url, partitions, pointModule })
}

function watchedBehaviour(inner: Behaviour, points: Points, progress: ProgressFile): Behaviour {
  return {
    ...inner,
    async step(requests) {
      const responses = await inner.step(requests)
      progress.stepped(responses.filter(({ ok }) => ok).length)
      points.pass('stepped')
      return responses
    },
  }
}

function ledgerPerformer(ledger: LedgerClient, points: Points): Performer {
  return {
    types: ['ledger.put', 'ledger.ask'],
    async perform(effect) {
      const name = String(effect.body['name'])
      points.pass('before-effect')
      await ledger.put(effect.key, name)
      points.pass('after-effect')
      if (effect.type === 'ledger.put') effect.done()
      else
        await effect.report(
          1,
          { kind: 'event', name: 'ledger.answered', data: { id: answerOf(name) } },
          { answers: true },
        )
    },
  }
}

/** `<id>:ask` → `<id>:answer`. */
function answerOf(name: string): string {
  return name.replace(/:ask$/, ':answer')
}
