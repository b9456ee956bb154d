import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readFile, realpath } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'

/** A folder behind a web server on this machine. */
export interface ServedFolder extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/` */
  readonly url: string
  /** Paths that were asked for, in order. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly status: number }[]
}

const TYPES: Readonly<Record<string, string>> = {
  '.scxml': 'application/scxml+xml; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.vxml': 'application/voicexml+xml; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
}

/**
 * Serves a folder over HTTP on a free port of 127.0.0.1; `texts` by path below the folder win over files.
 * Only GET and HEAD of what lies inside of the folder are answered.
 */
export async function serveFolder(folder: string, texts: Readonly<Record<string, string>> = {}): Promise<ServedFolder> {
  const root = await realpath(resolve(folder))
  const requests: { readonly method: string; readonly path: string; readonly status: number }[] = []

  async function contentOf(path: string): Promise<Uint8Array | string | undefined> {
    if (Object.hasOwn(texts, path)) return texts[path]
    try {
      const file = await realpath(resolve(root, path))
      return file.startsWith(root + sep) ? await readFile(file) : undefined
    } catch {
      return undefined
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET'
    const path = pathOf(request.url ?? '/')
    const isReading = method === 'GET' || method === 'HEAD'
    const content = isReading && path !== undefined ? await contentOf(path) : undefined
    const status = !isReading ? 405 : content === undefined ? 404 : 200
    requests.push({ method, path: path ?? '', status })
    const type = TYPES[extname(path ?? '')] ?? 'application/octet-stream'
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-cache', connection: 'close' })
    response.end(method === 'HEAD' ? undefined : content)
  }

  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(0, '127.0.0.1', done)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((done) => {
        server.close(() => done())
      })
    },
  }
}

function pathOf(url: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(url, 'http://x').pathname).slice(1)
    return path.includes('\0') ? undefined : path
  } catch {
    return undefined
  }
}
