// How long the disk lets anybody wait: a small file of its own, written and synchronised again and again.
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const EVERY_MS = 20
const PAGE = Buffer.alloc(4096, 1)

/** Looks at the disk of a folder until it is closed. */
export class DiskProbe {
  #longestMs = 0
  #isClosed = false
  #looking

  constructor(folder) {
    this.#looking = this.#look(join(folder, 'disk-probe'))
  }

  /** Longest wait since the last call. Units: milliseconds. */
  takeLongestMs() {
    const longest = this.#longestMs
    this.#longestMs = 0
    return longest
  }

  async close() {
    this.#isClosed = true
    await this.#looking
  }

  async #look(path) {
    const file = await open(path, 'w')
    while (!this.#isClosed) {
      const from = performance.now()
      await file.write(PAGE, 0, PAGE.length, 0)
      await file.datasync()
      this.#longestMs = Math.max(this.#longestMs, performance.now() - from)
      await pause(EVERY_MS)
    }
    await file.close()
  }
}
