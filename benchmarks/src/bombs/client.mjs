// The outside client: a process of its own that sends numbered events at a fixed rate, whatever comes back, and notes when
// each is acknowledged. One kept connection for each session; requests follow each other without waiting for answers.
import { connect } from 'node:net'
import { numberedEvent } from './neighbours.mjs'

const TICK_MS = 5

/** One session with its connection. */
class Line {
  acknowledged = 0
  sent = 0
  /** Why events were refused, and which: whoever sends too much is told so, and they do not count. */
  refused = []
  refusedNumbers = []
  longestGapMs = 0
  longestWaitMs = 0
  #sentAt = []
  #lastAckAt = 0
  #rest = ''
  #socket
  #head

  constructor({ id, port, token }) {
    this.id = id
    this.#head = (name, size) =>
      `POST /scxml/session/${id}/event/${name} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\ncontent-length: ${size}\r\n\r\n`
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true })
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', (text) => this.#take(text))
    this.#socket.on('error', (error) => this.refused.push(error.message))
    this.#socket.on('close', () => this.refused.push('the connection was closed'))
  }

  get open() {
    return this.sent - this.acknowledged - this.refusedNumbers.length
  }

  send(now) {
    this.sent += 1
    const { data, name } = numberedEvent(this.sent)
    const body = JSON.stringify(data)
    this.#sentAt.push(now)
    this.#socket.write(this.#head(name, Buffer.byteLength(body)) + body)
  }

  /** From now on the longest gap counts; the one that is open counts with the part that follows. */
  begin(now) {
    this.longestGapMs = 0
    this.longestWaitMs = 0
    this.#lastAckAt = now
  }

  /** A gap that is still open counts, too. */
  end(now) {
    if (this.open > 0) this.longestGapMs = Math.max(this.longestGapMs, now - this.#lastAckAt)
  }

  #take(text) {
    this.#rest += text
    for (;;) {
      const head = this.#rest.indexOf('\r\n\r\n')
      if (head < 0) return
      const size = Number(/content-length: (\d+)/i.exec(this.#rest.slice(0, head))?.[1] ?? 0)
      if (this.#rest.length < head + 4 + size) return
      const body = this.#rest.slice(head + 4, head + 4 + size)
      const isOk = this.#rest.startsWith('HTTP/1.1 200') && body.includes('"accepted":"accepted"')
      this.#rest = this.#rest.slice(head + 4 + size)
      const now = performance.now()
      this.longestWaitMs = Math.max(this.longestWaitMs, now - this.#sentAt.shift())
      if (!isOk) {
        this.refused.push(body.slice(0, 300))
        this.refusedNumbers.push(this.acknowledged + this.refusedNumbers.length + 1)
        continue
      }
      this.acknowledged += 1
      this.longestGapMs = Math.max(this.longestGapMs, now - this.#lastAckAt)
      this.#lastAckAt = now
    }
  }
}

let lines = []
let everyMs = 50
let timer
let due = []
let lateMs = 0
let expectedAt = 0
let window = { from: 0, acknowledged: 0, sent: 0 }

const total = (member) => lines.reduce((sum, line) => sum + line[member], 0)

function tick() {
  const now = performance.now()
  lateMs = Math.max(lateMs, now - expectedAt - TICK_MS)
  expectedAt = now
  for (const [at, line] of lines.entries()) {
    while (due[at] <= now) {
      line.send(now)
      due[at] += everyMs
    }
  }
}

const commands = {
  open({ ids, perSecond, port, token }) {
    everyMs = 1000 / perSecond
    lines = ids.map((id) => new Line({ id, port, token }))
  },
  run() {
    const now = performance.now()
    expectedAt = now
    due = lines.map((_line, at) => now + (at / lines.length) * everyMs)
    timer = setInterval(tick, TICK_MS)
  },
  begin() {
    const now = performance.now()
    lateMs = 0
    for (const line of lines) line.begin(now)
    window = { from: now, acknowledged: total('acknowledged'), sent: total('sent') }
  },
  end() {
    const now = performance.now()
    for (const line of lines) line.end(now)
    const seconds = (now - window.from) / 1000
    return {
      longestGapMs: Math.max(...lines.map(({ longestGapMs }) => longestGapMs)),
      longestWaitMs: Math.max(...lines.map(({ longestWaitMs }) => longestWaitMs)),
      sentPerSecond: (total('sent') - window.sent) / seconds,
      acknowledgedPerSecond: (total('acknowledged') - window.acknowledged) / seconds,
      clientLateMs: lateMs,
    }
  },
  async halt({ patienceMs }) {
    clearInterval(timer)
    const until = performance.now() + patienceMs
    while (lines.some(({ open }) => open > 0) && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 10))
    return lines.map(({ acknowledged, id, refused, refusedNumbers, sent }) => ({
      id,
      sent,
      acknowledged,
      refusedNumbers,
      refused: [...new Set(refused)].slice(0, 3),
    }))
  },
}

process.on('message', async ({ call, kind, ...given }) => {
  process.send({ call, value: (await commands[kind](given)) ?? null })
})
process.once('disconnect', () => process.exit(0))
