export { decodeValue, encodeValue } from './codec/host-codec.ts'
export type { Application, ChartOrigin } from './compile/application.ts'
export type { Chart, ChartLimits, ChartState, ChartTransition } from './compile/chart.ts'
export { compile, defaultChartLimits } from './compile/compile.ts'
export type { Compiled } from './compile/compile.ts'
export type { Place } from './compile/instruction.ts'
export { placeOfPiece } from './compile/place-of-piece.ts'
export { createApplication } from './compile/create-application.ts'
export { compileFaults } from './compile/faults.ts'
export type { Diagnostic, Severity } from './diagnostics/diagnostic.ts'
export { fillTemplate } from './diagnostics/fault.ts'
export type { FaultSpec, Handling } from './diagnostics/fault.ts'
export { displayPath, formatDiagnostic } from './diagnostics/format.ts'
export type { FormatOptions } from './diagnostics/format.ts'
export type {
  AttributeKind,
  AttributeSpec,
  AttributeType,
  ChildSpec,
  Confidence,
  ElementNamespace,
  ElementSpec,
} from './elements/element-spec.ts'
export { faults } from './errors.ts'
export { load } from './load.ts'
export type { Load, Loaded, LoadOptions } from './load.ts'
export { parse } from './parse.ts'
export type { ParseOptions } from './parse.ts'
export type { DataModelKind, Dialect, Document, DocumentSettings } from './read/document.ts'
export { defaultDocumentLimits } from './read/limits.ts'
export type { DocumentLimits } from './read/limits.ts'
export { scriptLimits } from './script/limits.ts'
export type {
  HostAnswer,
  ModuleSurface,
  PieceId,
  Realm,
  SavedScope,
  ScopeChanges,
  ScriptProgram,
  Touched,
} from './script/contract.ts'
export type { BindOptions } from './script/bind-program.ts'
export { scriptFaults } from './script/faults.ts'
export { sameRealm } from './script/same-realm.ts'
export { mergeTouched, touchedAll } from './script/touch.ts'
export type { MappedText } from './source/mapped-text.ts'
export type { Resolve, Resolved, ResourceKind } from './source/resolve.ts'
export { positionAt } from './source/source.ts'
export type { Position, Source, Span } from './source/source.ts'
export { parseXml } from './xml/parse-xml.ts'
export type { ParsedXml } from './xml/parse-xml.ts'
export { attributeOf, childElements } from './xml/tree.ts'
export type { XmlAttribute, XmlElement } from './xml/tree.ts'
export { standaloneHost } from './standalone-host.ts'
export {
  activeStates,
  changesOf,
  createSession,
  frameOf,
  restore,
  shownSnapshot,
  snapshot,
  start,
  step,
} from './step/index.ts'
export type {
  Action,
  Effect,
  EndRecord,
  Engine,
  IncomingEvent,
  OutgoingMessage,
  Session,
  SessionFrame,
  SessionIdentity,
  SessionSnapshot,
  StepHost,
  StepInput,
  StepOutcome,
  TraceRecord,
} from './step/contract.ts'
