// One measurement in a process of its own: the task is the JSON text given as an argument, the answer one JSON line.
const makers = {
  throughput: async () => (await import('./measure.mjs')).throughput,
  idle: async () => (await import('./measure.mjs')).idle,
  loading: async () => (await import('./measure.mjs')).loading,
  scaling: async () => (await import('./scaling.mjs')).scaling,
  takingTurns: async () => (await import('./scaling.mjs')).takingTurns,
  evaluations: async () => (await import('./evaluations.mjs')).evaluations,
  steps: async () => (await import('./saved-steps.mjs')).savedSteps,
  library: async () => (await import('./library-memory.mjs')).libraryMemory,
  firstSession: async () => (await import('./first-session.mjs')).firstSession,
  storeDurable: async () => (await import('./store/durable.mjs')).durable,
  storeBare: async () => (await import('./store/bare.mjs')).bare,
  storeLatency: async () => (await import('./store/latency.mjs')).latency,
  storeTurns: async () => (await import('./store/turns.mjs')).turns,
  storeHttp: async () => (await import('./store/http.mjs')).overHttp,
  storeLive: async () => (await import('./store/live-sessions.mjs')).liveSessions,
  storeBytes: async () => (await import('./store/step-bytes.mjs')).stepBytes,
  storeTimers: async () => (await import('./store/timers.mjs')).timers,
  storeXstate: async () => (await import('./store/peer-xstate.mjs')).xstateByHand,
  storeDbos: async () => (await import('./store/peer-dbos.mjs')).dbos,
}

const task = JSON.parse(process.argv[2])
const measure = await makers[task.kind]()
const engine = task.engine === undefined ? undefined : (await import('./engines/index.mjs')).engineOf(task.engine)
const answer = await measure({ ...task, ...(engine && { engine }) })
process.stdout.write(`${JSON.stringify(answer)}\n`)
process.exit(0)
