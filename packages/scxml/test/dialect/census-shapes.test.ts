import { elementNamespaces } from '@segue/modules'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/index.ts'
import { declared, entering, findings, loadPage, logged, page, run } from './support.ts'

describe('usage-census 2: namespaces', () => {
  it('"A document declares namespaces it never uses."', async () => {
    expect(declared).toHaveLength(8)
    expect(await findings('<state id="a"/>')).toEqual([])
  })

  it('`ixn=http://www.genesyslab.com/modules/interaction`: "always bound to the prefix `ixn` but its URI ends in `interaction`"', async () => {
    const session = await run(entering(`<ixn:detach interactionid="'i'"/>`))

    expect(session.actions).toMatchObject([{ module: 'interaction', element: 'detach' }])
  })

  it.each(['http://www.genesyslab.com/modules/queue', 'www.genesyslab.com/modules/queue'])(
    '"All URIs are written with `http://` in front; the manual prints them without.": %s',
    async (uri) => {
      const session = await run(entering(`<q:cancel xmlns:q="${uri}" requestid="'r'"/>`))

      expect(session.actions).toMatchObject([{ module: 'queue', element: 'cancel' }])
    },
  )
})

describe('usage-census 3: attributes of `<scxml>`', () => {
  it('"The data model is selected by `profile="ecmascript"`, never by `datamodel=`"; `scxml@version`, `@initial`, `@name`, `@_persist` "always `false`"', async () => {
    const text = page('<state id="a"/>', 'initial="a" name="lesson" _persist="false"')
    const { document, diagnostics } = await loadPage(text)

    expect(diagnostics).toEqual([])
    expect(document).toMatchObject({
      dataModel: 'ecmascript',
      dialect: 'orchestration',
      name: 'lesson',
      settings: { persist: false },
    })
  })
})

const submit = (inside: string): string =>
  `<queue:submit route="false" requestid="App_X['requestid']" interactionid="InteractionID" queue="routeVQName" timeout="10"
     clearontimeout="true" priority="toNumber(routePriority)" ordertype="'max'" orderstat="'StatAgentLoading'">${inside}
     <queue:targets><queue:targetid expr="'NW@Stat.GA'"/></queue:targets></queue:submit>`
const prompts = `<dialog:prompts type="ann"><dialog:prompt interrupt="true" text="'hello'"/></dialog:prompts>`
const treatment = `<dialog:start type="'applid'" interactionid="InteractionID" requestid="App_X['t']"/>`

