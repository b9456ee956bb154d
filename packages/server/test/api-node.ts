import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import { connect } from 'node:net'
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pino from 'pino'
import { createSimulatedSwitch, directVoiceLink, memoryJournal, systemClock } from '@segue/adapters'
import type { DirectVoiceLink } from '@segue/adapters'
import { DEFAULT_SETTINGS, startNode } from '@segue/server'
import type { NodeParts, NodeSettings, RunningNode } from '@segue/server'

/** What the interface answered. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/** A node with the memory store and a simulated switch, on a free loopback port. */
export interface ApiNode extends AsyncDisposable {
  readonly node: RunningNode
  readonly folder: string
  readonly link: DirectVoiceLink
  /** `file:` address of a document of the folder. */
  document(name: string): string
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>
  get(path: string): Promise<Answer>
  post(path: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>
  start(name: string, parameters?: object): Promise<string>
  /** Waits until the session is as wanted; events are durable before they are processed. */
  until(sessionId: string, wanted: (session: Readonly<Record<string, unknown>>) => boolean): Promise<Answer>
}

export interface RequestOptions {
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly token?: string
}

const CONFIGURATION = {
  switches: [{ name: 'Simulated', kind: 'simulated' }],
  applications: [{ name: 'desk', url: 'desk.scxml' }],
  dns: [
    { number: '4200', switch: 'Simulated', type: 'routepoint', application: 'desk' },
    { number: '7001', switch: 'Simulated', type: 'extension' },
  ],
  agents: [{ id: 'ada', name: 'Ada Lind', dn: '7001', skills: { tickets: 8 } }],
  agentGroups: [{ name: 'Desk', agents: ['ada'] }],
}

const MODULES =
  'xmlns="http://www.w3.org/2005/07/scxml" xmlns:queue="http://www.genesyslab.com/modules/queue" xmlns:ixn="http://www.genesyslab.com/modules/interaction"'

/** Documents that most tests need. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  'segue.json': JSON.stringify(CONFIGURATION),
  'desk.scxml': `<scxml ${MODULES} version="1.0" initial="waiting">
    <state id="waiting">
      <transition event="interaction.added" target="routing"/>
    </state>
    <state id="routing">
      <onentry><queue:submit route="true" timeout="60" interactionid="_event.data.interactionid"><queue:targets><queue:target type="agentgroup" name="'Desk'"/></queue:targets></queue:submit></onentry>
      <transition event="queue.submit.done" target="served"/>
      <transition event="interaction.deleted" target="gone"/>
    </state>
    <state id="served"><transition event="interaction.deleted" target="gone"/></state>
    <final id="gone"/>
  </scxml>`,
  'counter.scxml': `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" initial="counting">
    <datamodel><data id="seen" expr="[]"/><data id="greeting" expr="'none'"/><data id="last" expr="null"/></datamodel>
    <state id="counting">
      <transition event="tick"><script>seen.push(_event.data.n)</script></transition>
      <transition event="stop" target="done"/>
      <transition event="*"><assign location="last" expr="{ name: _event.name, data: _event.data, origintype: _event.origintype }"/></transition>
    </state>
    <final id="done"/>
  </scxml>`,
  'broken.scxml': `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="a">
  <state id="a"><transition event="x" target="nowhere"/></state>
</scxml>`,
}

/** Starts a node; everything ends with it. */
export async function startApiNode(
  options: {
    readonly origins?: readonly string[]
    readonly parts?: NodeParts
    readonly documents?: typeof DOCUMENTS
    readonly settings?: Partial<NodeSettings>
  } = {},
): Promise<ApiNode> {
  const folder = await mkdtemp(join(tmpdir(), 'segue-api-'))
  for (const [name, text] of Object.entries({ ...DOCUMENTS, ...options.documents })) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  const link = directVoiceLink(
    createSimulatedSwitch({
      clock: systemClock(),
      seed: 1,
      plan: { switchName: 'Simulated', routingPoints: [{ number: '4200' }], agents: [{ id: 'ada', dn: '7001' }] },
      journal: memoryJournal(),
    }),
  )
  const started = await startNode(
    {
      ...DEFAULT_SETTINGS,
      configurationFiles: [join(folder, 'segue.json')],
      dataFolder: join(folder, 'data'),
      store: 'memory',
      port: 0,
      partitions: 8,
      documentRoots: [folder],
      documentOrigins: options.origins ?? [],
      documentMaxAgeS: 0,
      ...options.settings,
    },
    pino({ level: 'silent' }),
    { links: [link], ...options.parts },
  )
  if (!started.ok) throw new Error(started.findings.map(({ message }) => message).join('\n'))
  const { node } = started

  async function request(method: string, path: string, { body, headers, token }: RequestOptions = {}): Promise<Answer> {
    const response = await fetch(`${node.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token ?? node.token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: objectOf(text) }
  }

  const get = (path: string): Promise<Answer> => request('GET', path)
  const post: ApiNode['post'] = (path, body = {}, headers = {}) =>
    request('POST', path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  const document = (name: string): string => pathToFileURL(join(folder, name)).href

  return {
    node,
    folder,
    link,
    document,
    request,
    get,
    post,
    async start(name, parameters = {}) {
      const { body } = await post('/scxml/session/start', { src: document(name), ...parameters })
      return String(body['sessionid'])
    },
    async until(sessionId, wanted) {
      for (;;) {
        const answer = await get(`/api/v1/sessions/${sessionId}`)
        if (answer.status !== 200 || wanted(answer.body)) return answer
        await node.centre.runtime.idle()
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    async [Symbol.asyncDispose]() {
      await node[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = text === '' ? {} : JSON.parse(text)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** Writes requests into one connection without waiting for answers between them; gives the status of each answer. */
export async function pipelined(api: ApiNode, paths: readonly string[]): Promise<readonly number[]> {
  const { hostname, port } = new URL(api.node.url)
  const socket = connect(Number(port), hostname)
  const lines = (path: string, index: number): string =>
    `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${api.node.token}\r\n${index === paths.length - 1 ? 'connection: close\r\n' : ''}\r\n`
  socket.write(paths.map(lines).join(''))
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => Number(match[1]))
}

/** A request that a stand-in for another system has got. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Another system on a free loopback port: answers with texts by path, 404 otherwise, and notes what it is asked. */
export interface OtherSystem extends AsyncDisposable {
  readonly origin: string
  readonly seen: readonly SeenRequest[]
}

/** Starts another system. */
export async function otherSystem(texts: Readonly<Record<string, string>>): Promise<OtherSystem> {
  const seen: SeenRequest[] = []
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
    request.on('end', () => {
      const path = request.url ?? ''
      seen.push({ method: request.method ?? '', path, headers: request.headers, body })
      const text = texts[path]
      response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/xml' }).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
