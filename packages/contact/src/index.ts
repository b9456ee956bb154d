export type {
  AgentSwitchState,
  ContactContext,
  ContactEffect,
  ContactTrace,
  DomainMessage,
  InteractionChange,
  InteractionMessage,
  InteractionRequest,
  InteractionView,
  RouteDecision,
  RoutingTuning,
  SessionNotice,
  SubmitRequest,
  TargetText,
} from './contract.ts'
export type {
  CallParty,
  CallSnapshot,
  DeviceType,
  DoorAction,
  DoorAnswer,
  NumberedSwitchEvent,
  PartyState,
  PlaceCall,
  SwitchAnswer,
  SwitchCommand,
  SwitchEvent,
  SwitchSnapshot,
  Treatment,
  TreatmentInput,
  TreatmentPrompt,
  UserData,
  UserDataValue,
  VoiceConsumer,
  VoiceLink,
} from './ports/voice.ts'
export type {
  Agent,
  AgentGroup,
  ApplicationObject,
  Configuration,
  ConfigurationFinding,
  DayTable,
  Dn,
  ListObject,
  OptionSet,
  Place,
  Switch,
  Tenant,
  TimeZoneObject,
  VirtualQueue,
} from './configuration/configuration.ts'
export type { ReadOptions } from './configuration/checked-file.ts'
export {
  applicationAt,
  applicationOf,
  hasMacros,
  isAddress,
  isFilledFrom,
  replaceMacros,
} from './configuration/application-address.ts'
export { readConfiguration, type ReadConfigurationResult } from './configuration/read.ts'
export { type ConfigurationSource } from './configuration/source-file.ts'
export { configurationJsonSchema } from './configuration/schema.ts'
export { diffConfigurations, type ConfigurationDifference } from './configuration/diff.ts'
export { configOption, defaultTenant, findDn, listItemValue, type OptionSubject } from './configuration/lookup.ts'
export { dateInZone, dayInZone, isKnownZone, timeInZone, zoneOf, zoneTime, type ZoneTime } from './calendars/zones.ts'
export { isSpecialDay, type SpecialDayQuestion } from './calendars/special-days.ts'
export { unknownInteractionNotice } from './interactions/requests.ts'
export { stepInteraction, type InteractionStep } from './interactions/step-interaction.ts'
export type { InteractionState } from './interactions/interaction-state.ts'
export { canTransition, type InteractionLifeState } from './interactions/life-cycle.ts'
export { interactionView, sessionIdKey } from './interactions/view.ts'
export { effectKeyAt } from './interactions/work.ts'
export { nextAgentState, type AgentState } from './agents/agent-state.ts'
export { createDomain, type DomainRow, type DomainRowChange, type Domain } from './routing/domain.ts'
export { stepDomain, type DomainStep } from './routing/step-domain.ts'
export {
  type AgentSummary,
  domainSummary,
  type DomainSummary,
  type GroupSummary,
  type QueueSummary,
} from './routing/summary.ts'
export { parseTargetId, parseTargets, type Target, type TargetType } from './routing/targets.ts'
export { parseSkillExpression, matchesSkills, type SkillExpression } from './routing/skills.ts'
export { routingLimits } from './routing/limits.ts'
export {
  ConfigurationLookupError,
  contactFault,
  contactFaults,
  type ContactFault,
  type ContactFaultCode,
  type ContactFaultSpec,
} from './errors.ts'
