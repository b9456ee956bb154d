// `segue serve` as a process, and its interface as an operator uses it.
import { fork, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * Starts a node for a folder of documents.
 *
 * @param {{ folder: string, documents: Readonly<Record<string, string>>, words?: readonly string[] }} task
 */
export async function serveNode({ documents, folder, words = [] }) {
  const app = join(folder, 'app')
  mkdirSync(app, { recursive: true })
  writeFileSync(join(app, 'segue.yaml'), 'tenants:\n  - { name: Environment, id: 1 }\n')
  for (const [name, text] of Object.entries(documents)) writeFileSync(join(app, name), text)
  const data = join(folder, 'data')
  // A copy, so that nobody who builds meanwhile changes what is measured; below the root, so that packages are found.
  const program = join(root, `node_modules/.cache/segue-bombs/${process.pid}`)
  mkdirSync(program, { recursive: true })
  for (const name of ['segue.js', 'shard.js']) copyFileSync(join(root, 'packages/cli/dist', name), join(program, name))
  const child = spawn(
    process.execPath,
    [join(program, 'segue.js'), 'serve', app, '--data', data, '--port', '0', '--log-level', 'warn', ...words],
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: root },
  )
  const log = []
  let rest = ''
  child.stderr.on('data', (chunk) => {
    rest += chunk
    const lines = rest.split('\n')
    rest = lines.pop()
    for (const line of lines) log.push(line)
  })
  const url = await listening(child, log)
  const token = readFileSync(join(data, 'api-token'), 'utf8').trim()

  async function call(path, method = 'GET', body = undefined) {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }

  return {
    url,
    token,
    log,
    pid: child.pid,
    isUp: () => child.exitCode === null && child.signalCode === null,
    call,
    async start(name) {
      const src = pathToFileURL(join(app, name)).href
      const { body, status } = await call('/scxml/session/start', 'POST', { src })
      return status === 200 ? { ok: true, id: body.sessionid } : { ok: false, body }
    },
    async close() {
      child.kill('SIGTERM')
      await new Promise((resolve) => (child.exitCode === null ? child.once('close', resolve) : resolve()))
      rmSync(program, { recursive: true, force: true })
    },
  }
}

function listening(child, log) {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
      const found = /"listening":"([^"]+)"/.exec(said)
      if (found) resolve(found[1])
    })
    child.once('close', () => reject(new Error(`the server ended: ${log.join('\n')}`)))
  })
}

/** The client process with its commands as methods. */
export function startClient() {
  const child = fork(fileURLToPath(new URL('client.mjs', import.meta.url)))
  const waiting = new Map()
  let calls = 0
  child.on('message', ({ call, value }) => {
    waiting.get(call)?.(value)
    waiting.delete(call)
  })
  const ask = (kind, given = {}) =>
    new Promise((resolve) => {
      calls += 1
      waiting.set(calls, resolve)
      child.send({ call: calls, kind, ...given })
    })
  return { ask, close: () => child.disconnect() }
}
