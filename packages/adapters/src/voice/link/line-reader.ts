/** What a reader of lines found wrong; the connection is closed with it. */
export type LineFault = 'line too long' | 'not utf-8'

/** Cuts a stream of bytes into lines, with a bound on the length of a line. */
export class LineReader {
  #parts: Uint8Array[] = []
  #sizeBytes = 0
  #maxLineBytes: number
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes
  }

  /** Holds for the lines that begin from now on, and for the unfinished one. */
  set maxLineBytes(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes
  }

  /** Takes bytes and gives each whole line to `take`; a fault ends the stream. An unfinished line is kept. */
  push(bytes: Uint8Array, take: (line: string) => void): LineFault | undefined {
    let from = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      const fault = this.#keep(bytes.subarray(from, end))
      if (fault !== undefined) return fault
      const line = this.#finish()
      if (line === undefined) return 'not utf-8'
      from = end + 1
      if (line !== '') take(line)
    }
    return this.#keep(bytes.subarray(from))
  }

  #keep(bytes: Uint8Array): LineFault | undefined {
    this.#sizeBytes += bytes.length
    if (this.#sizeBytes > this.#maxLineBytes) return 'line too long'
    if (bytes.length > 0) this.#parts.push(bytes)
    return undefined
  }

  #finish(): string | undefined {
    const whole = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts)
    this.#parts = []
    this.#sizeBytes = 0
    try {
      return this.#decoder.decode(whole)
    } catch {
      return undefined
    }
  }
}
