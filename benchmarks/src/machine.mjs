// The machine of a run, and how busy it was.
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'

export function machineFacts() {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    v8: process.versions.v8,
  }
}

/** Load averages of the last minute, taken now and then during a run. */
export class LoadWatch {
  #samples = []

  note() {
    this.#samples.push(loadavg()[0])
  }

  facts() {
    const sum = this.#samples.reduce((total, sample) => total + sample, 0)
    return {
      atStart: rounded(this.#samples[0] ?? 0),
      mean: rounded(sum / Math.max(1, this.#samples.length)),
      max: rounded(Math.max(0, ...this.#samples)),
      atEnd: rounded(this.#samples.at(-1) ?? 0),
    }
  }
}

function rounded(value) {
  return Math.round(value * 100) / 100
}
