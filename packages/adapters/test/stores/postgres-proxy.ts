import { connect, createServer, type Socket } from 'node:net'

/** Stands between a store and its server and breaks connections at exact moments. */
export interface PostgresProxy extends AsyncDisposable {
  readonly url: string
  /** Connections that were made through it. */
  readonly connections: number
  /** The next thing that matches and comes from the client: see `Cut`. */
  cut(how: Cut, when: string): void
  /** The client reads other words than the server said; of the same length. */
  rewrite(from: RegExp, to: string): void
  /** Delivers requests that were held back, on the connections they came from. */
  release(): Promise<void>
}

/**
 * `request`: the connection breaks before the server has the request. `answer`: it breaks when the server has done it, before the
 * client is told. `hold`: the server does not get the request until `release`, and the connection stays open.
 */
export type Cut = 'request' | 'answer' | 'hold'

/** Starts a proxy in front of the server of an address. */
export async function startProxy(url: string): Promise<PostgresProxy> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const held: (() => Promise<void>)[] = []
  let next: { readonly how: Cut; readonly when: string } | undefined
  let connections = 0
  let rewritten = (answer: Buffer): Buffer => answer

  const server = createServer((client) => {
    connections++
    const upstream = connect(Number(target.port), target.hostname)
    let losesAnswer = false
    let isHeld = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    const breakOff = (): void => {
      client.destroy()
      upstream.destroy()
    }
    client.on('data', (chunk: Buffer) => {
      if (next !== undefined && chunk.includes(next.when)) {
        const { how } = next
        next = undefined
        if (how === 'request') return breakOff()
        if (how === 'answer') losesAnswer = true
        if (how === 'hold') {
          isHeld = true
          held.push(
            () =>
              new Promise((resolve) => {
                upstream.once('data', () => resolve())
                upstream.once('close', () => resolve())
                upstream.write(chunk)
              }),
          )
          return
        }
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      if (losesAnswer) breakOff()
      else if (!client.destroyed) client.write(rewritten(chunk))
    })
    client.on('close', () => isHeld || upstream.end())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const own = new URL(url)
  own.port = String(typeof address === 'object' ? address?.port : 0)
  return {
    url: own.href,
    get connections() {
      return connections
    },
    cut: (how, when) => (next = { how, when }),
    rewrite: (from, to) => (rewritten = (answer) => Buffer.from(answer.toString('latin1').replace(from, to), 'latin1')),
    release: async () => void (await Promise.all(held.splice(0).map((deliver) => deliver()))),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
