import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NODE_FILE, TOKEN_FILE } from '@segue/server'
import { CommandFailure, EXIT } from './exit-codes.ts'

/** How a command finds the server. */
export interface Connection {
  /** Address; read from the data folder when absent. */
  readonly url?: string
  readonly token?: string
  readonly data: string
}

/** The HTTP interface of a running server, for commands. */
export interface ApiClient {
  get(path: string): Promise<unknown>
  post(path: string, body?: Readonly<Record<string, unknown>>): Promise<unknown>
}

const REQUEST_TIMEOUT_MS = 10_000

/** Connects by the files that a running server leaves in its data folder, or by `--url` and `--token`. */
export async function apiClient(connection: Connection): Promise<ApiClient> {
  const url = checkedUrl(connection.url ?? process.env['SEGUE_URL'] ?? (await urlOf(connection.data)))
  const token = connection.token ?? process.env['SEGUE_TOKEN'] ?? (await tokenIn(connection.data))

  async function request(method: string, path: string, body?: Readonly<Record<string, unknown>>): Promise<unknown> {
    let response: Response
    try {
      response = await fetch(new URL(path, url), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      })
    } catch (error) {
      const isTimeout = error instanceof DOMException && error.name === 'TimeoutError'
      throw new CommandFailure(
        isTimeout ? EXIT.timeout : EXIT.unreachable,
        isTimeout ? `${url} did not answer in ${REQUEST_TIMEOUT_MS / 1000} s` : `nobody answers at ${url}`,
        'start a server with "segue serve" or "npm start", or name another one with --url',
      )
    }
    const answer = answerOf(await response.text())
    if (answer === undefined) {
      const hint = 'another program seems to listen there; name the server with --url'
      throw new CommandFailure(EXIT.unreachable, `${url} did not answer as a Segue server does`, hint)
    }
    if (response.ok) return answer
    throw refusal(response.status, answer)
  }

  return { get: (path) => request('GET', path), post: (path, body = {}) => request('POST', path, body) }
}

/** `undefined`: no JSON. */
function answerOf(text: string): unknown {
  if (text === '') return {}
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function checkedUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new CommandFailure(EXIT.usage, `"${text}" is no address`, 'write it as http://127.0.0.1:8460')
}

function refusal(status: number, answer: unknown): CommandFailure {
  const problem =
    typeof answer === 'object' && answer !== null ? new Map(Object.entries(answer)) : new Map<string, unknown>()
  const code = String(problem.get('code') ?? status)
  const lines = [`${code} ${String(problem.get('title') ?? 'request refused')}`]
  const findings: unknown = problem.get('findings')
  if (Array.isArray(findings)) {
    for (const finding of findings as readonly Record<string, unknown>[]) {
      lines.push(String(finding['text']))
    }
  }
  const hint: unknown = problem.get('hint')
  return new CommandFailure(exitCodeOf(status), lines.join('\n'), typeof hint === 'string' ? hint : undefined)
}

function exitCodeOf(status: number): number {
  if (status === 401 || status === 403) return EXIT.denied
  if (status === 404) return EXIT.notFound
  if (status === 409) return EXIT.conflict
  if (status === 503) return EXIT.unreachable
  return status < 500 ? EXIT.findings : EXIT.bug
}

async function urlOf(data: string): Promise<string> {
  try {
    const node: unknown = JSON.parse(await readFile(join(data, NODE_FILE), 'utf8'))
    if (typeof node === 'object' && node !== null && 'url' in node && typeof node.url === 'string') return node.url
  } catch {
    // Said below.
  }
  throw new CommandFailure(
    EXIT.unreachable,
    `no server is running with the data folder "${data}"`,
    'start one with "segue dev" or "segue serve", or name it with --data or --url',
  )
}

async function tokenIn(data: string): Promise<string> {
  return readFile(join(data, TOKEN_FILE), 'utf8').then(
    (text) => text.trim(),
    () => '',
  )
}
