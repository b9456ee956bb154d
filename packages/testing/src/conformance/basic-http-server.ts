import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { IncomingEvent, OutgoingMessage } from '@segue/scxml'
import { readPost, writePost } from './basic-http-message.ts'

type Deliver = (event: IncomingEvent) => void

const maxBodyBytes = 1024 * 1024
const answerLimitMs = 10_000

/** A Basic HTTP Event I/O Processor on a loopback port of its own. Spec: SCXML 1.0, C.2. */
export class BasicHttpServer {
  readonly #server: Server
  readonly #receivers = new Map<string, Deliver>()
  #count = 0

  private constructor(server: Server) {
    this.#server = server
    server.on('request', (request, response) => {
      void this.#answer(request).then(
        (status) => response.writeHead(status, status === 405 ? { allow: 'POST' } : {}).end(),
        () => response.destroy(),
      )
    })
  }

  /** Starts to listen. */
  static async start(): Promise<BasicHttpServer> {
    const server = createServer()
    const started = new BasicHttpServer(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return started
  }

  /** Gives out an address; events that are posted to it go to `deliver` before the answer is sent. */
  open(deliver: Deliver): { readonly location: string; close(): void } {
    this.#count += 1
    const path = `/sessions/${this.#count}`
    this.#receivers.set(path, deliver)
    return { location: `${this.#origin}${path}`, close: () => void this.#receivers.delete(path) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  get #origin(): string {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
  }

  /** Status of the answer. */
  async #answer(request: IncomingMessage): Promise<number> {
    const path = request.url ?? '/'
    const deliver = this.#receivers.get(path.replace(/\?.*$/, ''))
    if (deliver === undefined) return 404
    if (request.method !== 'POST') return 405
    const body = await bodyOf(request)
    if (body === undefined) return 413
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    )
    const event = readPost({ path, headers, body })
    if (event === undefined) return 400
    deliver(event)
    return 204
  }
}

/**
 * Posts a message and waits for the answer.
 *
 * Errors: a text that says why the message was not delivered; never rejects. Only loopback addresses are called.
 */
export async function post(message: OutgoingMessage): Promise<string | undefined> {
  try {
    const { body, contentType, url } = writePost(message)
    const { hostname, protocol } = new URL(url)
    if (protocol !== 'http:' || !isLoopback(hostname)) return `"${url}" is no address of this machine`
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': contentType },
      redirect: 'manual',
      signal: AbortSignal.timeout(answerLimitMs),
    })
    await response.arrayBuffer()
    return response.ok ? undefined : `"${url}" answered ${response.status}`
  } catch (error) {
    return `"${message.target}" cannot be reached: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    sizeBytes += bytes.length
    if (sizeBytes > maxBodyBytes) return undefined
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}
