import { startWorld } from '@segue/testing'
import type { World } from '@segue/testing'
import { beforeAll, describe, expect, it } from 'vitest'

/** A row of the census: what it says, the expression that an application would write, and what it has to give. */
type Row = readonly [says: string, expression: string, expected: unknown]

const ixn = '_genesys.ixn.interactions[CALL]'
const mail = '_genesys.ixn.interactions["MAIL1"]'
const chat = '_genesys.ixn.interactions["CHAT1"]'

/** Gives the words that are members of a container: all of them have to be there. */
const all = (container: string, words: string): Row => [
  `${container}: ${words}`,
  `"${words}".split(" ").filter(function (one) { return typeof ${container}[one] === "number" }).join(" ")`,
  words,
]

// `ani` and `media` on the interaction itself are probed and never there: applications take the extension's (interaction-model §7).
const documents: readonly Row[] = [
  ['_genesys.ixn.interactions[]', `typeof ${ixn}`, 'object'],
  ['_genesys.ixn.interactions[].udata.<key>', `${ixn}.udata.vip`, 'yes'],
  ['_genesys.ixn.interactions[].voice', `typeof ${ixn}.voice`, 'object'],
  ['_genesys.session.getListItemValue()', '_genesys.session.getListItemValue("Branch", "OPM", "vq")', 'VQ_Branch'],
  ['_genesys.ixn.interactions[].voice.ani', `${ixn}.voice.ani`, '0301112233'],
  ['_genesys.ixn.interactions[].ani', `typeof ${ixn}.ani`, 'undefined'],
  ['_genesys.ixn.interactions[].parentid', `${ixn}.parentid`, ''],
  ['_genesys.ixn.getuData()', '_genesys.ixn.getuData("vip", CALL)', 'yes'],
  ['_genesys.queue.rType.RouteTypeDefault', 'typeof _genesys.queue.rType.RouteTypeDefault', 'number'],
  ['_genesys.ixn.setuData()', 'typeof _genesys.ixn.setuData', 'function'],
  ['_genesys.ixn.interactions[].parties', `typeof ${ixn}.parties`, 'object'],
  [
    '_genesys.ixn.interactions[].voice.connid',
    `typeof ${ixn}.voice.connid + (${ixn}.voice.connid !== "")`,
    'stringtrue',
  ],
  ['_genesys.ixn.interactions[].voice.type', `typeof ${ixn}.voice.type`, 'string'],
  ['_genesys.ixn.interactions[].parties[]', `typeof ${ixn}.parties[Object.keys(${ixn}.parties)[0]]`, 'object'],
  ['_genesys.ixn.interactions', '_genesys.ixn.interactions.length', 3],
  ['_genesys.ixn.interactions[].udata', `Object.keys(${ixn}.udata).join()`, 'vip,OP-Session-ID'],
  ['_genesys.session.lookupseq.StartFromTserver', 'typeof _genesys.session.lookupseq.StartFromTserver', 'number'],
  ['_genesys.queue.rType.RouteTypeUnknown', 'typeof _genesys.queue.rType.RouteTypeUnknown', 'number'],
  ['_genesys.statistic.sData()', 'typeof _genesys.statistic.sData("ada@stat.A", "StatAgentsAvailable")', 'number'],
  ['_genesys.session.day.Saturday', '_genesys.session.day.Saturday', 6],
  ['_genesys.session.day.Sunday', '_genesys.session.day.Sunday', 0],
  ['_genesys.session.dayInZone()', '_genesys.session.dayInZone("GMT")', 3],
  ['_genesys.session.timeInZone()', '_genesys.session.timeInZone("GMT")', '10:30:00'],
]

