import { describe, expect, it } from 'vitest'
import { elementNamespaces } from '@segue/modules'
import { createApplication, createSession, load, restore, sameRealm, snapshot, start, step } from '../../src/index.ts'
import type { Chart, StepHost } from '../../src/index.ts'
import { resolveFrom } from '../read/support/files.ts'
import { generateChart } from './generate-chart.ts'
import { randomSource } from './random-source.ts'
import type { RandomSource } from './random-source.ts'
import { writeDocument } from './write-document.ts'

const seed = Number(process.env['SEGUE_SEED'] ?? 90_210)
const rounds = Number(process.env['SEGUE_FUZZ_ROUNDS'] ?? 250)

/** Far more than one damaged document takes, also on a busy machine. */
const patienceMs = 10_000

const orchestration = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" profile="ecmascript" initial="_composer_entry"
  xmlns:queue="http://www.genesyslab.com/modules/queue" xmlns:dialog="http://www.genesyslab.com/modules/dialog"
  xmlns:session="http://www.genesyslab.com/modules/session" xmlns:xi="http://www.w3.org/2001/XInclude">
  <datamodel><data id="calls" expr="0"/><data id="reqid"/></datamodel>
  <script><xi:include href="library.js" parse="text"/></script><script><![CDATA[var App = { last: undefined }; function note(x) { App.last = x; return x }]]></script>
  <state id="_composer_entry"><transition event="interaction.present" target="Block"><assign location="_data.calls" expr="_data.calls + 1"/></transition>
    <transition event="go" target="Part.entry"/></state>
  <state id="Block"><onentry><script>note({ a: [1, 2, { b: new Date(5) }] })</script>
    <queue:submit requestid="_data.reqid" timeout="3"><queue:targets><queue:target type="agentgroup" name="'G'"/></queue:targets></queue:submit>
    <dialog:playandcollect requestid="_data.reqid"><dialog:prompts><dialog:prompt text="'x'"/></dialog:prompts></dialog:playandcollect>
    <session:fetch srcexpr="'http://host/' + App.last" method="'get'"/><send event="'later'" delay="'2s'" id="t"/></onentry>
    <onexit><cancel sendid="t"/><log expr="_event.name + uneval(App)"/></onexit>
    <transition event="queue.submit.done" cond="_event.data.requestid == _data.reqid" target="Done"/><transition event="error.*" target="Done"/></state>
  <xi:include href="part.scxml" parse="xml" xpointer="entry" resolveid="Part"/>
  <final id="Done"><donedata><param name="r" expr="App.last"/></donedata></final></scxml>`

const part = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" profile="ecmascript"><state id="entry">
  <initial><transition target="$$_MY_PREFIX_$$.inner"/></initial><history id="$$_MY_PREFIX_$$.h" type="deep"><transition target="$$_MY_PREFIX_$$.inner"/></history>
  <state id="$$_MY_PREFIX_$$.inner"><transition event="go" target="Done"/></state></state></scxml>`

const library = 'var table = [1, 2, 3]\nfunction sum(a) { var s = 0; a.forEach(function (x) { s += x }); return s }'

const words =
  '< > " \' = / & ; . * 7 -1 state parallel final history scxml xi:include </state> <state> <onentry> <send/> <!-- ]]> ' +
  '<![CDATA[ &amp; &#0; &#x110000; <?x ?> $$_MY_PREFIX_$$ __proto__ constructor event target id= id="s1" cond= expr="" ' +
  'expr="{" expr="function(){" expr="new Proxy({},{})" initial="s1" type="internal" Done entry \0 \uD800 \u2028 \u{1F600} 🙂'

describe('damaged documents', () => {
  it('are read, started, stepped and saved without an exception or a standstill', async () => {
    const random = randomSource(seed)
    let charts = 0
    for (let round = 0; round < rounds; round += 1) {
      const main = random.chance(0.5) ? writeDocument(generateChart(seed + round)) : orchestration
      const texts = {
        'file:///app/main.scxml': damage(random, main),
        'file:///app/part.scxml': random.chance(0.5) ? damage(random, part) : part,
        'file:///app/library.js': random.chance(0.3) ? damage(random, library) : library,
      }
      const context = `seed ${seed}, round ${round}, texts ${JSON.stringify(texts)}`
      const startedMs = performance.now()
      try {
        const { chart } = await load('file:///app/main.scxml', {
          resolve: resolveFrom(texts),
          modules: elementNamespaces,
        })
        if (chart !== undefined) {
          charts += 1
          runAWhile(chart)
        }
      } catch (error) {
        throw new Error(context, { cause: error })
      }
      expect(performance.now() - startedMs, context).toBeLessThan(patienceMs)
    }
    console.log(`seed ${seed}: ${rounds} damaged documents, ${charts} of them could be started`)

    expect(charts).toBeGreaterThan(rounds / 20)
    expect(charts).toBeLessThan(rounds)
  }, 120_000)
})

