import { describe, expect, it } from 'vitest'
import { play, type Play } from '../step/support.ts'

const orchestration = { dialect: 'orchestration' } as const

/** Runs scripts at load and logs one expression on entry; `log` is written as XML text. */
const show = async (scripts: string, log: string): Promise<readonly string[]> =>
  (await play(`${scripts}<state id="a"><onentry><log expr="${log}"/></onentry></state>`, orchestration)).logs

const start = (states: string): Promise<Play> => play(states, orchestration)

describe('census 8: scope', () => {
  it('E2 E3: _data is not the global object: a datum and a variable of one name live side by side', async () => {
    const logs = await show(
      `<datamodel><data id="system"/></datamodel>
       <script>var system = new Object(); system.n = 1; _data.system = system;</script>`,
      `JSON.stringify(_data) + (_data.system === system)`,
    )

    expect(logs).toEqual(['{"system":{"n":1}}true'])
  })

  it('E3: var in a script of any state is global to the session and stays when the state is left', async () => {
    const session = await start(
      `<state id="a"><state id="a1"><onentry><script>var deep = 1; implicit = 2</script></onentry></state>
         <transition event="go" target="b"/></state>
       <state id="b"><onentry><log expr="deep + implicit"/></onentry></state>`,
    )

    session.send('go')

    expect(session.logs).toEqual(['3'])
  })

  it('E5 E7: when two scripts declare one function, the later include wins from the start', async () => {
    const logs = await show(
      `<script>function isBlank(t) { return 'first' } function ask() { return isBlank('') } var early = ask();</script>
       <script>function isBlank(t) { return 'second' }</script>`,
      `early + ask()`,
    )

    expect(logs).toEqual(['secondsecond'])
  })

  it('E4 E13: system variables are read-only: ignored in scripts, error.illegalassign for assign', async () => {
    const session = await start(
      `<state id="a"><onentry><script>_sessionid = 'x'; _event = 1; _genesys = 2</script>
         <log expr="_sessionid + typeof _genesys"/><assign location="_sessionid" expr="1"/></onentry></state>`,
    )

    expect(session.logs).toEqual(['Sobject'])
    expect(session.errors).toEqual(['error.illegalassign'])
  })

  it('E13: _event is one object for all regions, and the same object when it was stored', async () => {
    const session = await start(
      `<script>var kept = []</script>
       <parallel id="p">
         <state id="r1"><transition event="go"><script>kept.push(_event); _event.data.seen = 1</script></transition></state>
         <state id="r2"><transition event="go"><log expr="kept.indexOf(_event) + ',' + _event.data.seen + (kept[0] === _event)"/></transition></state>
       </parallel>`,
    )

    session.send('go').reload().send('go')

    expect(session.logs).toEqual(['0,1true', '1,1false'])
  })

  it('E6: this at script level and in plain calls is the object of variables', async () => {
    const logs = await show(
      `<script>var v = 1; this.w = 2; function f() { return this.v + this.w }</script>`,
      `f() + this.v`,
    )

    expect(logs).toEqual(['4'])
  })

  it('E16: a value that is only a script counts with its completion value: "label: value", a trailing semicolon', async () => {
    const session = await start(
      `<state id="a"><onentry><raise event="x"><param name="p" expr="room: 12"/></raise><log expr="'text';"/></onentry>
         <transition event="x"><log expr="_event.data.p"/></transition></state>`,
    )

    expect(session.logs).toEqual(['text', '12'])
  })

  it('XML comments vanish from scripts, CDATA and text are joined', async () => {
    const logs = await show(
      `<script>var a = <!-- not <code> here -->1;
         <![CDATA[ if (a < 2 && a > 0) { a = a + 10 } ]]>
         a = a <![CDATA[+]]> 100;</script>`,
      `a`,
    )

    expect(logs).toEqual(['111'])
  })
})

