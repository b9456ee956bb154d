import { contextRealm } from '../../src/realm/context-realm.ts'
import { withoutEnvelope } from '../../src/entity/envelope.ts'
import { createApplications } from '../../src/session/applications.ts'
import { createInProcessShard } from '../../src/session/in-process-shard.ts'
import { isRecord } from '../../src/session/read-session-message.ts'
import { createSessionBehaviour } from '../../src/session/session-behaviour.ts'
import type { Shard } from '../../src/session/contract.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Store, StoredEntity } from '../../src/ports/store.ts'
import { documents, page } from '../session/documents.ts'
import { tinyModule } from '../session/tiny-module.ts'
import { doneText, skippedText, timerText } from './errand.ts'
import type { Subject } from './subject.ts'

const url = 'file:///app/simulated.scxml'
const LABEL = 'took'

/** Runs errands with the means of an application: commands of a module, sends to others and to itself, cancel, end. */
const text = page(`<script><![CDATA[
    var taken = [];
    var errand;
    var sendIds = {};
  ]]></script>
  <state id="working">
    <transition event="say" cond="_event.data.errand.ends" target="over">
      <script>errand = _event.data.errand; taken.push(errand.text);</script><log label="'${LABEL}'" expr="errand.text"/>
    </transition>
    <transition event="say">
      <script>errand = _event.data.errand; taken.push(errand.text);</script>
      <log label="'${LABEL}'" expr="errand.text"/>
      <if cond="errand.ledger != undefined">
        <tiny:command name="'ledger'" body="{name: errand.ledger.name}"/>
      </if>
      ${[0, 1, 2].map((at) => `<if cond="errand.to.length > ${at}"><send target="errand.to[${at}].id" event="'said'"><param name="text" expr="errand.to[${at}].text"/></send></if>`).join('')}
      <if cond="errand.cancel != undefined"><cancel sendid="sendIds[errand.cancel]"/></if>
      <if cond="errand.set != undefined">
        <send event="'late'" idlocation="sendIds[errand.set.name]" delay="errand.set.delayMs + 'ms'"><param name="name" expr="errand.set.name"/></send>
      </if>
    </transition>
    <transition event="said">
      <script>taken.push(_event.data.text);</script><log label="'${LABEL}'" expr="_event.data.text"/>
    </transition>
    <transition event="late">
      <script>taken.push('${timerText('')}' + _event.data.name);</script><log label="'${LABEL}'" expr="taken[taken.length - 1]"/>
    </transition>
  </state>
  <final id="over"/>`)

/** Sessions of a real application, in the shard and realm that a node has. */
export function sessionSubject(entities: number): Subject {
  return {
    name: 'sessions',
    ids: Array.from({ length: entities }, (_, at) => `AA00${at % 3}${String(at).padStart(27, '0')}`),
    start: { kind: 'start', url, application: '', parameters: {}, hash: '' },
    begin(store, clock) {
      const { applications, shard } = parts(store, clock)
      return { behaviour: createSessionBehaviour({ shard, applications }), performers: [], size: () => undefined }
    },
    body: (errand) => ({ kind: 'event', name: 'say', data: { text: errand.text, errand } }),
    done: (name) => ({ kind: 'event', name: 'said', data: { text: doneText(name) } }),
    skipped: (name) => ({ kind: 'event', name: 'said', data: { text: skippedText(name) } }),
    classOf: () => 'durable',
    read(line) {
      if (!isRecord(line) || line['kind'] !== 'log' || line['label'] !== LABEL) return undefined
      return { text: String(line['text']), atEpochMs: Number(line['atEpochMs']), isRepeated: false }
    },
    async check(stored, taken) {
      const shown = await variablesOf(stored)
      const own = isRecord(shown) && Array.isArray(shown['taken']) ? shown['taken'] : []
      return own.join() === taken.join() ? undefined : `the session says that it took ${own.join()}`
    },
  }
}

function parts(
  store: Store,
  clock: Clock,
): { readonly applications: ReturnType<typeof createApplications>; readonly shard: Shard } {
  return {
    applications: createApplications({
      resolve: documents({ [url]: text }).resolve,
      namespaces: [tinyModule.namespace],
      stored: (hash) => store.query({ kind: 'document', hash }),
      clock,
      maxAgeS: 1_000_000,
    }),
    shard: createInProcessShard({
      modules: [tinyModule],
      realm: contextRealm,
      server: { name: 'n', cluster: 'c', url: undefined },
    }),
  }
}

async function variablesOf(stored: StoredEntity): Promise<unknown> {
  const { attributes, redo, state } = withoutEnvelope(stored)
  if (state === undefined) return undefined
  const store = { query: () => Promise.resolve(undefined) } as unknown as Store
  const { applications, shard } = parts(store, { nowMs: () => 0, schedule: () => ({ cancel: () => {} }) })
  const current = await applications.current(url)
  if (!current.ok) return undefined
  await shard.load(current.bundle)
  const shown = await shard.inspect(stored.ref.id, { hash: attributes['hash'] ?? '', state, redo })
  return JSON.parse(shown?.variables ?? '{}')
}