/** Each element with every attribute of section 4.3 and values of section 4.4, and what comes of it. */
const elements: readonly (readonly [elements: string, text: string, expected: object])[] = [
  [
    '`ixn:terminate` @interactionid @reason @requestid',
    `<ixn:terminate interactionid="InteractionID" reason="'Auto-stop interaction'" requestid="App_X['requestid']"/>`,
    { element: 'terminate', attributes: { interactionid: '"IXN"', reason: '"Auto-stop interaction"' } },
  ],
  [
    '`ixn:attach` @interactionid @requestid',
    `<ixn:attach interactionid="InteractionID" requestid="App_X['requestid']"/>`,
    { element: 'attach', attributes: { interactionid: '"IXN"' } },
  ],
  [
    '`ixn:detach` @interactionid @requestid',
    `<ixn:detach interactionid="InteractionID" requestid="App_X['requestid']"/>`,
    { element: 'detach', attributes: { interactionid: '"IXN"' } },
  ],
  [
    '`ixn:redirect` @detach @requestid @interactionid @from @to @type @hints',
    `<ixn:redirect detach="true" requestid="App_X['requestid']" interactionid="InteractionID" from="'4201'" to="vResource"
       type="_genesys.queue.rType.RouteTypeDefault" hints="({ extensions: { g: 'x' } })"/>`,
    {
      element: 'redirect',
      attributes: { detach: 'true', from: '"4201"', to: '{"id":"A"}', type: '0', hints: '{"extensions":{"g":"x"}}' },
    },
  ],
  [
    '`ixn:accept` @requestid @interactionid @resource=vResource',
    `<ixn:accept requestid="App_X['requestid']" interactionid="InteractionID" resource="vResource"/>`,
    { element: 'accept', attributes: { resource: '{"id":"A"}' } },
  ],
  [
    '`queue:submit` @route @requestid @interactionid @timeout @clearontimeout @ordertype @orderstat @queue @priority, `queue:targets inside queue:submit`, `queue:targetid inside queue:targets` @expr',
    submit(''),
    {
      element: 'submit',
      attributes: {
        route: 'false',
        interactionid: '"IXN"',
        queue: '"VQ"',
        timeout: '10',
        clearontimeout: 'true',
        priority: '7',
        ordertype: '"max"',
        orderstat: '"StatAgentLoading"',
      },
      children: [{ element: 'targets', children: [{ element: 'targetid', attributes: { expr: '"NW@Stat.GA"' } }] }],
    },
  ],
  [
    '`queue:target inside queue:targets` @name @type=agentgroup @statserver @weight',
    submit('').replace(
      `<queue:targetid expr="'NW@Stat.GA'"/>`,
      `<queue:target name="'NW'" type="agentgroup" statserver="'Stat'" weight="'70'"/>`,
    ),
    {
      children: [
        { children: [{ attributes: { name: '"NW"', type: '"agentgroup"', statserver: '"Stat"', weight: '"70"' } }] },
      ],
    },
  ],
  [
    '`queue:target` @skillexpr @type=agent',
    submit('').replace(
      `<queue:targetid expr="'NW@Stat.GA'"/>`,
      `<queue:target skillexpr="'Mortgage > 3'" type="agent"/>`,
    ),
    { children: [{ children: [{ attributes: { skillexpr: '"Mortgage > 3"', type: '"agent"' } }] }] },
  ],
  [
    '`dialog:runtreatments inside queue:submit`, `dialog:start inside dialog:runtreatments`',
    submit(`<dialog:runtreatments>${treatment}</dialog:runtreatments>`),
    { children: [{ element: 'runtreatments', children: [{ element: 'start' }] }, { element: 'targets' }] },
  ],
  [
    '`dialog:play inside dialog:runtreatments`, `dialog:pause inside dialog:runtreatments` @duration=2',
    submit(
      `<dialog:runtreatments><dialog:play requestid="App_X['t']" interactionid="InteractionID" language="'English (US)'">${prompts}</dialog:play><dialog:pause duration="2"/></dialog:runtreatments>`,
    ),
    { children: [{ children: [{ element: 'play' }, { element: 'pause', attributes: { duration: '2' } }] }, {}] },
  ],
  [
    '`queue:cancel` @requestid, @interactionid @queue=vQueue',
    `<queue:cancel requestid="'r'" interactionid="InteractionID" queue="routeVQName"/>`,
    { element: 'cancel', attributes: { requestid: '"r"', interactionid: '"IXN"', queue: '"VQ"' } },
  ],
  [
    '`queue:query` @requestid @interactionid',
    `<queue:query requestid="'r'" interactionid="InteractionID"/>`,
    { element: 'query', attributes: { requestid: '"r"', interactionid: '"IXN"' } },
  ],
  [
    '`session:fetch` @requestid @srcexpr @method @enctype @maxage @maxstale @type @gdelivery @gd_retries @gd_retry_interval @timeout @headers',
    `<session:fetch requestid="App_X['requestid']" srcexpr="'http://h/x'" method="'post'" enctype="'application/json'" maxage="0"
       maxstale="0" type="'application/json'" gdelivery="true" gd_retries="3" gd_retry_interval="5" timeout="10"
       headers="({ k: 'v' })"><param name="n" expr="1"/></session:fetch>`,
    {
      element: 'fetch',
      attributes: {
        srcexpr: '"http://h/x"',
        method: '"post"',
        enctype: '"application/json"',
        maxage: '0',
        maxstale: '0',
        type: '"application/json"',
        gdelivery: 'true',
        gd_retries: '3',
        gd_retry_interval: '5',
        timeout: '10',
        headers: '{"k":"v"}',
      },
      params: [{ name: 'n', value: '1' }],
    },
  ],
  [
    "`dialog:start` @type='applid' @interactionid @requestid @device=system.ThisDN",
    `<dialog:start type="'applid'" interactionid="InteractionID" requestid="App_X['requestid']" device="system.ThisDN"><param name="APP_URI" expr="'u'"/></dialog:start>`,
    {
      element: 'start',
      attributes: { type: '"applid"', device: '"4201"' },
      params: [{ name: 'APP_URI', value: '"u"' }],
    },
  ],
  [
    '`dialog:play` @requestid @language @interactionid @device, `dialog:prompts inside dialog:play` @type=ann, `dialog:prompt inside dialog:prompts` @interrupt @text',
    `<dialog:play requestid="App_X['requestid']" language="'English (US)'" interactionid="InteractionID" device="system.ThisDN">${prompts}</dialog:play>`,
    {
      element: 'play',
      attributes: { language: '"English (US)"', device: '"4201"' },
      children: [{ attributes: { type: '"ann"' }, children: [{ attributes: { interrupt: 'true', text: '"hello"' } }] }],
    },
  ],
  [
    '`dialog:playandcollect` @interactionid @requestid @language @device, `dialog:input` @clear @total_timeout @digit_timeout @start_timeout @ignore_digits @term_digits @max_digits',
    `<dialog:playandcollect requestid="App_X['requestid']" language="'English (US)'" interactionid="InteractionID" device="system.ThisDN">${prompts}<dialog:input clear="true" total_timeout="30" digit_timeout="5" start_timeout="10" ignore_digits="'*'" term_digits="'#'" max_digits="4"/></dialog:playandcollect>`,
    {
      children: [
        { element: 'prompts' },
        {
          element: 'input',
          attributes: {
            clear: 'true',
            total_timeout: '30',
            digit_timeout: '5',
            start_timeout: '10',
            ignore_digits: '"*"',
            term_digits: '"#"',
            max_digits: '4',
          },
        },
      ],
    },
  ],
  [
    "`dialog:playsound` @interactionid @requestid @type='ringback' @duration=60",
    `<dialog:playsound interactionid="InteractionID" requestid="App_X['requestid']" type="'ringback'" duration="60"/>`,
    { element: 'playsound', attributes: { type: '"ringback"', duration: '60' } },
  ],
]

