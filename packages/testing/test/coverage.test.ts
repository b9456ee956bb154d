import { describe, expect, it } from 'vitest'
import { chartCoverage, coveragePages, coverageText, lcovReport, percentOf, sharesOf, startWorld } from '@segue/testing'
import type { ApplicationCoverage, World } from '@segue/testing'

const CENTRE = { switches: [{ name: 'SIP', kind: 'simulated' }], applications: [{ name: 'app', url: 'app.scxml' }] }

/** Runs a document with some events, and gives what that covered. */
async function covered(
  body: string,
  events: readonly string[],
  { advanceS = 0, last }: { readonly advanceS?: number; readonly last?: string } = {},
): Promise<ApplicationCoverage> {
  const text = `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" initial="a" profile="ecmascript" name="app">\n${body}</scxml>`
  await using world: World = await startWorld({
    configuration: { folder: '.', objects: CENTRE },
    documents: { 'app.scxml': text },
    trace: 'full',
  })
  const url = new URL('app.scxml', world.baseUrl).href
  const started = await world.startSession(url)
  for (const event of events) await world.sendEvent(started.ok ? started.sessionId : '', event)
  await world.advance({ seconds: advanceS })
  if (last !== undefined) await world.sendEvent(started.ok ? started.sessionId : '', last)
  const coverage = chartCoverage()
  coverage.add(await world.session(), await world.chart(url))
  const [application] = coverage.applications()
  if (application === undefined) throw new Error('nothing was collected')
  return application
}

/** `event: taken, guard true/false` of each transition. */
function rows({ transitions }: ApplicationCoverage): readonly string[] {
  return transitions.map(({ guard, taken, transition }) => {
    const events = transition.events.map(({ prefix }) => prefix).join(' ')
    return `${events} ${taken}${guard === undefined ? '' : ` ${guard.wasTrue > 0 ? 'T' : '-'}${guard.wasFalse > 0 ? 'F' : '-'}`}`
  })
}

describe('guards', () => {
  it('in front of the transition that was taken were false, that of the taken one was true', async () => {
    const application = await covered(
      `<script>var n = 0;</script>
      <state id="a">
        <transition event="go" cond="n == 9" target="b"/>
        <transition event="go" cond="n == 0"><script>n = 1</script></transition>
        <transition event="go" cond="n == 1" target="b"/>
        <transition event="go" target="a"/>
      </state>
      <state id="b"/>`,
      ['go', 'go'],
    )

    expect(rows(application)).toEqual(['go 0 -F', 'go 1 TF', 'go 1 T-', 'go 0'])
  })

  it('were all false when no transition was taken, also those of states around', async () => {
    const application = await covered(
      `<state id="a" initial="b"><transition event="go" cond="false" target="c"/>
        <state id="b"><transition event="go.*" cond="false"/><transition event="other" cond="true"/></state></state><state id="c"/>`,
      ['go', 'nothing'],
    )

    expect(rows(application)).toEqual(['go 0 -F', 'go 0 -F', 'other 0 --'])
  })

  it('of event-less transitions are looked at after each microstep', async () => {
    const application = await covered(
      `<script>var n = 0;</script>
      <state id="a"><transition cond="n > 1" target="b"/><transition event="go"><script>n += 1</script></transition></state>
      <state id="b"><transition cond="n > 5" target="a"/></state>`,
      ['go', 'go'],
    )

    expect(rows(application)).toEqual([' 1 TF', 'go 2', ' 0 -F'])
  })

  it('that may have lost against another region are not judged', async () => {
    const application = await covered(
      `<parallel id="a">
        <state id="p"><transition event="go" target="c"/></state>
        <state id="q"><transition event="go" cond="true" target="d"/><transition event="stay" cond="false"/></state>
      </parallel><state id="c"/><state id="d"/>`,
      ['stay', 'go'],
    )

    expect(rows(application)).toEqual(['go 1', 'go 0 --', 'stay 0 -F'])
  })
})