const libraries: readonly Row[] = [
  ['_genesys.ixn.interactions[].msgbased.type', `typeof ${mail}.msgbased.type`, 'string'],
  ['_genesys.ixn.interactions[].voice.media', `${ixn}.voice.media`, 'TMediaVoice'],
  ['_genesys.ixn.interactions[].msgbased.media', `${mail}.msgbased.media`, 'TMediaEMail'],
  ['_genesys.ixn.interactions[].voice', `${mail}.voice`, undefined],
  ['_genesys.ixn.interactions[].voice.type', `${ixn}.voice.type.length > 0`, true],
  ['_genesys.ixn.interactions[].tenantid', `parseInt(${ixn}.tenantid)`, 1],
  ['_genesys.ixn.interactions[].chat.media', `${chat}.chat.media`, 'TMediaChat'],
  ['_genesys.statistic.sData()', '_genesys.statistic.sData("Desk@stat.GA", "StatAgentLoading") >= 0', true],
  ['_genesys.ixn.interactions[].udata', `typeof ${mail}.udata`, 'object'],
  ['_genesys.ixn.interactions[].udata.<key>', `${mail}.udata.nothing`, undefined],
  ['_genesys.ixn.interactions[].voice.dnis', `${ixn}.voice.dnis`, '4200'],
  ['_genesys.ixn.interactions[].msgbased.view', `${mail}.msgbased.view`, 'InboundView'],
  ['_genesys.ixn.interactions[].xdata.ixn_queue_view', `${mail}.xdata.ixn_queue_view`, 'QueueView'],
  ['_genesys.ixn.interactions[].msgbased', `${ixn}.msgbased`, undefined],
  ['_genesys.ixn.interactions[].voice.callid', `typeof ${ixn}.voice.callid`, 'string'],
  ['_genesys.session.dateInZone()', '_genesys.session.dateInZone("GMT")', '2024-05-01'],
  ['_genesys.session.isSpecialDay()', '_genesys.session.isSpecialDay("Holidays", "Labour Day", "GMT", true)', 1],
  ['_genesys.session.isSpecialDay()', '_genesys.session.isSpecialDay("Holidays", "Labour Day", "Asia/Tokyo", true)', 0],
  ['_genesys.ixn.interactions[].xdata', `typeof ${ixn}.xdata`, 'object'],
  ['_genesys.ixn.interactions[].media', `typeof ${ixn}.media`, 'undefined'],
  ['_genesys.session.server.name', '_genesys.session.server.name', 'world'],
  ['_genesys.session.server.cluster', '_genesys.session.server.cluster', 'world'],
  ['_genesys.ixn.interactions[].udata[]', `${ixn}.udata["vip"]`, 'yes'],
  ['_genesys.session.tenantid', 'parseInt(_genesys.session.tenantid)', 1],
  ['_genesys.session.tenant', '_genesys.session.tenant', 'Environment'],
  ['_genesys.ixn.interactions[].g_uid', `${ixn}.g_uid === CALL`, true],
  ['_genesys.ixn.interactions[].location', `typeof ${ixn}.location`, 'object'],
  ['_genesys.ixn.interactions[].location.media_server', `${ixn}.location.media_server`, 'SIP'],
  ['_genesys.ixn.interactions[].msgbased.queue', `${mail}.msgbased.queue`, 'Inbound'],
  ['_genesys.ixn.interactions[].msgbased.externalID', `${mail}.msgbased.externalID`, 'X-1'],
  ['_genesys.ixn.interactions[].chat', `typeof ${chat}.chat`, 'object'],
  ['_genesys.ixn.interactions[].chat.type', `${chat}.chat.type`, 'Inbound'],
  ['_genesys.ixn.interactions[].chat.externalID', `${chat}.chat.externalID`, 'X-2'],
  [
    '_genesys.session.getListItemValue (as a test whether it is there)',
    'typeof _genesys.session.getListItemValue',
    'function',
  ],
  [
    '_genesys.session.getConfigOption()',
    '_genesys.session.getConfigOption(CALL, "greeting", _genesys.session.lookupseq.StartFromTenant)',
    'tenant.wav',
  ],
  ['_genesys.ixn.firstixnid', '_genesys.ixn.firstixnid === CALL', true],
  all(
    '_genesys.resource.resourceType',
    'CFGACDPosition any CFGCellular CFGChat CFGCoBrowse CFGEmail CFGExtension CFGFAX CFGVideo CFGVoiceMail CFGVoIP CFGWorkflow',
  ),
  all('_genesys.session.lookupseq', 'StartFromCDN StartFromRouter StartFromStrategy StartFromTenant StartFromTserver'),
  all('_genesys.queue.usecapcond', 'Never Only OnStatError'),
  all('_genesys.queue.overwriteType', 'UseANI UseConfig UseDNIS UseNone'),
  all('_genesys.voice.overwriteType', 'UseANI UseConfig UseDNIS UseNone'),
  all(
    '_genesys.queue.rType',
    'RouteTypeAnnouncement RouteTypeDDD RouteTypeDefault RouteTypeDirect RouteTypeDirectAgent RouteTypeGetFromDN ' +
      'RouteTypeIDDD RouteTypeLabel RouteTypeOverwriteDNIS RouteTypePostFeature RouteTypeReject RouteTypeUnknown',
  ),
  all(
    '_genesys.ixn.mediaType',
    'TMediaVoice TMediaVoIP TMediaEMail TMediaVMail TMediaSMail TMediaChat TMediaVideo TMediaCobrowsing ' +
      'TMediaWhiteboard TMediaAppSharing TMediaWebform TMediaWorkItem TMediaCallback TMediaFax TMediaIMChat ' +
      'TMediaBusinessEvent TMediaAlert TMediaSMS TMediaOutboundPreview TMediaOpenMedia TMediaNativeSMS',
  ),
]

