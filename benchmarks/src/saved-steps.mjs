// Time and bytes of one step with what it saves, by size of the data and by what a step changes.
import { contextRealm, createInProcessShard } from '@segue/runtime'
import { summary } from './statistics.mjs'

const sizes = [
  { sizeBytes: 300, share: 1 },
  { sizeBytes: 5000, share: 0.3 },
  { sizeBytes: 50_000, share: 0.05 },
]

/** What the step of an event does to the data. */
const changes = [
  { name: 'nothing', event: 'nothing' },
  { name: 'a number at the top', event: 'number' },
  { name: 'one member deep inside', event: 'deep' },
  { name: 'one large value replaced', event: 'large' },
  { name: 'nothing, but a snapshot is due', event: 'nothing', wantsSnapshot: true },
]

/** Events that wait in the list of a generated application, which keeps every one that nobody handles. */
const listLengths = [100, 1000]

/** @param {{ repetitions: number, stepsEach: number }} options */
export async function savedSteps({ repetitions, stepsEach }) {
  const found = []
  for (const { share, sizeBytes } of sizes) {
    const steps = Math.ceil(stepsEach * share)
    for (const { event, name, wantsSnapshot = false } of changes) {
      const { run } = await prepare(`steps-${sizeBytes}`, pageOf(sizeBytes))
      const measured = await measure(repetitions, steps, (times) => run(event, times, wantsSnapshot))
      found.push({ sizeBytes, change: name, ...measured })
    }
  }
  for (const length of listLengths) {
    const { run, snapshotSizeBytes } = await prepare(`list-${length}`, listPageOf(length))
    const steps = Math.ceil(stepsEach * 0.05)
    const measured = await measure(repetitions, steps, async (times) => {
      const saved = await run('nobody.takes.this', times)
      return { ...saved, after: () => run('shorten', 1) }
    })
    const change = `one event added to a list of ${length.toLocaleString('en')}`
    found.push({ sizeBytes: Math.round((await snapshotSizeBytes()) / 100) * 100, change, ...measured })
  }
  return found
}

/** Processor time of one step; `run` does that many and says what they saved, and what has to be done unmeasured. */
async function measure(repetitions, steps, run) {
  const times = []
  let last
  for (let warmUp = 0; warmUp < 3; warmUp += 1) {
    last = await run(steps)
    await last.after?.()
  }
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const before = process.cpuUsage()
    last = await run(steps)
    const { system, user } = process.cpuUsage(before)
    times.push((user + system) / steps)
    await last.after?.()
  }
  return { us: summary(times), bytes: last.bytes / steps, saves: last.kinds }
}

async function prepare(hash, text) {
  const shard = createInProcessShard({
    modules: [],
    realm: contextRealm,
    server: { version: '0', host: 'bench', url: undefined },
  })
  const url = 'bench:steps'
  const loaded = await shard.load({ hash, url, sources: [{ url, text, askedAs: [url] }] })
  if (!loaded.ok) throw new Error(loaded.message)
  let version = 0
  const step = async (message, wantsSnapshot) => {
    version += 1
    const request = {
      sessionId: 'bench-1',
      version,
      nowMs: 1_700_000_000_000,
      seed: 7,
      message,
      stored: undefined,
      openEffects: [],
      wantsSnapshot,
    }
    const [response] = await shard.step([request])
    if (!response.ok) throw new Error(response.message)
    return response
  }
  await step({ kind: 'start', url, application: '', parameters: {}, hash }, false)
  const run = async (event, steps, wantsSnapshot = false) => {
    let bytes = 0
    const kinds = {}
    for (let i = 0; i < steps; i += 1) {
      const data = { id: `call-${i}`, state: 'ringing' }
      const response = await step({ kind: 'event', name: event, data }, wantsSnapshot)
      bytes += response.bytes?.length ?? 0
      kinds[response.save] = (kinds[response.save] ?? 0) + 1
    }
    return { bytes, kinds }
  }
  return { run, snapshotSizeBytes: async () => (await run('shorten', 1, true)).bytes }
}

/** The frame of a generated application: one object under two names, in it a list of all events nobody handled. */
function listPageOf(length) {
  return `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" name="list" profile="ecmascript">
  <datamodel><data id="system" expr="new Object()"/></datamodel>
  <script>
    var system = new Object();
    _data.system.context = system;
    system.pool = [];
    for (var i = 0; i &lt; ${length}; i++) system.pool.push({ name: 'an.event', data: { id: 'call-' + i, state: 'ringing' } });
  </script>
  <state id="only">
    <transition event="shorten"><script>system.pool.length = ${length};</script></transition>
    <transition event="*"><script>system.pool.push(_event);</script></transition>
  </state>
</scxml>`
}

/** A document with data of about that size in a customer, a book of entries and some numbers. */
export function pageOf(sizeBytes) {
  const entries = Math.max(1, Math.round((sizeBytes - 150) / 62))
  const book = Array.from({ length: entries }, (_, index) => ({
    id: index,
    name: `entry number ${index}`,
    tags: ['a', 'b'],
    n: 0,
  }))
  const large = 'x'.repeat(Math.round(sizeBytes / 10))
  return `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" name="steps" profile="ecmascript">
  <datamodel>
    <data id="count" expr="0"/>
    <data id="customer" expr="{ name: 'Ada', number: '+15550100', isKnown: true }"/>
    <data id="book" expr='${JSON.stringify(book)}'/>
    <data id="large" expr="'${large}'"/>
  </datamodel>
  <state id="only">
    <transition event="nothing"><log expr="_data.customer.name"/></transition>
    <transition event="number"><assign location="_data.count" expr="_data.count + 1"/></transition>
    <transition event="deep"><script>_data.book[_data.book.length >> 1].n += 1;</script></transition>
    <transition event="large"><script>_data.large = _data.large.substring(1) + (_data.large.charAt(0) === 'x' ? 'y' : 'x');</script></transition>
  </state>
</scxml>`.replace('length >> 1', 'length &gt;&gt; 1')
}