describe('events and timers', () => {
  it('events in states are counted as taken or ignored', async () => {
    const application = await covered('<state id="a"><transition event="go" target="b"/></state><state id="b"/>', [
      'stray',
      'go',
      'go',
    ])

    expect(application.eventsInStates).toEqual([
      { state: 'a', event: 'stray', taken: 0, ignored: 1 },
      { state: 'a', event: 'go', taken: 1, ignored: 0 },
      { state: 'b', event: 'go', taken: 0, ignored: 1 },
    ])
  })

  it('timers fire, are cancelled, or go with their session', async () => {
    const application = await covered(
      `<state id="a">
        <onentry><send event="'fires'" delay="'1s'"/><send event="'cancelled'" delay="'9s'" id="c"/><send event="'gone'" delay="'99s'"/></onentry>
        <transition event="fires" target="b"/>
      </state>
      <state id="b"><onentry><cancel sendid="'c'"/></onentry><transition event="go" target="end"/></state>
      <final id="end"/>`,
      [],
      { advanceS: 5, last: 'go' },
    )

    expect(application.timers).toEqual([
      { event: 'fires', started: 1, fired: 1, cancelled: 0, ended: 0 },
      { event: 'cancelled', started: 1, fired: 0, cancelled: 1, ended: 0 },
      { event: 'gone', started: 1, fired: 0, cancelled: 0, ended: 1 },
    ])
  })
})

describe('reports', () => {
  const body = `<state id="a" initial="b"><state id="b"><transition event="go" cond="true" target="c"/><transition event="stay"/></state>
    <state id="c"><transition event="back &amp;lt;b&amp;gt;" target="b"/></state><history id="h"><transition target="b"/></history></state>
    <state id="never"><transition event="x" target="h"/></state><final id="end"/>`

  it('shares count states, transitions, and both ways of guards', async () => {
    const application = await covered(body, ['go'])
    const { guards, states, transitions } = sharesOf(application)

    expect([states, transitions, guards]).toEqual([
      { covered: 3, all: 5 },
      { covered: 1, all: 4 },
      { covered: 1, all: 2 },
    ])
    expect([percentOf({ covered: 199, all: 200 }), percentOf({ covered: 0, all: 0 })]).toEqual([99, 100])
    const text = coverageText([application]).join('\n')
    expect(text).toMatch(/^app: states 3\/5 \(60 %\), transitions 1\/4 \(25 %\), guards 1\/2 \(50 %\)$/m)
    expect(text).toMatch(/never taken:\n {4}b:2 stay → \(stays\)/)
    expect(text).toMatch(/b:2 go → c \(never false\)/)
  })

  it('of a document that no session ran show nothing covered', async () => {
    await using world = await startWorld({
      configuration: { folder: '.', objects: CENTRE },
      documents: {
        'app.scxml':
          '<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript" initial="a"><state id="a"><transition event="x" target="a"/></state></scxml>',
      },
    })
    const coverage = chartCoverage()
    const [url = ''] = world.applicationUrls()

    coverage.know(url, await world.chart('app'))

    expect(coverage.isKnown(url)).toBe(true)
    expect(coverage.applications().map((one) => [one.sessions, percentOf(sharesOf(one).transitions)])).toEqual([[0, 0]])
  })

  it('LCOV has states as functions, transitions as lines, guards as branches', async () => {
    const lines = lcovReport([await covered(body, ['go'])]).split('\n')

    expect(lines).toContain('FN:2,a')
    expect(lines).toContain('FNDA:0,never')
    expect(lines.filter((line) => line.startsWith('BRDA'))).toEqual(['BRDA:2,0,0,1', 'BRDA:2,0,1,0'])
    expect(lines).toContain('DA:4,0')
    expect(lines.at(-2)).toBe('end_of_record')
  })

  it('pages draw the chart with its coverage, and ask nothing of the network', async () => {
    const [index, page] = await coveragePages([await covered(body, ['go'])], 'file:///')

    expect(index?.text).toContain(`<a href="${page?.file}">app</a>`)
    expect(page?.text).toMatch(/<title>b: entered once \(line 2\)<\/title><rect class="box full atomic/)
    expect(page?.text).toMatch(/<title>never: entered 0 times \(line 4\)<\/title><rect class="box none/)
    expect(page?.text).toMatch(/class="arrow part" d="M[\d.]+,[\d.]+ L/)
    expect(page?.text).toMatch(/class="arrow none"/)
    expect(page?.text).not.toMatch(/<script|<link|@import|url\((?!#)|src=|https?:/)
    expect(page?.text).not.toContain('<b>&')
  })
})
