import { activeStates, changesOf, frameOf, placeOfPiece, snapshot } from '@segue/scxml'
import type { Chart, PieceId, Realm } from '@segue/scxml'
import type { Module, ModuleContext, SessionStart } from '../module/contract.ts'
import { createModuleHost } from '../module/host.ts'
import { moduleTable } from '../module/module-table.ts'
import { createCompiledApplications } from './compiled-applications.ts'
import type { CompiledApplication } from './compiled-applications.ts'
import type { Shard, ShardQuestion, ShardStepRequest, ShardStepResponse } from './contract.ts'
import { inspectSession } from './inspect-session.ts'
import { newResident, storedResident } from './resident-session.ts'
import type { ResidentContext, ResidentSession } from './resident-session.ts'
import { runMessage } from './run-message.ts'
import type { TraceLevel } from './run-message.ts'
import { saving } from './saver.ts'
import { sessionMessage } from './session-faults.ts'
import { defaultShardLimits } from './shard-limits.ts'
import type { ShardLimits } from './shard-limits.ts'

export interface InProcessShardOptions {
  readonly modules: readonly Module[]
  /** Makes the realm of one application version. */
  readonly realm: () => Realm
  readonly server: ModuleContext['server']
  readonly limits?: Partial<ShardLimits>
  /** Tenant of new sessions; `Environment` with id 1 when absent. */
  readonly tenant?: SessionStart['tenant']
  /** Trace level by document address; `outcome` when absent. */
  readonly traceLevel?: (url: string) => TraceLevel
  /** `_ioprocessors` of a session beside the engine's own; the HTTP one at the server's address when absent. */
  readonly ioProcessors?: (sessionId: string) => string
  /** Answers functions that need the front; `undefined`: not known yet. Must not throw. */
  readonly ask?: (question: ShardQuestion) => unknown
  /** Told before each step which version is going to run; `undefined`: none that is loaded. */
  readonly onStep?: (compiled: CompiledApplication | undefined) => void
  /** Told within a step before a piece of script runs that may run for long. */
  readonly onPiece?: (compiled: CompiledApplication, piece: PieceId) => void
}

/** A shard in the process of its caller: `segue dev`, `run` and `test`. */
export function createInProcessShard(options: InProcessShardOptions): Shard {
  const { stepOne, ...shard } = createSteppingShard(options)
  return { ...shard, step: (requests) => Promise.resolve(requests.map(stepOne)) }
}

/** A shard that steps one session after the other while its caller waits: the inside of every shard. */
export interface SteppingShard extends Omit<Shard, 'step'> {
  stepOne(request: ShardStepRequest): ShardStepResponse
}

