import type { Dialect } from './document.ts'

/** What an SCXML element may have, in each dialect. */
export interface CoreElement {
  /** Attributes of both dialects. */
  readonly attributes: readonly string[]
  /** Attributes that only one dialect has. */
  readonly only?: Partial<Record<Dialect, readonly string[]>>
  /** Core elements that may stand inside. */
  readonly children: readonly string[]
  /** Executable content may stand inside, also elements of modules. */
  readonly holdsExecutable?: true
  /** Text inside means something. */
  readonly holdsText?: true
}

/** Elements that are executable content. */
const executableNames: readonly string[] = ['raise', 'if', 'foreach', 'log', 'assign', 'script', 'send', 'cancel']

/** Older names that only the orchestration dialect has as executable content. */
export const olderExecutableNames: readonly string[] = ['event']

const stateChildren = [
  'onentry',
  'onexit',
  'transition',
  'state',
  'parallel',
  'history',
  'datamodel',
  'invoke',
] as const
const executable = { children: executableNames, holdsExecutable: true } as const

/**
 * Every element of SCXML with its attributes and children, as data. Reader, checker and documentation read it.
 *
 * Spec: SCXML 1.0, section 3 to 6; scxml-dialect §2, §3, §5 for the orchestration dialect.
 */
export const coreElements: Readonly<Record<string, CoreElement>> = {
  scxml: {
    attributes: ['version', 'name', 'initial', 'datamodel', 'binding', 'profile', 'exmode'],
    only: {
      orchestration: [
        '_type',
        '_persist',
        '_statePersistDefault',
        '_maxtime',
        '_maxage',
        '_debug',
        '_microStepLimit',
        '_stateEntryLimit',
        '_processEventTimeout',
        '_maxConfigs',
        '_filterEventData',
        '_transitionStyle',
      ],
    },
    children: ['initial', 'datamodel', 'script', 'state', 'parallel', 'final'],
  },
  state: {
    attributes: ['id', 'initial'],
    only: { orchestration: ['_type', '_persist'] },
    children: ['initial', 'final', ...stateChildren],
  },
  parallel: { attributes: ['id'], only: { orchestration: ['_type', '_persist'] }, children: stateChildren },
  final: {
    attributes: ['id'],
    only: { orchestration: ['_type', '_persist'] },
    children: ['onentry', 'onexit', 'donedata'],
  },
  history: { attributes: ['id', 'type'], children: ['transition'] },
  initial: { attributes: [], children: ['transition'] },
  transition: { attributes: ['event', 'cond', 'target', 'type'], ...executable },
  onentry: { attributes: [], ...executable },
  onexit: { attributes: [], ...executable },
  datamodel: { attributes: [], children: ['data'] },
  data: {
    attributes: ['id', 'src', 'expr'],
    only: { orchestration: ['_type', '_desc'] },
    children: [],
    holdsText: true,
  },
  donedata: { attributes: [], children: ['param', 'content'] },
  invoke: {
    attributes: ['type', 'typeexpr', 'src', 'srcexpr', 'id', 'idlocation', 'namelist', 'autoforward'],
    only: { orchestration: ['invokeid', 'targettype', 'targettypeexpr'] },
    children: ['param', 'content', 'finalize'],
  },
  finalize: { attributes: [], ...executable },
  raise: { attributes: ['event'], children: ['param'] },
  event: { attributes: ['name'], children: ['param'] },
  if: { attributes: ['cond'], children: ['elseif', 'else', ...executableNames], holdsExecutable: true },
  elseif: { attributes: ['cond'], children: [] },
  else: { attributes: [], children: [] },
  foreach: { attributes: ['array', 'item', 'index'], ...executable },
  log: { attributes: ['label', 'expr'], only: { orchestration: ['level'] }, children: [] },
  assign: { attributes: ['location', 'expr'], children: [], holdsText: true },
  script: { attributes: ['src'], children: [], holdsText: true },
  send: {
    attributes: [
      'event',
      'eventexpr',
      'target',
      'targetexpr',
      'type',
      'typeexpr',
      'id',
      'idlocation',
      'delay',
      'delayexpr',
      'namelist',
    ],
    only: { orchestration: ['sendid', 'targettype', 'timeout', 'hints'] },
    children: ['param', 'content'],
  },
  cancel: { attributes: ['sendid', 'sendidexpr'], only: { orchestration: ['id'] }, children: [] },
  param: { attributes: ['name', 'expr', 'location'], children: [] },
  content: { attributes: ['expr'], only: { orchestration: ['_expr'] }, children: [], holdsText: true },
}

/** Whether the language has an element of that name in that dialect. */
export function isCoreElement(name: string, dialect: Dialect): boolean {
  return Object.hasOwn(coreElements, name) && (dialect === 'orchestration' || !olderExecutableNames.includes(name))
}

/** Attributes that an SCXML element has in a dialect. */
export function coreAttributes(name: string, dialect: Dialect): readonly string[] {
  const element = coreElements[name]
  return element === undefined ? [] : [...element.attributes, ...(element.only?.[dialect] ?? [])]
}

/**
 * Attributes whose plain form is a literal in the W3C dialect and an expression in the orchestration dialect, and the
 * names under which each is found: plain and older names first, then the twin that is always an expression.
 */
export const slotNames = {
  event: { plain: ['event'], twin: ['eventexpr'] },
  target: { plain: ['target'], twin: ['targetexpr'] },
  type: { plain: ['type', 'targettype'], twin: ['typeexpr', 'targettypeexpr'] },
  delay: { plain: ['delay'], twin: ['delayexpr'] },
  src: { plain: ['src'], twin: ['srcexpr'] },
  sendid: { plain: ['sendid', 'id'], twin: ['sendidexpr'] },
  label: { plain: ['label'], twin: [] },
  level: { plain: ['level'], twin: [] },
} as const satisfies Record<string, { readonly plain: readonly string[]; readonly twin: readonly string[] }>

export type SlotName = keyof typeof slotNames
