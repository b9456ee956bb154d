import type { Clock } from '../../src/ports/clock.ts'

interface Alarm {
  readonly atEpochMs: number
  readonly life: number
  readonly callback: () => void
}

/** Time of the whole simulation; each life of the node has its own view of it, which ends with the life. */
export class SimulatedClock {
  #nowMs: number
  #alarms: Alarm[] = []

  constructor(startEpochMs: number) {
    this.#nowMs = startEpochMs
  }

  get nowMs(): number {
    return this.#nowMs
  }

  /** When the next callback falls due. */
  get nextEpochMs(): number | undefined {
    return this.#first()?.atEpochMs
  }

  of(life: number): Clock {
    return {
      nowMs: () => this.#nowMs,
      schedule: (atEpochMs, callback) => {
        const alarm: Alarm = { atEpochMs, life, callback }
        this.#alarms.push(alarm)
        return { cancel: () => void (this.#alarms = this.#alarms.filter((other) => other !== alarm)) }
      },
    }
  }

  /** Nobody of this life is called any more. */
  end(life: number): void {
    this.#alarms = this.#alarms.filter((alarm) => alarm.life !== life)
  }

  /** Turns time to `epochMs`, or only to the first callback before it, which is called. */
  turnTowards(epochMs: number): void {
    const first = this.#first()
    if (first === undefined || first.atEpochMs > epochMs) {
      this.#nowMs = Math.max(this.#nowMs, epochMs)
      return
    }
    this.#nowMs = Math.max(this.#nowMs, first.atEpochMs)
    this.#alarms = this.#alarms.filter((alarm) => alarm !== first)
    first.callback()
  }

  #first(): Alarm | undefined {
    let first: Alarm | undefined
    for (const alarm of this.#alarms) if (first === undefined || alarm.atEpochMs < first.atEpochMs) first = alarm
    return first
  }
}