const globals: readonly Row[] = [
  ['__Log: 1 argument (message)', '__Log("one")', undefined],
  ['__Log: 3 arguments (message, label, numeric level)', '__Log("three", "label", 3)', undefined],
  ['__Raise: (event name, object with the event data)', '__Raise("raised.here", { a: 1 })', undefined],
  [
    '__GetDocumentURL: no argument; must give the absolute URL',
    '/^file:\\/\\/\\/.*app\\.scxml$/.test(__GetDocumentURL())',
    true,
  ],
  [
    '__GetCurrentStates: array of state ids, the last one being the innermost',
    '__GetCurrentStates().join()',
    'wait,inner',
  ],
]

const missing = (call: string): string => `(function () { try { return ${call} } catch (e) { return "" } })()`
const returns: readonly Row[] = [
  [
    'getListItemValue(list, item) (2 arguments): the whole item as an object of its keys',
    '(function (item) { return JSON.stringify(item) + item["vq"] + (Object.keys(item).length === 0) })(_genesys.session.getListItemValue("Branch", "OPM"))',
    '{"greeting":"hello.wav","vq":"VQ_Branch"}VQ_Branchfalse',
  ],
  [
    "getListItemValue(list, item, ''): an empty key asks for the whole item",
    'JSON.stringify(_genesys.session.getListItemValue("Branch", "OPM", ""))',
    '{"greeting":"hello.wav","vq":"VQ_Branch"}',
  ],
  [
    'getListItemValue(list, item, key): string',
    '_genesys.session.getListItemValue("Branch", "OPM", "greeting")',
    'hello.wav',
  ],
  [
    'getListItemValue: "" or an exception when the key is missing',
    missing('_genesys.session.getListItemValue("Branch", "OPM", "none")'),
    '',
  ],
  [
    'getListItemValue: "" or an exception when the item is missing',
    missing('_genesys.session.getListItemValue("Branch", "NONE", "vq")'),
    '',
  ],
  [
    'getListItemValue: "" or an exception when the list is missing',
    missing('_genesys.session.getListItemValue("None", "OPM", "vq")'),
    '',
  ],
  [
    'getConfigOption(ixn, key, lookupseq): string',
    'typeof _genesys.session.getConfigOption(CALL, "greeting", 2)',
    'string',
  ],
  [
    'getConfigOption: "" or an exception when missing',
    missing('_genesys.session.getConfigOption(CALL, "none", 2)'),
    '',
  ],
  [
    'getuData(key, ixn): value or nothing, no exception for a missing key',
    'typeof _genesys.ixn.getuData("none", CALL)',
    'undefined',
  ],
  ['interactions[id] for an unknown id: undefined or null', '_genesys.ixn.interactions["nobody"] == null', true],
  [
    'interactions[id].parties: enumerable with for … in, members have device and devicetype',
    `(function () { var seen = []; for (var key in ${ixn}.parties) { var one = ${ixn}.parties[key]; seen.push(typeof one.device + ":" + one.devicetype) } return seen.sort().join() })()`,
    'string:customer,string:routepoint',
  ],
  [
    'dayInZone(zone) / day.*: same type, comparable with ==, Sunday = 0',
    '[_genesys.session.dayInZone("GMT") == _genesys.session.day.Wednesday, typeof _genesys.session.day.Sunday === typeof _genesys.session.dayInZone("GMT"), _genesys.session.day.Sunday === 0].join()',
    'true,true,true',
  ],
  [
    "timeInZone(zone): string, compared with '09:00:00' lexically, split on :",
    '(function (t) { return (t > "09:00:00") + "," + (t < "12:00:00") + "," + t.split(":").length })(_genesys.session.timeInZone("GMT"))',
    'true,true,3',
  ],
  [
    'timeInZone(zone): two digits in the morning too',
    '_genesys.session.timeInZone("America/Chicago") < "09:00:00"',
    true,
  ],
  [
    'sData(target, statistic): number; target is name@statserver.TYPE',
    'typeof _genesys.statistic.sData("Desk@stat.GA", "StatAgentsAvailable")',
    'number',
  ],
  [
    'voice.media, .msgbased.media, .chat.media: strings such as TMediaVoice',
    `[${ixn}.voice.media, ${mail}.msgbased.media, ${chat}.chat.media].join()`,
    'TMediaVoice,TMediaEMail,TMediaChat',
  ],
  ['tenantid: given to parseInt', `parseInt(${ixn}.tenantid) > 0`, true],
]