/** The inside of a shard: compiled applications, sessions in memory and modules. */
export function createSteppingShard(options: InProcessShardOptions): SteppingShard {
  const limits: ShardLimits = { ...defaultShardLimits, ...options.limits }
  let running: CompiledApplication | undefined
  /** The last piece of the running step that may have been long at it. */
  let lastPiece: PieceId | undefined
  const willRun = (piece: PieceId): void => {
    lastPiece = piece
    if (running !== undefined) options.onPiece?.(running, piece)
  }
  const modules = createModuleHost(moduleTable(options.modules), options.server, options.ask, willRun)
  const moduleNames = options.modules.map(({ name }) => name)
  const applications = createCompiledApplications({
    namespaces: options.modules.map(({ namespace }) => namespace),
    realm: options.realm,
    maxApplications: limits.maxApplications,
  })
  const sessions = new Map<string, ResidentSession>()
  const context: ResidentContext = {
    modules,
    tenant: options.tenant ?? { name: 'Environment', id: 1 },
    ioProcessors: options.ioProcessors ?? httpProcessorsOf(options.server.url),
    parsesStartParameters: limits.parsesStartParameters,
  }

  const drop = (sessionId: string): void => {
    const resident = sessions.get(sessionId)
    if (resident === undefined) return
    resident.compiled.sessions -= 1
    sessions.delete(sessionId)
  }
  const compiledOf = ({ message, sessionId, stored }: ShardStepRequest): CompiledApplication | undefined => {
    const hash = stored?.hash ?? (message.kind === 'start' ? message.hash : undefined)
    return hash === undefined ? sessions.get(sessionId)?.compiled : applications.find(hash)
  }
  const stepOne = (request: ShardStepRequest): ShardStepResponse => {
    try {
      running = compiledOf(request)
      lastPiece = undefined
      options.onStep?.(running)
      return stepSession(request)
    } catch (error) {
      modules.take()
      drop(request.sessionId)
      return { ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  }
  const stepSession = (request: ShardStepRequest): ShardStepResponse => {
    const { message, sessionId } = request
    const found = findResident(request)
    if ('ok' in found) return found
    const { isNew, resident } = found
    if (message.kind === 'start' && !isNew) return nothingHappened(resident)
    const trace = options.traceLevel?.(resident.documentUrl) ?? 'outcome'
    const outcome = runMessage(resident, request, {
      modules,
      trace,
      maxMacrosteps: limits.maxMacrostepsPerMessage,
      maxEffects: limits.maxEffectsPerStep,
    })
    const hasEnded = outcome.ended !== undefined
    const saved = saving(
      {
        frame: () => frameOf(resident.session),
        snapshot: (latest) => snapshot(resident.session, latest),
        changes: (touched) => changesOf(resident.session, touched),
        moduleNames,
        slices: resident.states.slices,
        own: resident.own,
        touched: outcome.touched,
        // Who is abandoned has run nothing: what was stored holds.
        wantsSnapshot: request.wantsSnapshot || (hasEnded && message.kind !== 'abandon'),
        maxRedoBytes: limits.maxSessionBytes,
      },
      resident.marks,
    )
    if (!hasEnded && saved.marks.sizeBytes > limits.maxSessionBytes) {
      drop(sessionId)
      return outgrown(resident, lastPiece, limits.maxSessionBytes)
    }
    resident.marks = saved.marks
    const active = atomicStates(resident)
    const warnings = saved.save === 'nothing' ? [] : unsavedWarnings(resident.compiled)
    if (hasEnded) drop(sessionId)
    return {
      ok: true,
      effects: outcome.effects,
      timersPut: [...outcome.timers].flatMap(([id, dueEpochMs]) =>
        dueEpochMs === undefined ? [] : [{ id, dueEpochMs }],
      ),
      timersDeleted: [...outcome.timers].flatMap(([id, dueEpochMs]) => (dueEpochMs === undefined ? [id] : [])),
      trace: trace === 'off' ? [] : [...outcome.trace, ...warnings.map((warning) => recordOf(warning, request))],
      save: saved.save,
      bytes: saved.bytes,
      hasEnded,
      active,
      ...(isNew && {
        name: resident.compiled.application.chart.origin.name ?? '',
        persists: resident.compiled.application.chart.origin.settings.persist !== false,
      }),
      ...(outcome.incident !== undefined && { incident: outcome.incident }),
      ...(warnings.length > 0 && { warnings }),
    }
  }
  const findResident = (
    request: ShardStepRequest,
  ): { readonly resident: ResidentSession; readonly isNew: boolean } | Failed => {
    const { message, sessionId, stored } = request
    // Stored bytes come when the caller's idea of the session may differ from ours: they win.
    if (stored !== undefined) drop(sessionId)
    const held = sessions.get(sessionId)
    if (held !== undefined) return { resident: held, isNew: false }
    const hash = stored?.hash ?? (message.kind === 'start' ? message.hash : undefined)
    if (hash === undefined) return { ok: false, message: `session "${sessionId}" is not here`, isLost: true }
    const compiled = applications.find(hash)
    if (compiled === undefined)
      return { ok: false, message: `application version "${hash}" is not loaded`, missingHash: hash }
    const isNew = stored === undefined && message.kind === 'start'
    const resident =
      stored === undefined && message.kind === 'start'
        ? newResident(sessionId, message, compiled, context)
        : stored === undefined
          ? undefined
          : storedResident(sessionId, stored, compiled, context)
    if (resident === undefined) return { ok: false, message: `session "${sessionId}" is not here` }
    compiled.sessions += 1
    sessions.set(sessionId, resident)
    return { resident, isNew }
  }

  return {
    load: (bundle) => applications.load(bundle),
    stepOne,
    forget: (sessionIds) => sessionIds.forEach(drop),
    replica: (replica) => modules.replica(replica),
    inspect: (sessionId, stored) => {
      const resident = sessions.get(sessionId)
      return Promise.resolve(inspectSession(sessionId, resident, stored, (hash) => applications.find(hash)))
    },
    drain: () => Promise.resolve(),
  }
}

/** What the step made is thrown away: the session ends with what was stored before. */
function outgrown({ compiled, documentUrl: url }: ResidentSession, piece: PieceId | undefined, value: number): Failed {
  const { element, line } = placeOfPiece(compiled.application.chart, piece ?? -1)
  const code = 'SEG-SESSION-005'
  const message = sessionMessage(code, { value, element, line, url })
  return { ok: false, message, isLost: true, strike: { kind: 'limit', code, message } }
}

type Failed = Extract<ShardStepResponse, { ok: false }>

const atomicOf = new WeakMap<readonly string[], readonly string[]>()

/** Active atomic states. Cost: O(1) for a configuration that was seen before. */
function atomicStates({ compiled, session }: ResidentSession): readonly string[] {
  const all = activeStates(session)
  const known = atomicOf.get(all)
  if (known !== undefined) return known
  const { chart } = compiled.application
  const atomic = all.filter((id) => isAtomic(chart, id))
  atomicOf.set(all, atomic)
  return atomic
}

function isAtomic(chart: Chart, id: string): boolean {
  const kind = chart.states[chart.indexOf.get(id) ?? 0]?.kind
  return kind === 'atomic' || kind === 'final'
}

function nothingHappened(resident: ResidentSession): ShardStepResponse {
  return {
    ok: true,
    effects: [],
    timersPut: [],
    timersDeleted: [],
    trace: [],
    save: 'nothing',
    bytes: undefined,
    hasEnded: false,
    active: atomicStates(resident),
  }
}

type Warning = NonNullable<Extract<ShardStepResponse, { ok: true }>['warnings']>[number]

/** Warnings about one application version. */
const maxWarnings = 100

/** Values that the stored form cannot hold (E14): the author has to know before a restart loses them. */
function unsavedWarnings({ application, warned }: CompiledApplication): readonly Warning[] {
  const warnings: Warning[] = []
  for (const { path, what } of application.program.takeUnsaved()) {
    // Items of a list or a table are one place.
    const place = `${path.replace(/\[[^\]]*\]/g, '[]')} ${what}`
    if (warned.has(place) || warned.size >= maxWarnings) continue
    warned.add(place)
    const code = 'SEG-DATA-001'
    warnings.push({ kind: 'unsaved', code, message: sessionMessage(code, { path, what }) })
  }
  return warnings
}

function recordOf({ code, kind, message }: Warning, { nowMs }: ShardStepRequest): string {
  return JSON.stringify({ atEpochMs: nowMs, kind, code, message })
}

function httpProcessorsOf(url: string | undefined): (sessionId: string) => string {
  if (url === undefined) return () => '{}'
  return (sessionId) => {
    const location = { location: `${url}/scxml/session/${sessionId}/basichttp` }
    return JSON.stringify({ basichttp: location, 'http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor': location })
  }
}
