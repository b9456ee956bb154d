export type {
  Acceptance,
  Behaviour,
  EntityStep,
  Message,
  MessageBody,
  MessageEffect,
  PerformedEffect,
  Performer,
  PlannedEffect,
  StepContext,
  StepRequest,
  StepResponse,
  TraceLine,
} from './entity/contract.ts'
export { createRuntime } from './entity/create-runtime.ts'
export { withoutEnvelope } from './entity/envelope.ts'
export { defaultLimits } from './entity/limits.ts'
export { derivedSessionId, keyedSessionId } from './session/derived-session-id.ts'
export { orderedDelivery } from './entity/ordered-delivery.ts'
export { entityKey, newSessionId, partitionOf, sessionPartition } from './entity/partition.ts'
export type { Durability } from './entity/contract.ts'
export type { IncidentAction, IncidentRecord, IncidentResolution, IncidentSubject } from './recovery/incident-log.ts'
export type { Incident, RecoverySummary, Runtime, RuntimeLimits, RuntimeOptions } from './entity/runtime.ts'
export { runtimeFaults, runtimeMessage, type RuntimeFaultCode } from './errors.ts'
export type { Clock, Scheduled } from './ports/clock.ts'
export type { Ids } from './ports/ids.ts'
export type {
  AppendResult,
  CommitResult,
  EffectKey,
  EffectRow,
  EntityKind,
  EntityRef,
  EntitySummary,
  Epoch,
  InboxBatch,
  NewInboxMessage,
  PartitionBatch,
  PurgeRequest,
  RowChange,
  StateChange,
  Step,
  Store,
  StoreAnswer,
  StoreCounts,
  StoredEntity,
  StoreDescription,
  StoreQuery,
  TimerRow,
} from './ports/store.ts'
export { isSessionId } from './module/host.ts'
export { FunctionError } from './module/contract.ts'
export type {
  ActResult,
  Command,
  Module,
  ModuleContext,
  ModuleFunction,
  ModuleNotice,
  ModuleRoot,
  Plan,
  PlannedAction,
  SessionEvent,
  SessionStart,
} from './module/contract.ts'
export { contextRealm } from './realm/context-realm.ts'
export { createApplications } from './session/applications.ts'
export type { ApplicationsOptions } from './session/applications.ts'
export type {
  ApplicationBundle,
  Applications,
  CurrentApplication,
  ReloadResult,
  SessionInspection,
  SessionMessage,
  Shard,
  ShardIncident,
  ShardQuestion,
  ShardStepRequest,
  ShardStepResponse,
  StoredSession,
} from './session/contract.ts'
export { createInProcessShard } from './session/in-process-shard.ts'
export type { InProcessShardOptions } from './session/in-process-shard.ts'
export type { TraceLevel } from './session/run-message.ts'
export { createSessionBehaviour } from './session/session-behaviour.ts'
export type { SessionBehaviourOptions } from './session/session-behaviour.ts'
export { sessionFaults, sessionMessage } from './session/session-faults.ts'
export type { SessionFaultCode } from './session/session-faults.ts'
export { createSessionPerformer } from './session/session-performer.ts'
export type { SessionPerformerOptions } from './session/session-performer.ts'
export { defaultShardProcessLimits } from './shards/limits.ts'
export type { ShardProcessLimits } from './shards/limits.ts'
export { createQuarantine } from './shards/quarantine.ts'
export type { Quarantine, QuarantinedVersion, QuarantineOptions } from './shards/quarantine.ts'
export { serveShard } from './shards/serve-shard.ts'
export type { ServeShardOptions, ShardSurroundings } from './shards/serve-shard.ts'
export type { ShardProgram } from './shards/command-line.ts'
export { createShardProcesses } from './shards/shard-processes.ts'
export type { ShardProcesses, ShardProcessesOptions } from './shards/contract.ts'
export { defaultShardLimits } from './session/shard-limits.ts'
export type { ShardLimits } from './session/shard-limits.ts'