const prologue = `<script>
  var InteractionID = 'IXN', routeVQName = 'VQ', routePriority = '7', vResource = { id: 'A' }, App_X = {}, system = { ThisDN: '4201' }, nothing;
  function toNumber(text) { return Number(text) }</script>`
const failureTaken = '<transition event="error"/>'
const host = {
  modules: [{ root: 'queue', functions: [], constants: '{"rType":{"RouteTypeDefault":0,"RouteTypeUnknown":1}}' }],
}

describe('usage-census 4: extension elements', () => {
  it.each(elements)('%s', async (_, text, expected) => {
    const session = await run(prologue + entering(text, failureTaken), { host })

    expect(session.errors).toEqual([])
    expect(session.actions).toMatchObject([expected])
    expect(await findings(prologue + entering(text, failureTaken))).toEqual([])
  })

  it.each(['attach', 'terminate'])('`ixn:%s inside if`', async (name) => {
    const session = await run(prologue + entering(`<if cond="true"><ixn:${name} interactionid="InteractionID"/></if>`))

    expect(session.actions).toMatchObject([{ element: name }])
  })

  it('4.4 `requestid`: "the server assigns the new request id into it **before** the next event is processed; later used as an expression in `cond`"', async () => {
    const session = await run(
      prologue +
        entering(
          `<ixn:detach interactionid="InteractionID" requestid="App_X['requestid']"/>`,
          `<transition event="done" cond="_event.data.requestid==App_X['requestid']" target="b"/>`,
        ) +
        '<state id="b"/>',
    )

    session.send('done', { requestid: session.actions[0]?.requestId })

    expect(session.active).toEqual(['b'])
  })

  it.each(["App_X['requestid']", 'system.requestid', 'plain', '_data.id'])(
    '4.4 `requestid`: "member of a script object, member of another object, plain variable, `_data` member": %s',
    async (location) => {
      const session = await run(
        `<datamodel><data id="id"/></datamodel>${prologue}<script>var plain</script>` +
          entering(`<ixn:detach interactionid="InteractionID" requestid="${location}"/><log expr="${location}"/>`),
      )

      expect(session.logs).toEqual([session.actions[0]?.requestId])
    },
  )

  it('4.4 `requestid` of `queue:cancel`, `queue:query`: "*input* expression: the id of an earlier submit"', async () => {
    const session = await run(
      prologue + entering('<script>App_X.id = "r1"</script><queue:cancel requestid="App_X.id"/><log expr="App_X.id"/>'),
    )

    expect(session.logs).toEqual(['r1'])
    expect(session.actions[0]?.attributes).toEqual({ requestid: '"r1"' })
  })

  it.each(['true', 'false'])(
    '4.4 `route`, `clearontimeout`, `detach`, `gdelivery`, …: "literal or expression, same result": %s',
    async (value) => {
      const of = async (text: string): Promise<string | undefined> =>
        (await run(prologue + entering(`<ixn:redirect interactionid="InteractionID" detach="${text}"/>`))).actions[0]
          ?.attributes['detach']

      expect(await of(value)).toBe(value)
      expect(await of(`!!${value}`)).toBe(value)
    },
  )

  it.each([
    ['10', '10'],
    ['toNumber(routePriority)', '7'],
    ['nothing', undefined],
  ])(
    '4.4 `timeout`: "bare number, or a function call"; "evaluates to `undefined` | as if absent": %s',
    async (value, expected) => {
      const session = await run(
        prologue + entering(submit('').replace('timeout="10"', `timeout="${value}"`), failureTaken),
      )

      expect(session.actions[0]?.attributes['timeout']).toBe(expected)
    },
  )
})