const tables = {
  '7.1 in documents': documents,
  '7.2 in libraries': libraries,
  '7.3 global functions': globals,
  'return values': returns,
}
const rows = Object.values(tables).flat()

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')
const application = `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" initial="wait" profile="ecmascript" name="app"
  xmlns:ixn="http://www.genesyslab.com/modules/interaction">
  <script>var CALL, early, late;</script>
  <state id="wait"><state id="inner">
    <transition event="interaction.present" cond="CALL === undefined"><script>CALL = _event.data.interactionid;</script></transition>
    <transition event="more">
      <ixn:attach interactionid="'MAIL1'"/><ixn:attach interactionid="'CHAT1'"/>
    </transition>
    <transition event="ask">
      ${rows.map(([, expression], i) => `<log label="'row${i}'" expr="${escaped(`JSON.stringify([${i}, ${expression}])`)}"/>`).join('\n')}
    </transition>
    <transition event="put"><script>early = _genesys.ixn.setuData({ added: 'new' }, CALL) + String(${ixn}.udata.added);</script></transition>
    <transition event="interaction.udata.changed"><script>late = ${ixn}.udata['added'];</script></transition>
    <transition event="raised.here"><log expr="'raised ' + _event.data.a"/></transition>
  </state></state></scxml>`

const centre = {
  switches: [{ name: 'SIP', kind: 'simulated' }],
  applications: [{ name: 'app', url: 'app.scxml' }],
  dns: [
    { number: '4200', switch: 'SIP', type: 'routepoint', application: 'app' },
    { number: '7001', switch: 'SIP', type: 'extension' },
  ],
  agents: [{ id: 'ada', dn: '7001' }],
  agentGroups: [{ name: 'Desk', agents: ['ada'] }],
  lists: [{ name: 'Branch', items: { OPM: { greeting: 'hello.wav', vq: 'VQ_Branch' } } }],
  dayTables: [{ name: 'Holidays', days: [{ name: 'Labour Day', date: '2024-05-01', from: '09:00', to: '12:00' }] }],
  options: [{ level: 'tenant', object: 'Environment', values: { greeting: 'tenant.wav' } }],
  statServers: ['stat'],
}

async function answersOf(world: World): Promise<ReadonlyMap<number, unknown>> {
  const answers = new Map<number, unknown>()
  for (const log of (await world.session()).logs) {
    if (!log.startsWith('[')) continue
    const [row, value] = JSON.parse(log) as readonly [number, unknown]
    answers.set(row, value)
  }
  return answers
}

/** A world in which the application has one call. */
async function startWithThree(): Promise<World> {
  const world = await startWorld({
    configuration: { folder: '.', objects: centre },
    documents: { 'app.scxml': application },
    at: '2024-05-01T10:30:00Z',
  })
  await world.placeCall({ from: '0301112233', to: '4200', callId: 'CALL1', userData: { vip: 'yes' } })
  return world
}

let answers: ReadonlyMap<number, unknown>
let variables: Readonly<Record<string, unknown>>
let logs: readonly string[]
let errors: readonly unknown[]

beforeAll(async () => {
  await using world = await startWithThree()
  const offered = { tenantid: '1', parentid: '', contactedaddr: '4200', parties: {}, location: { media_server: '' } }
  await world.offer({
    interaction: {
      ...offered,
      g_uid: 'MAIL1',
      category: 'msgbased',
      udata: {},
      xdata: { ixn_queue_view: 'QueueView' },
      msgbased: { type: 'Inbound', media: 'TMediaEMail', view: 'InboundView', queue: 'Inbound', externalID: 'X-1' },
    },
    focusDeviceId: 'Inbound',
    application: '',
  })
  await world.offer({
    interaction: {
      ...offered,
      g_uid: 'CHAT1',
      category: 'chat',
      udata: {},
      xdata: {},
      chat: { type: 'Inbound', media: 'TMediaChat', externalID: 'X-2' },
    },
    focusDeviceId: 'Inbound',
    application: '',
  })
  const [id = ''] = await world.sessionIds()
  await world.sendEvent(id, 'more')
  await world.settle()
  await world.sendEvent(id, 'ask')
  answers = await answersOf(world)
  await world.sendEvent(id, 'put')
  await world.settle()
  const session = await world.session(id)
  variables = session.variables
  logs = session.logs
  errors = session.errors
}, 60_000)

describe.each(Object.entries(tables))('usage census §7, %s', (_, table) => {
  it.each(table)('%s', (_says, expression, expected) => {
    const row = rows.findIndex((one) => one[1] === expression)

    // JSON has no undefined: such a value is null, and a row that failed is not there at all.
    expect(answers.has(row), JSON.stringify(errors)).toBe(true)
    expect(answers.get(row)).toEqual(expected === undefined ? null : expected)
  })
})

describe('usage census §7, what happens later', () => {
  it('setuData is asynchronous: interaction.udata.changed follows, by which time udata[key] reads the new value', () => {
    expect(variables).toMatchObject({ early: 'undefinedundefined', late: 'new' })
  })

  it('__Raise and __Log are seen', () => {
    expect(logs).toEqual(expect.arrayContaining(['one', 'three', 'raised 1']))
  })
})
