import type { Scheduled } from '@segue/runtime'
import type { Treatment, TreatmentInput, TreatmentPrompt, UserData } from '@segue/contact'

/** How a treatment ended by itself. */
export interface TreatmentResult {
  readonly outcome: 'completed' | 'failed'
  readonly digits?: string
  readonly extensions?: UserData
  /** Attached to the call before the end is told. */
  readonly userData?: UserData
  readonly description?: string
}

/** What a treatment needs of its surroundings. */
export interface TreatmentStage {
  after(delayMs: number, callback: () => void): Scheduled
  /** Keys that were pressed before anybody asked; taken from the front. */
  readonly typeAhead: string[]
  runApplication(applicationUri: string): TreatmentResult & { readonly durationS: number }
  /** The caller hears that keys are wanted. */
  digitsWanted(): void
  /** Called once, never before `startTreatment` has returned. */
  ended(result: TreatmentResult): void
}

export interface RunningTreatment {
  /** Ends without calling `ended`. */
  stop(): void
  /** `false`: nobody took the keys; they go to the type-ahead. */
  press(digits: string): boolean
}

/** Plays one treatment on a stage. Spec: dialog §2, §3. */
export function startTreatment(treatment: Treatment, stage: TreatmentStage): RunningTreatment {
  switch (treatment.kind) {
    case 'sound':
      return playFor(stage, treatment.durationS)
    case 'pause':
      return playFor(stage, treatment.durationS)
    case 'announcement':
      return startPrompts(treatment.prompts, stage, () => stage.ended({ outcome: 'completed' }))
    case 'application': {
      const { durationS, ...result } = stage.runApplication(treatment.applicationUri)
      const timer = stage.after(durationS * 1000, () => stage.ended(result))
      return { stop: () => timer.cancel(), press: () => false }
    }
    case 'collect':
      return startCollect(treatment.prompts, treatment.input, stage)
  }
}

/** How long a prompt lasts. Texts take as long as somebody needs to read them aloud; recordings have a fixed time. */
function promptMs(prompt: TreatmentPrompt): number {
  if (prompt.number !== undefined) return Math.max(1, prompt.number.length) * 500
  if (prompt.text === undefined || /^[a-z]+:|\.(wav|vox|au|mp3)$/i.test(prompt.text)) return 3_000
  return Math.min(60_000, Math.max(500, prompt.text.length * 65))
}

/** Without a duration it goes on until it is stopped or replaced (dialog §3.1). */
function playFor(stage: TreatmentStage, durationS: number | undefined): RunningTreatment {
  if (durationS === undefined) return { stop: () => {}, press: () => false }
  const timer = stage.after(durationS * 1000, () => stage.ended({ outcome: 'completed' }))
  return { stop: () => timer.cancel(), press: () => false }
}

interface RunningPrompts extends RunningTreatment {
  readonly isInterruptible: () => boolean
}

function startPrompts(prompts: readonly TreatmentPrompt[], stage: TreatmentStage, heard: () => void): RunningPrompts {
  let index = 0
  let timer: Scheduled | undefined
  const playNext = (): void => {
    const prompt = prompts[index]
    timer = stage.after(prompt === undefined ? 0 : promptMs(prompt), () => {
      index += 1
      if (index >= prompts.length) heard()
      else playNext()
    })
  }
  playNext()
  const stop = (): void => timer?.cancel()
  return {
    stop,
    isInterruptible: () => prompts[index]?.isInterruptible ?? true,
    press: () => {
      if (prompts[index]?.isInterruptible !== true) return false
      stop()
      heard()
      return true
    },
  }
}

function startCollect(
  prompts: readonly TreatmentPrompt[],
  input: TreatmentInput,
  stage: TreatmentStage,
): RunningTreatment {
  if (input.clearFirst === true) stage.typeAhead.length = 0
  let playing: RunningPrompts | undefined
  let digits = ''
  let keyTimer: Scheduled | undefined
  let totalTimer: Scheduled | undefined
  let hasEnded = false

  const stop = (): void => {
    hasEnded = true
    playing?.stop()
    keyTimer?.cancel()
    totalTimer?.cancel()
  }
  const end = (result: TreatmentResult): void => {
    if (hasEnded) return
    stop()
    stage.ended(result)
  }
  const waitForKey = (timeoutS: number | undefined): void => {
    keyTimer?.cancel()
    if (timeoutS !== undefined && timeoutS > 0) {
      keyTimer = stage.after(timeoutS * 1000, () => end({ outcome: 'completed', digits }))
    }
  }
  const takeKey = (key: string): void => {
    if (hasEnded || has(input.ignoreDigits, key)) return
    if (has(input.abortDigits, key)) return end({ outcome: 'failed', digits, description: 'aborted by the caller' })
    if (has(input.terminationDigits, key)) return end({ outcome: 'completed', digits })
    digits += key
    if (input.maxDigits !== undefined && digits.length >= input.maxDigits) return end({ outcome: 'completed', digits })
    waitForKey(input.digitTimeoutS)
  }
  const listen = (): void => {
    playing = undefined
    if (input.maxDigits === 0) return end({ outcome: 'completed', digits })
    if (input.totalTimeoutS !== undefined && input.totalTimeoutS > 0) {
      totalTimer = stage.after(input.totalTimeoutS * 1000, () => end({ outcome: 'completed', digits }))
    }
    waitForKey(input.startTimeoutS ?? 10)
    const nextKey = (): string | undefined => (hasEnded ? undefined : stage.typeAhead.shift())
    for (let key = nextKey(); key !== undefined; key = nextKey()) takeKey(key)
    if (!hasEnded) stage.digitsWanted()
  }

  playing = startPrompts(prompts, stage, listen)
  return {
    stop,
    press: (keys) => {
      if (playing !== undefined) {
        if (!playing.isInterruptible()) return false
        stage.typeAhead.push(...keys)
        playing.stop()
        listen()
        return true
      }
      for (const key of keys) takeKey(key)
      return true
    },
  }
}

function has(keys: string | undefined, key: string): boolean {
  return keys !== undefined && keys.includes(key)
}
