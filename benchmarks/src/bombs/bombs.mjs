// What hostile or broken scripts try, and how each attempt has to end.

const BACKTRACKING = `/^(a+)+$/.test('${'a'.repeat(48)}!')`

/**
 * `ends` is what has to come of it: `incident` (the session ends or gets an error event, an incident names the limit),
 * `error` (what the script uses is not there: it gets an error, and the session goes on), `either`, or `finishes` (it is
 * legal).
 *
 * @typedef {{
 *   name: string, ends: 'incident' | 'error' | 'either' | 'finishes', script?: string, cond?: string, setup?: string,
 *   timeoutMs?: number, times?: number,
 * }} Bomb
 */

/** @type {readonly Bomb[]} */
export const bombs = [
  { name: 'loop in a condition', ends: 'incident', cond: '(function () { while (true) {} })()' },
  { name: 'loop in a script', ends: 'incident', script: 'while (true) {}' },
  {
    name: 'loop in a getter',
    ends: 'incident',
    setup: "var odd = {}; Object.defineProperty(odd, 'x', { get: function () { while (true) {} } });",
    script: 'done = odd.x;',
  },
  {
    name: 'loop in toString',
    ends: 'incident',
    script: "done = 'a' + { toString: function () { while (true) {} } };",
  },
  {
    name: 'loop in a sort comparator',
    ends: 'incident',
    script: '[3, 1, 2].sort(function () { while (true) {} });',
  },
  {
    name: 'loop in a replace callback',
    ends: 'incident',
    script: "done = 'abc'.replace(/b/, function () { while (true) {} });",
  },
  {
    name: 'loop that catches everything',
    ends: 'incident',
    script: 'function f() { throw new Error("f"); } while (true) { try { f(); } catch (e) {} }',
  },
  {
    name: 'finally that loops',
    ends: 'incident',
    script: 'try { while (true) {} } finally { while (true) {} }',
  },
  { name: 'backtracking regular expression', ends: 'incident', script: `done = ${BACKTRACKING};` },
  {
    name: 'generator that never ends',
    ends: 'incident',
    script: 'function* g() { while (true) yield 1; } for (var x of g()) done = x;',
  },
  {
    name: 'one huge text of numbers',
    ends: 'either',
    script: 'done = JSON.stringify(new Array(2e7).fill(1.25)).length;',
  },
  { name: 'one huge list of letters', ends: 'either', script: "done = 'x'.repeat(1 << 28).split('').length;" },
  {
    name: 'arrays for ever',
    ends: 'incident',
    script: 'var all = []; for (;;) all.push(new Array(100000).fill(1.5));',
  },
  {
    name: 'typed arrays for ever',
    ends: 'error',
    script: 'var all = []; for (;;) all.push(new Uint8Array(1e7).fill(1));',
  },
  {
    name: 'a promise that loops',
    ends: 'error',
    script: 'function f() { return Promise.resolve().then(f); } f();',
  },
  {
    name: 'texts for ever',
    ends: 'incident',
    script: "var all = []; for (var i = 0; ; i++) all.push('x'.repeat(1e6) + i);",
  },
  { name: 'deep recursion', ends: 'incident', script: 'function f() { return f() + 1; } f();' },
  {
    name: 'deep recursion that catches',
    ends: 'incident',
    script: 'function f() { try { f(); } catch (e) { f(); } } f();',
  },
  { name: 'text of 1 GB', ends: 'incident', script: "var text = 'x'.repeat(1 << 20); while (true) text += text;" },
  { name: 'eval of a loop', ends: 'incident', script: "eval('while (true) {}');" },
  { name: '10 MB of new source text', ends: 'incident', script: "eval('done = 1;' + ' '.repeat(1e7) + '1;');" },
  {
    name: '1 MB of blanks to eval',
    ends: 'incident',
    script: "eval('([])' + ' '.repeat(1e6) + 'x');",
  },
  { name: '10 million events raised', ends: 'incident', script: "for (var i = 0; i < 1e7; i++) __Raise('x', {});" },
  {
    name: 'a hole of 4 billion items',
    ends: 'either',
    script: "var a = []; a.length = 4e9; done = _genesys.session.getListItemValue(a, 'x', 'y');",
  },
  {
    name: 'data that grows 1 MB an event',
    ends: 'incident',
    times: 1000,
    setup: 'var all = []; var n = 0;',
    script: "var text = ''; while (text.length < 1e6) text += (n += 7.31); all.push(text);",
  },
  {
    name: 'two seconds of computing, legal',
    ends: 'finishes',
    timeoutMs: 30_000,
    script:
      '(function () { var a = []; for (var k = 0; k < 4e5; k++) a.push((k * 7919) % 1e6); for (var r = 0; r < LEGAL_ROUNDS; r++) { a.reverse(); a.sort(function (x, y) { return x - y; }); } })();',
  },
]

/** Processor time that the steps of a bomb may take, unless it says otherwise. */
const TIMEOUT_MS = 3000

/** The document of a bomb. It tells whoever invoked it what becomes of it. @param {Bomb} bomb */
export function bombDocument({ cond, script = '', setup = '', timeoutMs = TIMEOUT_MS }) {
  const condition = cond === undefined ? '' : ` cond="${escaped(cond)}"`
  return `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" profile="ecmascript" _processEventTimeout="${timeoutMs}">
  <script>${escaped(`var done = 0; ${setup}`)}</script>
  <state id="armed">
    <onentry><send event="'bomb.up'" target="'#_parent'"><param name="id" expr="_sessionid"/></send></onentry>
    <transition event="go"${condition}>
      <script>
        ${escaped(script)}
      </script>
      <send event="'bomb.finished'" target="'#_parent'"/>
    </transition>
    <transition event="error.*">
      <send event="'bomb.caught'" target="'#_parent'">
        <param name="what" expr="_event.name"/>
        <param name="element" expr="_event.data.element"/>
        <param name="line" expr="_event.data.linenumber"/>
        <param name="message" expr="_event.data.message"/>
      </send>
    </transition>
  </state>
</scxml>
`
}

/** An application of its own that invokes a bomb and keeps what it is told. */
export function watcherDocument(bombFile) {
  return `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript">
  <datamodel><data id="child" expr="''"/><data id="finished" expr="0"/><data id="told" expr="[]"/></datamodel>
  <state id="watching">
    <invoke id="bomb" type="scxml" src="${bombFile}"/>
    <transition event="bomb.up"><assign location="child" expr="_event.data.id"/></transition>
    <transition event="bomb.finished"><assign location="finished" expr="finished + 1"/></transition>
    <transition event="bomb.caught done.invoke error">
      <script>told.push({ event: _event.name, data: _event.data });</script>
    </transition>
  </state>
</scxml>
`
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
