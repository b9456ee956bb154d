import { Worker } from 'node:worker_threads'
import type { WorkerReply, WorkerSettings } from './worker-protocol.ts'

/**
 * Starts a worker thread from the source text of a function.
 *
 * Why from text: the same code runs bundled into one file and as TypeScript sources under a test runner, on a Node that
 * cannot load TypeScript; a worker file would exist in neither place. So the function may use nothing from outside of
 * itself but types, and gets the database binding, resolved from the place of this package, as a parameter.
 *
 * `main` takes the settings and a function that opens a database, and returns the handler of requests.
 */
export function startWorker(
  main: (settings: WorkerSettings, open: never) => unknown,
  settings: WorkerSettings,
): Worker {
  return new Worker(`(${bootstrap.toString()})(${main.toString()}, require)`, {
    eval: true,
    workerData: settings,
    name: main.name,
  })
}

function bootstrap(
  main: (settings: unknown, open: (path: string, options: object) => object) => (request: unknown) => unknown,
  require: NodeJS.Require,
): void {
  const { parentPort, workerData } = require('node:worker_threads')
  const { createRequire } = require('node:module')
  const Database = createRequire(workerData.resolveFrom)('libsql')
  const handle = main(workerData, (path, options) => new Database(path, options))
  parentPort.on('message', ({ id, request }: { readonly id: number; readonly request: unknown }) => {
    let reply: WorkerReply
    try {
      reply = { id, ok: true, result: handle(request) }
    } catch (error) {
      const { code, message, found } = Object(error)
      reply = { id, ok: false, failure: { code: String(code ?? 'ERROR'), message: String(message), found } }
    }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort.postMessage(reply)
  })
}
