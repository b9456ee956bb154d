// `segue serve` in a process of its own, and a client of its HTTP interface.
import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

const program = fileURLToPath(new URL('../../../packages/cli/dist/segue.js', import.meta.url))
const workloads = fileURLToPath(new URL('../../workloads/', import.meta.url))
const START_MS = 120_000
const POLL_MS = 5

/**
 * Starts a node on the data of a folder and waits until it is ready.
 *
 * @param {{ store: 'sqlite' | 'memory' | 'postgres', folder: string, url?: string }} place
 */
export async function serve(place, { shards }) {
  const from = performance.now()
  const site = join(place.folder, 'site')
  const data = join(place.folder, 'data')
  mkdirSync(site, { recursive: true })
  writeFileSync(join(site, 'segue.yaml'), 'tenants:\n  - { name: Environment, id: 1 }\n')
  copyFileSync(join(workloads, 'contact.scxml'), join(site, 'contact.scxml'))
  rmSync(join(data, 'node.json'), { force: true })
  const store = place.store === 'postgres' ? place.url : place.store
  const options = ['--data', data, '--port', '0', '--store', store, '--shards', String(shards), '--log-level', 'error']
  const child = spawn(process.execPath, [program, 'serve', site, ...options], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)))
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const nodeFile = join(data, 'node.json')
  while (!existsSync(nodeFile) || !isWritten(nodeFile)) {
    if (child.exitCode !== null || performance.now() - from > START_MS) {
      child.kill('SIGKILL')
      throw new Error(`the node did not start: ${said}`)
    }
    await pause(POLL_MS)
  }
  const { url } = JSON.parse(readFileSync(nodeFile, 'utf8'))
  const token = readFileSync(join(data, 'api-token'), 'utf8').trim()
  return {
    pid: child.pid,
    readyMs: performance.now() - from,
    startedAtMs: from,
    client: client(url, token),
    document: pathToFileURL(join(site, 'contact.scxml')).href,
    said: () => said,
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}

function isWritten(file) {
  return readFileSync(file, 'utf8').endsWith('\n')
}

/** Calls of the HTTP interface over kept connections. */
function client(url, token) {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const { hostname, port } = new URL(url)
  return {
    close: () => agent.destroy(),
    /** The answer's body as an object. Errors: rejects when the status is not 200. */
    call(method, path, body) {
      return new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body)
        const headers = {
          authorization: `Bearer ${token}`,
          ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        }
        const asked = request({ agent, hostname, port, method, path, headers }, (response) => {
          const chunks = []
          response.on('data', (chunk) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const answer = Buffer.concat(chunks).toString('utf8')
            if (response.statusCode === 200) resolve(JSON.parse(answer))
            else reject(new Error(`${method} ${path} was answered ${response.statusCode}: ${answer.slice(0, 300)}`))
          })
        })
        asked.on('error', reject)
        asked.end(text)
      })
    },
  }
}
