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
]

/** @param {{ repetitions: number, stepsEach: number }} options */
export async function savedSteps({ repetitions, stepsEach }) {
  const found = []
  for (const { share, sizeBytes } of sizes) {
    const steps = Math.ceil(stepsEach * share)
    for (const change of changes) {
      const run = await prepare(sizeBytes, change.event)
      await run(steps)
      const times = []
      let bytes = 0
      let kinds = {}
      for (let repetition = 0; repetition < repetitions; repetition += 1) {
        const before = process.cpuUsage()
        const saved = await run(steps)
        const { system, user } = process.cpuUsage(before)
        times.push((user + system) / steps)
        bytes = saved.bytes / steps
        kinds = saved.kinds
      }
      found.push({ sizeBytes, change: change.name, us: summary(times), bytes, saves: kinds })
    }
  }
  return found
}

async function prepare(sizeBytes, event) {
  const shard = createInProcessShard({
    modules: [],
    realm: contextRealm,
    server: { version: '0', host: 'bench', url: undefined },
  })
  const url = 'bench:steps'
  const hash = `steps-${sizeBytes}`
  const loaded = await shard.load({ hash, url, sources: [{ url, text: pageOf(sizeBytes), askedAs: [url] }] })
  if (!loaded.ok) throw new Error(loaded.message)
  let version = 0
  const step = async (message) => {
    version += 1
    const request = {
      sessionId: 'bench-1',
      version,
      nowMs: 1_700_000_000_000,
      seed: 7,
      message,
      stored: undefined,
      openEffects: [],
      wantsSnapshot: false,
    }
    const [response] = await shard.step([request])
    if (!response.ok) throw new Error(response.message)
    return response
  }
  await step({ kind: 'start', url, application: '', parameters: {}, hash })
  return async (steps) => {
    let bytes = 0
    const kinds = {}
    for (let i = 0; i < steps; i += 1) {
      const response = await step({ kind: 'event', name: event })
      bytes += response.bytes?.length ?? 0
      kinds[response.save] = (kinds[response.save] ?? 0) + 1
    }
    return { bytes, kinds }
  }
}

/** Data of about that size in a customer, a book of entries and some numbers. */
function pageOf(sizeBytes) {
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