describe('defaults of histories', () => {
  it.each([
    [
      'two that name each other',
      '<history id="h"><transition target="g"/></history><history id="g"><transition target="h"/></history>',
    ],
    ['one that names itself', '<history id="h"><transition target="h"/></history>'],
    ['one that names the state around it', '<history id="h"><transition target="a"/></history>'],
    ['one that names a state elsewhere', '<history id="h"><transition target="b"/></history>'],
  ])('%s are refused: entering them would have no end or a wrong one', async (_, histories) => {
    const text = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="b">
      <state id="a" initial="h">${histories}<state id="a1"/></state><state id="b"><transition event="go" target="h"/></state></scxml>`

    const { chart, diagnostics } = await load('file:///a.scxml', {
      resolve: resolveFrom({ 'file:///a.scxml': text }),
      modules: [],
    })

    expect(chart).toBeUndefined()
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['SEG-DOC-033']))
  })

  it('one that names a history further inside is fine', async () => {
    const text = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0"><state id="a"><history id="h" type="deep"><transition target="g"/></history>
      <state id="b"><history id="g"><transition target="c"/></history><state id="c"/></state></state></scxml>`

    const { diagnostics } = await load('file:///a.scxml', {
      resolve: resolveFrom({ 'file:///a.scxml': text }),
      modules: [],
    })

    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})

function runAWhile(chart: Chart): void {
  const session = createSession(createApplication(chart, sameRealm()), {
    sessionId: 'S',
    parameters: {},
    ioProcessors: '{}',
  })
  const input = { nowMs: 0, seed: 1 }
  start(session, input, host)
  for (const name of ['interaction.present', 'go', 'e0', 'e1', 'error.custom', 'queue.submit.done', '', '.', '*']) {
    step(session, { kind: 'event', name, data: '{"v":1}' }, input, host)
    step(session, undefined, input, host)
  }
  step(session, { kind: 'timer', sendId: 't' }, input, host)
  const again = restore(createApplication(chart, sameRealm()), JSON.parse(JSON.stringify(snapshot(session))))
  step(again, { kind: 'terminate', reason: 'test' }, input, host)
}

const host: StepHost = {
  modules: [{ root: 'queue', functions: ['rView'], constants: '{}' }],
  documentUrl: 'file:///app/main.scxml',
  view: () => '{}',
  viewVersion: () => 0,
  call: () => ({ ok: false, message: 'not here' }),
  act: () => undefined,
}

/** One to four places changed; half of the time so that the text stays well-formed. */
function damage(random: RandomSource, text: string): string {
  const damageOnce = random.chance(0.5) ? damageMeaning : damageText
  let damaged = text
  for (let count = 1 + random.below(4); count > 0; count -= 1) damaged = damageOnce(random, damaged)
  return damaged
}

/** An attribute gets the value of another one, or a strange one; an element goes or comes twice. */
function damageMeaning(random: RandomSource, text: string): string {
  const pattern = random.chance(0.7) ? /"[^"<]*"/g : /<[\w:]+(?: [^<>]*)?\/>/g
  const found = [...text.matchAll(pattern)]
  if (found.length === 0) return text
  const { 0: old, index } = random.pick(found)
  const isElement = old.startsWith('<')
  const strange = random.chance(0.3) ? random.pick(strangeValues) : random.pick(found)[0]
  const changed = isElement ? (random.chance(0.5) ? '' : old + random.pick(found)[0]) : strange
  return text.slice(0, index) + changed + text.slice(index + old.length)
}

const strangeValues = [
  '""',
  '" "',
  '"__proto__"',
  '"*"',
  '"x.."',
  '"({}).x.y"',
  '"-1"',
  '"1e999"',
  '"In(In)"',
  '"#_internal"',
]

/** Words written over, moved, repeated or cut out. */
function damageText(random: RandomSource, text: string): string {
  const at = random.below(text.length + 1)
  const length = random.below(random.chance(0.3) ? 60 : 6)
  const [before, cut, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)]
  switch (random.below(6)) {
    case 0:
      return before + after
    case 1:
      return before + cut + cut + after
    case 2:
      return before + cut.repeat(random.chance(0.1) ? 2000 : 3) + after
    case 3: {
      const to = random.below(before.length + 1)
      return before.slice(0, to) + cut + before.slice(to) + after
    }
    default:
      return before + random.pick(words.split(' ')) + after
  }
}
