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
  /** The connection breaks before there is an answer. */
  readonly reset?: boolean
  /** No answer ever comes; the connection stays open. */
  readonly hang?: boolean
  /** Answers after this time of the virtual clock. */
  readonly afterMs?: number
  /** The headers come at once (or after `afterMs`), the body so much later. */
  readonly bodyAfterMs?: number
}

/** A request as it went out. */
export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** `false`: no stub is for it, and it was refused. */
  readonly isStubbed: boolean
  readonly atEpochMs: number
}

/** HTTP of a world: answers by method and address, and the requests that were made. */
export interface HttpStub {
  readonly requests: readonly SeenRequest[]
  /**
   * Answers requests of a method (`*`: any) whose address or path begins with `url`; a `*` in it stands for any text.
   * The answers are used in turn, one for each attempt, the last one stays. The first stub that fits is used.
   */
  on(method: string, url: string, ...answers: readonly StubbedAnswer[]): void
  /** As `on`, before all stubs that are there. */
  override(method: string, url: string, ...answers: readonly StubbedAnswer[]): void
  readonly fetch: typeof fetch
}

interface StubRule {
  readonly method: string
  readonly matches: (url: URL) => boolean
  readonly answers: StubbedAnswer[]
}

/** An HTTP world without a network; what nobody stubbed goes to `otherwise`, and is refused when that is `undefined`. */
export function httpStub(clock: Clock, otherwise: (url: URL) => typeof fetch | undefined = () => undefined): HttpStub {
  const rules: StubRule[] = []
  const requests: SeenRequest[] = []

  async function stubbedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const rule = rules.find(({ method, matches }) => (method === '*' || method === request.method) && matches(url))
    const other = rule === undefined ? otherwise(url) : undefined
    if (other !== undefined) return other(input, init)
    requests.push({
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
      isStubbed: rule !== undefined,
      atEpochMs: clock.nowMs(),
    })
    const turn =
      rule === undefined ? { refuse: true } : rule.answers.length > 1 ? rule.answers.shift() : rule.answers[0]
    const answer: StubbedAnswer = turn ?? { refuse: true }
    await passed(clock, answer.hang === true ? Infinity : (answer.afterMs ?? 0), request.signal)
    if (answer.refuse === true) throw broken('refused', 'ECONNREFUSED')
    if (answer.reset === true) throw broken('read ECONNRESET', 'ECONNRESET')
    const headers = { 'content-type': 'application/json', ...answer.headers }
    const body = answer.bodyAfterMs === undefined ? (answer.body ?? '') : slowBody(clock, answer, request.signal)
    return new Response(isBodiless(answer.status) ? null : body, { status: answer.status ?? 200, headers })
  }

  function newRule(method: string, url: string, answers: readonly StubbedAnswer[]): StubRule {
    return { method: method.toUpperCase(), matches: addressRule(url), answers: [...answers] }
  }

  return {
    requests,
    on(method, url, ...answers) {
      rules.push(newRule(method, url, answers))
    },
    override(method, url, ...answers) {
      rules.unshift(newRule(method, url, answers))
    },
    fetch: stubbedFetch,
  }
}

/** Whether an address begins as the text says; a text that begins with `/` is about the path alone. */
function addressRule(text: string): (url: URL) => boolean {
  const parts = text.split('*')
  return ({ href, pathname, search }) => {
    const address = text.startsWith('/') ? pathname + search : href
    let at = 0
    return parts.every((part, index) => {
      const found = index === 0 ? (address.startsWith(part) ? 0 : -1) : address.indexOf(part, at)
      at = found + part.length
      return found >= 0
    })
  }
}

function broken(message: string, code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
}

/** These statuses have no body. */
function isBodiless(status: number | undefined): boolean {
  return status === 204 || status === 205 || status === 304
}

function slowBody(
  clock: Clock,
  { body = '', bodyAfterMs = 0 }: StubbedAnswer,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      try {
        await passed(clock, bodyAfterMs, signal)
        controller.enqueue(new TextEncoder().encode(body))
        controller.close()
      } catch (error) {
        controller.error(error)
      }
    },
  })
}

/** `Infinity`: never. */
function passed(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (delayMs === 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const scheduled = delayMs === Infinity ? undefined : clock.schedule(clock.nowMs() + delayMs, resolve)
    const giveUp = (): void => {
      scheduled?.cancel()
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
    }
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}
