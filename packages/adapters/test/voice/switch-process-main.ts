import { loadSwitchPlan, runSwitchProcess, standardIo } from '../../src/voice/simulated/switch-process.ts'

/** A program around the switch process, bundled and spawned by the test. */
const settings: unknown = JSON.parse(process.argv[2] ?? '{}')
const text = (name: string): string => String(Reflect.get(Object(settings), name) ?? '')

const loaded = loadSwitchPlan(text('plan'))
if (!loaded.ok) throw new Error(loaded.message)
await runSwitchProcess({
  io: standardIo(),
  clock: {
    nowMs: () => Date.now(),
    schedule: (atEpochMs, callback) => {
      const timer = setTimeout(callback, Math.max(0, atEpochMs - Date.now()))
      return { cancel: () => clearTimeout(timer) }
    },
  },
  plan: loaded.plan,
  seed: 5,
  token: 'not a secret',
  port: 0,
  speed: Number(text('speed')),
  ratePerMinute: 600,
  calls: Number(text('calls')),
  journalPath: text('journal'),
})