describe('census 9: features', () => {
  it.each<[string, string, string, string]>([
    ['typeof of an undeclared name (E3)', '', `typeof args_ + typeof args_`, 'undefinedundefined'],
    ['new Object() and members by text', `var o = new Object(); o['a b'] = 1;`, `o['a b']`, '1'],
    [
      'try and catch around what is missing',
      `var r; try { missing.x() } catch (e) { r = e.name }`,
      `r`,
      'ReferenceError',
    ],
    ['IIFE', `var r = (function () { var hidden = 2; return hidden })();`, `r + typeof hidden`, '2undefined'],
    ['JSON.stringify and JSON.parse', `var o = JSON.parse('[1,{"a":null}]');`, `JSON.stringify(o)`, '[1,{"a":null}]'],
    [
      'new Date with getters and setters',
      `var d = new Date(2020, 0, 31); d.setDate(32);`,
      `d.getMonth() + '/' + d.getDate()`,
      '1/1',
    ],
    ['eval of JSON in parentheses (E10)', `var t = '{"a": [1, 2]}'; var o = eval('(' + t + ')');`, `o.a[1]`, '2'],
    [
      'eval of a name built as text (E10)',
      `var App_X = { requestid: 'r1' }; var id = 'X';`,
      `eval('App_' + id)['requestid']`,
      'r1',
    ],
    [
      'eval with the locals in sight (E10)',
      `function f(a) { var b = 2; eval('b = a + b; var c = 5'); return b + c }`,
      `f(1) + typeof c`,
      '8undefined',
    ],
    [
      'indirect eval and new Function (E10)',
      `var g = 1; function f() { var g = 2; return (0, eval)('g') + new Function('x', 'return g + x')(5) }`,
      `f()`,
      '7',
    ],
    ['for in', `var s = ''; for (var k in { a: 1, b: 2 }) s += k;`, `s + k`, 'abb'],
    ['const', `const LIMIT = 3;`, `LIMIT`, '3'],
    ['parseInt, isNaN, encodeURI', ``, `parseInt('08px', 10) + ',' + isNaN('x') + encodeURI('a b')`, '8,truea%20b'],
    ['switch', `var r; switch ('b') { case 'a': r = 1; break; case 'b': r = 2; break; default: r = 3 }`, `r`, '2'],
    ['Math.random (E12)', `var n = Math.random();`, `n &gt;= 0 &amp;&amp; n &lt; 1`, 'true'],
    [
      'regular expressions and match with text',
      `var m = 'a=1'.match('(.)=(.)');`,
      `m[1] + m[2] + /\\d/.test('x1')`,
      'a1true',
    ],
    [
      'instanceof, prototype and methods',
      `function Q() { this.n = 1 } Q.prototype.inc = function () { return ++this.n };`,
      `new Q().inc() + ',' + (new Q() instanceof Q)`,
      '2,true',
    ],
    ['arguments', `function f() { return arguments.length + arguments[0] }`, `f(5, 6)`, '7'],
    [
      'getTimezoneOffset, toLocaleString, Date.now (E12)',
      ``,
      `typeof new Date().getTimezoneOffset() + typeof new Date().toLocaleString() + Date.now()`,
      'numberstring1000',
    ],
    [
      'do-while and delete',
      `var i = 0; do i++; while (i !== 3); var o = { a: 1 }; delete o.a;`,
      `i + typeof o.a`,
      '3undefined',
    ],
    ['Array.isArray and indexOf', ``, `Array.isArray([]) + ',' + [1, 2].indexOf(2)`, 'true,1'],
    [
      'getters and closures',
      `var c = (function () { var n = 0; return { get next() { return ++n } } })();`,
      `c.next + c.next`,
      '3',
    ],
    [
      'generators inside a step (E9)',
      `function* g() { yield 1; yield 2 } var s = 0; for (var x of g()) s += x;`,
      `s`,
      '3',
    ],
    [
      'overriding toString of a plain object (E11)',
      `var o = {}; o.toString = function () { return 'mine' };`,
      `'' + o`,
      'mine',
    ],
    [
      'a polyfill that is missing is added (E11)',
      `if (!Date.fromISOString) Date.fromISOString = function (t) { return new Date(t).getTime() };`,
      `Date.fromISOString('1970-01-01T00:00:01Z')`,
      '1000',
    ],
    [
      'a polyfill of what is there is not used (E11)',
      `if (!Date.prototype.toISOString) Date.prototype.toISOString = function () { return 'own' };`,
      `new Date(0).toISOString()`,
      '1970-01-01T00:00:00.000Z',
    ],
    [
      'toSource of every kind (E17)',
      `var o = { a: 1, b: 'x', c: [1, , null], d: undefined, e: new Date(0), f: /x/g, g: true };`,
      `o.toSource()`,
      `({a:1, b:"x", c:[1, , null], d:(void 0), e:(new Date(0)), f:/x/g, g:true})`,
    ],
    [
      'toSource is read back by eval (E17)',
      `var o = { a: 1, 'b-c': 'q"', d: [1, { e: null }], f: new Date(5), g: function (x) { return x + 1 } }; var p = eval(o.toSource()); var q = eval(uneval('text'));`,
      `p.a + p['b-c'] + p.d[1].e + p.f.getTime() + p.g(1) + q`,
      '1q"null52text',
    ],
    [
      'toSource of primitives (E17)',
      ``,
      `'x'.toSource() + (5).toSource() + true.toSource() + uneval(undefined) + uneval(null)`,
      '(new String("x"))(new Number(5))(new Boolean(true))(void 0)null',
    ],
  ])('%s', async (_, script, log, expected) => {
    const logs = await show(`<script><![CDATA[${script}]]></script>`, log)

    expect(logs).toEqual([expected])
  })

  it('E17: toSource of _event gives its members', async () => {
    const session = await start(
      `<state id="a"><transition event="go"><log expr="_event.toSource()"/></transition></state>`,
    )

    session.send('go', { a: [1] })

    expect(session.logs[0]).toMatch(/^\(\{name:"go", type:"external", .*data:\{a:\[1\]\}\}\)$/)
  })

  it('E10: JSON.eval raises an error event', async () => {
    const session = await start(`<state id="a"><onentry><script>JSON.eval('1')</script></onentry></state>`)

    expect(session.errors).toEqual(['error.script.TypeError'])
  })

  it.each([
    // What is thrown without a stack has the place of its element.
    [`throw new Error('no agent')`, 'Error', 'no agent', 4],
    [`throw new RangeError('far')`, 'RangeError', 'far', 4],
    [`throw 'text'`, 'string', 'text', 3],
    [`throw 5`, 'number', '5', 3],
    [`throw { code: 1 }`, 'Object', '[object Object]', 3],
    [`function NoAgent(m) { this.message = m } throw new NoAgent('own')`, 'NoAgent', 'own', 3],
    [`eval('1 +')`, 'SyntaxError', 'unexpected token', 4],
  ])('%s is caught by the state, with document, element and line', async (text, type, message, line) => {
    const session = await start(`
      <state id="a"><onentry>
        <script>
          ${text}
        </script><log expr="'not reached'"/></onentry>
        <transition event="error"><log expr="[_event.name, _event.data.document, _event.data.element, _event.data.linenumber, _event.data.message].join()"/></transition></state>`)

    expect(session.logs).toEqual([`error.script.${type},file:///app/main.scxml,script,${line},${message}`])
  })

  it('E15: a loop of exceptions ends within seconds as a breach', async () => {
    const session = await start(
      `<state id="a"><transition event="go"><script>while (true) { try { null.x } catch (e) {} }</script></transition></state>`,
    )

    session.send('go')

    expect(session.ended).toMatchObject({ reason: 'limit', limit: { name: 'fuelPerEnter' } })
  })

  it('E15: what a step may reasonably compute is finished', async () => {
    const session = await start(`<state id="a"><transition event="go"><script>
      var n = 0; for (var i = 0; i !== 20000000; i++) n += i % 3;
      for (i = 0; i !== 2000; i++) { try { null.x } catch (e) { n++ } }</script><log expr="n"/></transition></state>`)

    session.send('go')

    expect(session.logs).toEqual(['20001999'])
  })
})

describe('after a restart', () => {
  it('E8 E14: variables, objects of constructors, shared objects and functions go on as they were', async () => {
    const session = await start(`
      <datamodel><data id="q"/></datamodel>
      <script>function Queue() { this.items = [] } Queue.prototype.add = function (x) { this.items.push(x); return this };
        var own = new Queue(); _data.q = own; var twice = function (x) { return x * 2 };</script>
      <state id="a"><transition event="add"><script>own.add(twice(_event.data.n))</script>
        <log expr="_data.q.items.join() + (_data.q === own) + (own instanceof Queue)"/></transition></state>`)

    session.send('add', { n: 1 }).reload().send('add', { n: 2 }).reload().send('add', { n: 3 })

    expect(session.logs.at(-1)).toBe('2,4,6truetrue')
  })
})
