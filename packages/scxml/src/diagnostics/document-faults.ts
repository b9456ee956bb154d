import type { FaultSpec } from './fault.ts'

/** Findings about a document from its text to its check: areas XML, INCLUDE and DOC. */
export const documentFaults = {
  'SEG-XML-001': {
    message: 'the document is not well-formed: {reason}',
    hint: 'correct the markup here; everything after this place was not looked at',
    severity: 'error',
  },
  'SEG-XML-002': {
    message: 'element "{element}" is never closed',
    hint: 'add "</{element}>" where it ends',
    severity: 'error',
  },
  'SEG-XML-003': {
    message: 'end tag "{found}" does not match the open element "{open}" of line {line}',
    hint: 'close "{open}" first, or correct the name',
    severity: 'error',
  },
  'SEG-XML-004': {
    message: 'entity "{entity}" is not defined',
    hint: 'only amp, lt, gt, quot, apos and character references such as "&#160;" exist; write "&amp;" for a plain "&"',
    severity: 'error',
  },
  'SEG-XML-005': {
    message: 'namespace prefix "{prefix}" is not declared',
    hint: 'declare it on the root element: xmlns:{prefix}="…"',
    severity: 'error',
  },
  'SEG-XML-006': {
    message: 'attribute "{attribute}" is written twice',
    hint: 'remove one of the two',
    severity: 'error',
  },
  'SEG-XML-007': {
    message: 'the document type declaration declares entities or elements of its own, which is refused',
    hint: 'remove the part in square brackets and write the text itself in place of each entity',
    severity: 'error',
  },
  'SEG-XML-008': {
    message: 'the text holds a NUL character',
    hint: 'a file saved as UTF-16 was probably read as UTF-8: save it as UTF-8',
    severity: 'error',
  },
  'SEG-XML-009': {
    message: 'the document has more than {limit} bytes',
    hint: 'make it smaller, or raise the limit maxDocumentBytes',
    severity: 'error',
  },
  'SEG-XML-010': {
    message: 'elements are nested deeper than {limit}',
    hint: 'nest less deeply, or raise the limit maxDepth (at most {ceiling})',
    severity: 'error',
  },
  'SEG-XML-011': {
    message: 'the document is empty',
    hint: 'it has to hold one root element "scxml"',
    severity: 'error',
  },
  'SEG-XML-012': {
    message: 'the document ends in the middle of what begins here',
    hint: 'the file was probably cut off: complete it',
    severity: 'error',
  },
  'SEG-INCLUDE-001': {
    message: 'cannot read "{href}": {reason}',
    hint: 'it was looked for at "{url}"; the address is relative to the document that names it',
    severity: 'error',
  },
  'SEG-INCLUDE-002': {
    message: 'the include has no "href"',
    hint: 'name the file: href="…"',
    severity: 'error',
  },
  'SEG-INCLUDE-003': {
    message: 'an include cannot be parsed as "{parse}" here',
    hint: '{advice}',
    severity: 'error',
  },
  'SEG-INCLUDE-004': {
    message: 'document "{file}" has no element with id "{id}"',
    hint: 'ids of that document: {ids}',
    severity: 'error',
  },
  'SEG-INCLUDE-005': {
    message: 'the include leads back to itself: {chain}',
    hint: 'remove one include of the circle',
    severity: 'error',
  },
  'SEG-INCLUDE-006': {
    message: 'there are more than {limit} includes',
    hint: 'include less, or raise the limit maxIncludes',
    severity: 'error',
  },
  'SEG-INCLUDE-007': {
    message: '"{href}" is written in another letter case than the file "{file}"',
    hint: 'write the name as the file has it; servers that tell letter case apart do not find it',
    severity: 'warning',
  },
  'SEG-INCLUDE-008': {
    message: 'the document and all it includes have more than {limit} bytes',
    hint: 'include less, or raise the limit maxDocumentBytes',
    severity: 'error',
  },
  'SEG-INCLUDE-009': {
    message: 'included elements are nested deeper than {limit}',
    hint: 'nest less deeply, or raise the limit maxDepth',
    severity: 'error',
  },
  'SEG-INCLUDE-010': {
    message: 'data "{href}" cannot be read: {reason}',
    hint: 'it was looked for at "{url}"; a session gets an error event in place of the value',
    severity: 'warning',
  },
  'SEG-DOC-001': {
    message: 'the document cannot be read: {reason}',
    hint: 'check the address "{url}"',
    severity: 'error',
  },
  'SEG-DOC-002': {
    message: 'the root element is "{element}", not "scxml"',
    hint: 'start with <scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0">',
    severity: 'error',
  },
  'SEG-DOC-003': {
    message: 'the document declares no SCXML namespace',
    hint: 'add xmlns="http://www.w3.org/2005/07/scxml" to the root element',
    severity: 'warning',
  },
  'SEG-DOC-004': {
    message: 'SCXML has no element "{element}"',
    hint: 'elements that may stand in "{parent}": {allowed}',
    severity: 'error',
  },
  'SEG-DOC-005': {
    message: 'element "{element}" belongs to the unknown namespace "{namespace}"',
    hint: 'known modules: {modules}',
    severity: 'error',
  },
  'SEG-DOC-006': {
    message: 'element "{element}" of namespace "{namespace}" is ignored',
    hint: 'remove it if nothing else reads it',
    severity: 'warning',
  },
  'SEG-DOC-007': {
    message: 'module "{module}" has no element "{element}"',
    hint: 'when it is executed the session gets the event "error.unsupported.{element}"',
    severity: 'warning',
  },
  'SEG-DOC-008': {
    message: '"{element}" may not stand in "{parent}"',
    hint: 'elements that may stand there: {allowed}',
    severity: 'error',
  },
  'SEG-DOC-009': {
    message: '"{element}" has no attribute "{attribute}"; it is ignored',
    hint: 'its attributes: {allowed}',
    severity: 'warning',
  },
  'SEG-DOC-010': {
    message: '"{element}" needs the attribute "{attribute}"',
    hint: 'add {attribute}="…"',
    severity: 'error',
  },
  'SEG-DOC-011': {
    message: '"{element}" needs the attribute "{attribute}"',
    hint: 'without it the session gets an error event when the element is executed',
    severity: 'warning',
  },
  'SEG-DOC-012': {
    message: 'event "{event}" is sent but no transition takes it',
    hint: '{advice}',
    severity: 'warning',
  },
  'SEG-DOC-013': {
    message: '"{value}" is no value of "{attribute}"; it is ignored',
    hint: 'allowed: {allowed}',
    severity: 'warning',
  },
  'SEG-DOC-014': {
    message: 'text in "{element}" is ignored',
    hint: 'remove it, or put it into the element it belongs to',
    severity: 'warning',
  },
  'SEG-DOC-015': {
    message: '"{first}" and "{second}" exclude each other',
    hint: 'keep one of the two',
    severity: 'error',
  },
  'SEG-DOC-016': {
    message: '"{element}" may stand only once in "{parent}"',
    hint: 'join the two, or remove one',
    severity: 'error',
  },
  'SEG-DOC-017': {
    message: 'data model "{name}" is not supported',
    hint: 'supported: ecmascript, null',
    severity: 'error',
  },
  'SEG-DOC-018': {
    message: 'the document has more than {limit} states',
    hint: 'split it, or raise the limit maxStates',
    severity: 'error',
  },
  'SEG-DOC-019': {
    message: '"{element}" needs at least {min} "{child}"',
    hint: 'add a "{child}"',
    severity: 'warning',
  },
  'SEG-DOC-020': {
    message: 'id "{id}" is already used at {first}',
    hint: 'give one of the two another id; an include with "resolveid" puts a prefix in front of all its ids',
    severity: 'error',
  },
  'SEG-DOC-021': {
    message: 'target "{target}" does not exist',
    hint: '{advice}',
    severity: 'error',
  },
  'SEG-DOC-022': {
    message: 'initial state "{target}" is not inside "{state}"',
    hint: 'name a state that stands inside it: {inside}',
    severity: 'error',
  },
  'SEG-DOC-023': {
    message: 'states "{first}" and "{second}" cannot be active at the same time',
    hint: 'several targets of one transition have to lie in different regions of a "parallel"',
    severity: 'error',
  },
  'SEG-DOC-024': {
    message: '"{event}" is no event descriptor',
    hint: 'write a name of parts with dots between them, "*" alone, or a name with ".*" at its end',
    severity: 'warning',
  },
  'SEG-DOC-025': {
    message: 'the quotes in "{event}" are part of the event name',
    hint: 'the event of a transition is literal text: write it without quotes',
    severity: 'warning',
  },
  'SEG-DOC-026': {
    message: 'the transition of "{element}" may not have "{attribute}"',
    hint: 'it is taken without event and condition: remove the attribute',
    severity: 'error',
  },
  'SEG-DOC-027': {
    message: '"{element}" needs exactly one transition with a target',
    hint: 'add <transition target="…"/>',
    severity: 'error',
  },
  'SEG-DOC-028': {
    message: 'the transition has no event, no condition and no target',
    hint: 'it is taken again and again until another transition of the state goes first: add one of them',
    severity: 'warning',
  },
  'SEG-DOC-029': {
    message: '"{id}" is no name of a datum',
    hint: 'a plain ECMAScript name without dots is needed',
    severity: 'error',
  },
  'SEG-DOC-030': {
    message: 'datum "{id}" is already declared at {first}',
    hint: 'both name the same place: remove one, or give it another id',
    severity: 'warning',
  },
  'SEG-DOC-031': {
    message: 'the document has no state',
    hint: 'add a "state", "parallel" or "final"',
    severity: 'error',
  },
  'SEG-DOC-032': {
    message: 'the transition waits for "{event}", but there is no state "{id}"',
    hint: '{advice}',
    severity: 'warning',
  },
  'SEG-DOC-033': {
    message: 'default "{target}" of history "{history}" is no state inside "{state}"',
    hint: 'name a state that stands inside it: {inside}',
    severity: 'error',
  },
  'SEG-DOC-034': {
    message: 'nothing leads to "{state}"',
    hint: 'name it as the target of a transition or as an initial state, or remove it with all it holds',
    severity: 'warning',
  },
  'SEG-DOC-035': {
    message: 'the transition at {earlier} always comes before this one{event}',
    hint: 'put this transition before it, give the earlier one a condition, or remove one of the two',
    severity: 'warning',
  },
  'SEG-DOC-036': {
    message: 'the timer "{id}" is never cancelled, and only "{state}" takes its event "{event}"',
    hint: 'cancel it in an "onexit" of the state: other transitions leave the state before the timer falls due',
    severity: 'warning',
  },
  'SEG-DOC-037': {
    message: 'nothing takes "error.queue.submit" when this submit finds nobody in time',
    hint: 'add <transition event="error.queue.submit" target="…"/> to the state that waits',
    severity: 'warning',
  },
} as const satisfies Record<string, FaultSpec>
