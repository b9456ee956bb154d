import type { Clock, Scheduled } from '@segue/runtime'

/** Speed and zero point of a clock that runs faster than the wall, shared by processes of one simulation. */
export interface ClockPace {
  /** 1 is real time. */
  readonly speed: number
  /** Wall time at which this clock shows the same time as the wall. */
  readonly originEpochMs: number
}

/** Longest delay that a platform timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** The machine's clock; with a pace, time of a simulation. */
export function systemClock(pace: ClockPace = { speed: 1, originEpochMs: 0 }): Clock {
  const { speed, originEpochMs } = pace
  const nowMs = (): number => originEpochMs + (Date.now() - originEpochMs) * speed

  function schedule(atEpochMs: number, callback: () => void): Scheduled {
    let timer: NodeJS.Timeout | undefined
    const arm = (): void => {
      const leftMs = (atEpochMs - nowMs()) / speed
      if (leftMs <= 0) timer = setTimeout(callback, 0)
      else timer = setTimeout(leftMs > MAX_TIMER_MS ? arm : callback, Math.min(Math.ceil(leftMs), MAX_TIMER_MS))
    }
    arm()
    return { cancel: () => clearTimeout(timer) }
  }

  return { nowMs: () => Math.floor(nowMs()), schedule }
}