describe('usage-census 5.2: "Not used at all", and still read', () => {
  const taking = '<transition event="e"><log expr="JSON.stringify(_event.data)"/></transition>'

  it.each([
    [
      'foreach',
      entering('<foreach array="[1, 2]" item="i" index="n"><log expr="i + \',\' + n"/></foreach>'),
      ['1,0', '2,1'],
    ],
    [
      'param location=',
      entering('<script>var v = 3</script><raise event="e"><param name="p" location="v"/></raise>', taking),
      ['{"p":3}'],
    ],
    ['send namelist=', entering(`<script>var v = 3</script><send event="'e'" namelist="v"/>`, taking), ['{"v":3}']],
    ['eventexpr', entering(`<send eventexpr="'e'"/>`, taking), ['{}']],
    [
      'several event names in one transition',
      `${entering('<raise event="y"/>', '<transition event="x y"><log expr="_event.name"/></transition>')}`,
      ['y'],
    ],
    [
      'several targets in one transition',
      `<state id="s"><transition target="b2 c2"/></state><parallel id="p"><state id="b"><state id="b1"/><state id="b2"><onentry><log expr="'b2'"/></onentry></state></state>
         <state id="c"><state id="c1"/><state id="c2"><onentry><log expr="'c2'"/></onentry></state></state></parallel>`,
      ['b2', 'c2'],
    ],
    [
      'transition type=',
      `<state id="s" initial="i"><onexit><log expr="'left'"/></onexit><transition event="e" type="internal" target="j"/><state id="i"><onentry><raise event="e"/></onentry></state>
         <state id="j"><onentry><log expr="'j'"/></onentry></state></state>`,
      ['j'],
    ],
  ])('`%s`', async (_, content, expected) => {
    expect(await logged(content)).toEqual(expected)
  })

  it('`delayexpr`', async () => {
    const session = await run(entering(`<send event="'e'" delayexpr="1 + 's'"/>`))

    expect(session.effects).toMatchObject([{ kind: 'timer', dueEpochMs: 2000 }])
  })
})

describe('usage-census 5.3: shapes that differ from the W3C Recommendation', () => {
  it('"`<final>` inside a plain compound state, with executable content and with `donedata`"; "`<donedata>` empty or with `<param>`"', async () => {
    const final = (donedata: string): string =>
      `<state id="a"><final id="f"><onentry><log expr="'ends'"/></onentry>${donedata}</final>
         <transition event="done.state.a"><log expr="JSON.stringify(_event.data)"/></transition></state>`

    expect(await logged(final('<donedata> </donedata>'))).toEqual(['ends', '{}'])
    expect(await logged(final('<donedata><param name="r" expr="1"/></donedata>'))).toEqual(['ends', '{"r":1}'])
  })

  it('"`<initial>` elements … with executable content (`log`) in their transition"', async () => {
    expect(
      await logged(
        `<state id="a"><initial><transition target="b"><log expr="'block starts'" level="2"/></transition></initial><state id="b"><onentry><log expr="'b'"/></onentry></state></state>`,
      ),
    ).toEqual(['block starts', 'b'])
  })

  it('"event-less transitions | with `cond`, without"', async () => {
    const session = await run(
      '<state id="a"><transition cond="1 == 2" target="c"/><transition target="b"/></state><state id="b"/><state id="c"/>',
    )

    expect(session.active).toEqual(['b'])
  })

  it('"target-less transitions | the whole second region of every first page"; "`event="*"` | one per first page"', async () => {
    const logs = await logged(
      `<parallel id="p"><state id="app"><transition event="interaction.present" target="app"/></state>
         <state id="handler"><transition event="interaction.present"><log expr="'seen'"/></transition>
           <transition event="*"><log expr="'other ' + _event.name"/></transition></state></parallel>`,
      'interaction.present',
      'anything.else',
    )

    expect(logs).toEqual(['seen', 'other anything.else'])
  })

  it.each(['error', 'error.*'])(
    '"`event="error"` as a prefix for every error event | also `error.*`": %s',
    async (descriptor) => {
      const session = await run(`<state id="a"><transition event="${descriptor}" target="b"/></state><state id="b"/>`)

      session.send('error.com.genesyslab.composer.noudata')

      expect(session.active).toEqual(['b'])
    },
  )

  it('"XML comments inside `<script>` | must be dropped; script text on both sides is joined"; "CDATA sections"', async () => {
    expect(
      await logged(
        `<script>var a = 1<!-- b < 2 -->0;<![CDATA[ if (a < 11) a++ ]]></script>${entering('<log expr="a"/>')}`,
      ),
    ).toEqual(['11'])
  })

  it('"`<cancel sendid="expr">` after `idlocation` on the `send` | the document then waits for an event `cancel.successful` or `error.notallowed`"', async () => {
    const session = await run(
      `${prologue}<state id="a"><onentry><send event="'a.wait.timeout'" delay="'10s'" idlocation="App_X['sendid']"/></onentry>
         <transition event="udata"><cancel sendid="App_X['sendid']"/></transition>
         <transition event="cancel.successful" target="b"/><transition event="error.notallowed" target="b"/></state><state id="b"/>`,
    )

    session.send('udata')

    expect(session.active).toEqual(['b'])
  })
})

