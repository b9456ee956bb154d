export type { ApplicationStatus } from './centre/application-registry.ts'
export { createCentre } from './centre/centre.ts'
export type {
  AgentAction,
  Centre,
  CentreOptions,
  OutsideEvent,
  SessionReport,
  StartedSession,
  StartSession,
} from './centre/centre.ts'
export { describeModules } from './describe-modules.ts'
export type { ModuleDescription, RootDescription } from './describe-modules.ts'
export { faults as moduleFaults } from './errors.ts'
export { allModules, elementNamespaces } from './modules.ts'
