import { Worker } from 'node:worker_threads'
import { fromStoredText, toStoredText } from '../stored-text.ts'
import type { WorkerReply, WorkerSettings, WorkerTools } from './worker-protocol.ts'

/**
 * Starts a worker thread from the source text of a function.
 *
 * Why from text: the same code runs bundled into one file and as TypeScript sources under a test runner, on a Node that
 * cannot load TypeScript; a worker file would exist in neither place. So the function may use nothing from outside of
 * itself but types, and gets as a parameter what else it needs: the database binding, resolved from the place of this
 * package, and functions that are as free of everything outside as itself.
 *
 * `main` takes the settings and its tools, and returns the handler of requests.
 */
export function startWorker(
  main: (settings: WorkerSettings, tools: WorkerTools) => unknown,
  settings: WorkerSettings,
): Worker {
  const codec = `{ toText: ${toStoredText.toString()}, fromText: ${fromStoredText.toString()} }`
  return new Worker(`(${bootstrap.toString()})(${main.toString()}, ${codec}, require)`, {
    eval: true,
    workerData: settings,
    name: main.name,
  })
}

function bootstrap(
  main: (settings: unknown, tools: object) => (request: unknown) => unknown,
  codec: Pick<WorkerTools, 'toText' | 'fromText'>,
  require: NodeJS.Require,
): void {
  const { parentPort, workerData } = require('node:worker_threads')
  const { createRequire } = require('node:module')
  const Database = createRequire(workerData.resolveFrom)('libsql')
  const { onPoint } = workerData.pointModule === undefined ? { onPoint() {} } : require(workerData.pointModule)
  const open = (path: string, options: object): object => new Database(path, options)
  const handle = main(workerData, { ...codec, open, onPoint })
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