describe('usage-census 5.4: XInclude and the prefix macro', () => {
  it('"One include is written with different letter case than the file it names: projects are authored on case-insensitive file systems."', async () => {
    const texts: Readonly<Record<string, string>> = {
      'file:///app/main.scxml': page('<script><xi:include href="Lib.js" parse="text"/></script><state id="a"/>'),
      'file:///app/lib.js': 'var x',
    }
    const { chart, diagnostics } = await load('file:///app/main.scxml', {
      resolve: (href, base) => {
        const url = new URL(href, base).href.toLowerCase()
        return Promise.resolve({ found: true, source: { url, text: texts[url] ?? '' } })
      },
      modules: elementNamespaces,
    })

    expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['warning SEG-INCLUDE-007'])
    expect(chart).toBeDefined()
  })

  it('"The including page then waits for `done.state.<resolveid>.<xpointer id>`"', async () => {
    const session = await run(
      `<state id="w"><xi:include href="f.scxml" parse="xml" resolveid="defaultWorkflow" xpointer="_composer_entry"/>
         <transition event="done.state.defaultWorkflow._composer_entry" target="end"/></state><state id="end"/>`,
      { files: { 'f.scxml': page('<state id="_composer_entry"><final id="Exit1"/></state>') } },
    )

    expect(session.active).toEqual(['end'])
  })
})

/** Section 6, with "Entry1" in the place of `<block>`. */
const waitedFor = [
  'Entry1.script.done',
  'error',
  'interaction.deleted',
  'interaction.attach.done',
  'interaction.redirect.done',
  'queue.submit.requestid',
  'queue.submit.done',
  'session.fetch.done',
  'Entry1.aftersubmit.timeout.elapsed',
  'interaction.detach.done',
  'error.interaction.detach',
  'Entry1.afterdetach.timeout.elapsed',
  'Entry1.done',
  'error.notallowed',
  'queue.cancel.done',
  'interaction.terminate.done',
  'error.interaction.terminate',
  'dialog.start.done',
  'Entry1.wait.timeout',
  'error.queue.submit',
  'interaction.added',
  'application.start',
  'application.exit',
  'interaction.onrouterequest',
  'interaction.onmerge',
  'interaction.partystatechanged',
  'error.dialog.start',
  'interaction.udata.changed',
  'cancel.successful',
  'interaction.abandoned',
  'error.interaction.redirect',
  'done.state.a._composer_entry',
  'queue.query.done',
  'dialog.playandcollect.done',
  'error.dialog.playandcollect',
  'dialog.play.done',
  'dialog.play.requestid',
  'Done',
  'interaction.accept.done',
  'error.interaction.accept',
  'delay',
  'eventValue',
  'dialog.playsound.done',
]

