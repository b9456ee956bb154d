export { addressLimits } from './centre/address-macros.ts'
export type { ApplicationStatus } from './centre/application-registry.ts'
export { createCentre } from './centre/centre.ts'
export type {
  AgentAction,
  Centre,
  CentreOptions,
  OutsideEvent,
  OutsideRequest,
  RequestAnswer,
  SessionReport,
  StartedSession,
  StartSession,
} from './centre/centre.ts'
export { describeModules } from './describe-modules.ts'
export type { ModuleDescription, RootDescription } from './describe-modules.ts'
export { definedModules, modulesOf } from './dfm/defined-modules.ts'
export type { DefinedModules } from './dfm/defined-modules.ts'
export { definitionLimits } from './dfm/definition.ts'
export { definitionDiagnostic, definitionFaults } from './dfm/findings.ts'
export { faults as moduleFaults } from './errors.ts'
export { allModules, elementNamespaces } from './modules.ts'
export { defaultRequestLimits } from './ws/open-requests.ts'
export type { RequestLimits } from './ws/open-requests.ts'
export { answerLimits } from './ws/plan.ts'
