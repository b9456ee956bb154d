import type { Clock } from '@segue/runtime'

/** What the stubbed world answers. */
export interface StubbedAnswer {
  /** Default 200. */
  readonly status?: number
  /** In lower case; the content type is JSON unless it stands here. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The connection is refused. */
  readonly refuse?: boolean
  /** Answers after this time of the virtual clock. */
  readonly afterMs?: number
}

/** A request as it went out. */
export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** HTTP of a world: answers by method and address, and the requests that were made. */
export interface HttpStub {
  readonly requests: readonly SeenRequest[]
  /** Answers requests of a method whose address begins with `url`; the answers are used in turn, the last one stays. */
  on(method: string, url: string, ...answers: readonly StubbedAnswer[]): void
  readonly fetch: typeof fetch
}

/** An HTTP world without a network; what nobody stubbed is refused. */
export function httpStub(clock: Clock): HttpStub {
  const rules: { readonly method: string; readonly url: string; readonly answers: StubbedAnswer[] }[] = []
  const requests: SeenRequest[] = []

  async function stubbedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const seen = {
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    }
    requests.push(seen)
    const rule = rules.find(({ method, url }) => method.toUpperCase() === seen.method && seen.url.startsWith(url))
    const answer =
      rule === undefined ? { refuse: true } : rule.answers.length > 1 ? rule.answers.shift() : rule.answers[0]
    await passed(clock, answer?.afterMs ?? 0, request.signal)
    if (answer === undefined || answer.refuse === true) {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) })
    }
    const headers = { 'content-type': 'application/json', ...answer.headers }
    return new Response(answer.body ?? '', { status: answer.status ?? 200, headers })
  }

  return {
    requests,
    on(method, url, ...answers) {
      rules.push({ method, url, answers: [...answers] })
    },
    fetch: stubbedFetch,
  }
}

function passed(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (delayMs === 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const scheduled = clock.schedule(clock.nowMs() + delayMs, resolve)
    signal.addEventListener('abort', () => {
      scheduled.cancel()
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
    })
  })
}