describe('usage-census 6: events', () => {
  it.each(waitedFor)(
    '"Events waited for": `%s` is taken by its name, by `*`, and not by another name',
    async (name) => {
      const states = `<state id="a"><transition event="other.${name}" target="c"/><transition event="${name}" target="b"/>
      <state id="a._composer_entry"/></state><state id="b"><transition event="*" target="c"/></state><state id="c"/>`
      const session = await run(states)

      session.send(name)
      expect(session.active).toEqual(['b'])
      session.send(name)

      expect(session.active).toEqual(['c'])
      expect((await findings(states)).filter((line) => line.startsWith('error'))).toEqual([])
    },
  )

  it.each([
    [
      "`'<block>.script.done'`",
      `<send event="'Entry1.script.done'"><param name="resolveid" expr="_my_prefix"/></send>`,
      'Entry1.script.done',
    ],
    ["`'<block>.done'`", `<send event="'Entry1.done'"/>`, 'Entry1.done'],
    ["`'application.start'`", `<send event="'application.start'"/>`, 'application.start'],
    ['`application.exit`', '<raise event="application.exit"/>', 'application.exit'],
    ['`application.start`', '<raise event="application.start"><param name="p" expr="1"/></raise>', 'application.start'],
    [
      '`error.com.genesyslab.composer.noudata`',
      '<raise event="error.com.genesyslab.composer.noudata"/>',
      'error.com.genesyslab.composer.noudata',
    ],
  ])('6.1 "Events sent or raised by the documents themselves": %s', async (_, content, name) => {
    const states = entering(content, `<transition event="${name}" target="b"/>`) + '<state id="b"/>'

    expect((await run(states)).active).toEqual(['b'])
    expect(await findings(states)).toEqual([])
  })

  it.each([
    "'Entry1.aftersubmit.timeout.elapsed'",
    "'Entry1.afterdetach.timeout.elapsed'",
    "'Entry1.wait.timeout'",
    "'delay'",
  ])('6.1 %s comes when its time is over', async (event) => {
    const name = event.replaceAll("'", '')
    const session = await run(
      entering(`<send event="${event}" delay="'200ms'"/>`, `<transition event="${name}" target="b"/>`) +
        '<state id="b"/>',
    )
    const [timer] = session.effects
    expect(timer).toMatchObject({ kind: 'timer', dueEpochMs: 1200 })

    session.fire(timer?.kind === 'timer' ? timer.sendId : '')

    expect(session.active).toEqual(['b'])
  })

  it.each([
    'requestid interactionid resolveid error resultof targetselected content focusdeviceid',
    'targetcomponentselected targetobjectselected vqselected resource frominteractionid tointeractionid',
    'description extensions digits priority positioninqueue invqwaittime Invqwaittime',
  ])('6.2 `_event.data.*`: %s', async (members) => {
    const names = members.split(' ')
    const read = names.map((name) => `_event.data.${name}`).join(" + ',' + ")
    const session = await run(`<state id="a"><transition event="x"><log expr="${read}"/></transition></state>`)

    session.send('x', Object.fromEntries(names.map((name) => [name, `the ${name}`])))
    session.send('x')

    expect(session.logs).toEqual([names.map((name) => `the ${name}`).join(), names.map(() => 'undefined').join()])
  })

  it('6.2 `_event.toSource()`, `_event.name`, `_event.data`', async () => {
    const session = await run(
      `<state id="a"><transition event="x.y"><log expr="_event.name + ' ' + _event.data.toSource()"/><log expr="_event.toSource()"/></transition></state>`,
    )

    session.send('x.y', { a: 1 })

    expect(session.logs[0]).toBe('x.y ({a:1})')
    expect(session.logs[1]).toMatch(/^\(\{name:"x\.y", type:"external".*data:\{a:1\}\}\)$/)
  })

  it('6.2 "a list filled in one parallel region is searched with `indexOf(_event)` in the other region"', async () => {
    const logs = await logged(
      `<script>var handled = []</script><parallel id="p">
         <state id="app"><transition event="x"><script>handled.push(_event)</script></transition></state>
         <state id="handler"><transition event="*"><log expr="handled.indexOf(_event)"/></transition></state></parallel>`,
      'x',
      'y',
    )

    expect(logs).toEqual(['0', '-1'])
  })

  it('6.2 "`_event.data.error`, `.description`, … are read without a guard in some places"', async () => {
    expect(
      await logged(
        '<state id="a"><transition event="x"><log expr="\'\' + _event.data.error + _event.data.resultof"/></transition></state>',
        'x',
      ),
    ).toEqual(['undefinedundefined'])
  })
})
