import { describe, expect, it } from 'vitest'
import type { Executable, Slot } from '../../src/read/document.ts'
import { orchestration, places, read, stateOf, w3c } from './support/read.ts'

/** Executable content of the first `<onentry>` of state `s`. */
function contentIn(text: string): readonly Executable[] {
  return stateOf(read(text).document, 's').onentry[0]?.content ?? []
}

function inState(root: string, content: string): string {
  return `${root}<state id="s"><onentry>${content}</onentry></state></scxml>`
}

function slot(value: Slot | undefined): string | undefined {
  if (value === undefined) return undefined
  return value.kind === 'literal' ? `literal ${value.value}` : `expression ${value.text.text}`
}

describe('dialect', () => {
  it.each([
    ['nothing of the kind', w3c, 'w3c'],
    ['a profile', '<scxml xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript">', 'orchestration'],
    ['another profile', '<scxml xmlns="http://www.w3.org/2005/07/scxml" profile="minimal">', 'w3c'],
    [
      'a module with http://',
      '<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:q="http://www.genesyslab.com/modules/queue">',
      'orchestration',
    ],
    [
      'a module without http://',
      '<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:q="www.genesyslab.com/modules/queue">',
      'orchestration',
    ],
    ['an unknown namespace', '<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:q="urn:x">', 'w3c'],
  ])('%s decides', (_, root, dialect) => {
    const { document } = read(`${root}<state/></scxml>`)

    expect(document.dialect).toBe(dialect)
  })
})

describe('the document', () => {
  it('settings and attributes of the root are read', () => {
    const { document, diagnostics } = read(
      orchestration.replace(
        '>',
        ' name="n" binding="late" initial="a b" _persist="false" _microStepLimit="5" _stateEntryLimit="0" _processEventTimeout="2000" _maxage="60" _type="serviceprocess">',
      ) + '<state id="a"/></scxml>',
    )

    expect(diagnostics).toEqual([])
    expect(document).toMatchObject({ name: 'n', binding: 'late', dataModel: 'ecmascript' })
    expect(document.initial?.targets.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(document.settings).toEqual({
      persist: false,
      type: 'serviceprocess',
      microStepLimit: 5,
      stateEntryLimit: 0,
      processEventTimeoutMs: 2000,
      maxTimeS: 60,
    })
  })

  it('values that mean nothing are reported and count as absent', () => {
    const { document, diagnostics } = read(
      orchestration.replace('>', '\n _persist="maybe"\n _microStepLimit="-1">') + '<state/></scxml>',
    )

    expect(document.settings).toMatchObject({ persist: undefined, microStepLimit: undefined })
    expect(places(diagnostics)).toEqual(['warning SEG-DOC-013 2:12 maybe', 'warning SEG-DOC-013 3:19 -1'])
  })

  it('a document without namespace is read as SCXML, with a warning', () => {
    const { document, diagnostics } = read('<scxml><state id="a"><onentry><log expr="1"/></onentry></state></scxml>')

    expect(stateOf(document, 'a').onentry).toHaveLength(1)
    expect(places(diagnostics)).toEqual(['warning SEG-DOC-003 1:2 scxml'])
  })

  it('an unsupported data model is an error, the null one is known', () => {
    const datamodel = (name: string): ReturnType<typeof read> =>
      read(`${w3c.replace('>', ` datamodel="${name}">`)}<state/></scxml>`)

    expect(places(datamodel('xpath').diagnostics)).toEqual(['error SEG-DOC-017 1:73 xpath'])
    expect(datamodel('null').document.dataModel).toBe('null')
  })

  it('states without id get one each, in document order', () => {
    const { document } = read(`${w3c}<state><final/></state><parallel id="p"/><state/></scxml>`)

    expect(document.states.map(({ id }) => id)).toEqual(['$state1', 'p', '$state3'])
    expect(document.states[0]?.states.map(({ id, isGeneratedId }) => [id, isGeneratedId])).toEqual([['$state2', true]])
  })

  it('all of a state is read', () => {
    const { document, diagnostics } = read(`${w3c}
      <state id="a">
        <datamodel><data id="x" expr="1"/><data id="y"> [1, 2] </data><data id="z"><b>t</b></data><data id="n"/></datamodel>
        <initial><transition target="b"><log expr="1"/></transition></initial>
        <onentry/><onentry/><onexit/>
        <transition event="e1  e2.*" cond="x &lt; 1" target="b c" type="internal"/>
        <history id="h" type="deep"><transition target="b"/></history>
        <invoke id="i" type="scxml" src="other.scxml" namelist="x y" autoforward="true"><finalize><log expr="2"/></finalize></invoke>
        <state id="b"/>
        <final id="c"><donedata><param name="p" expr="1"/><param name="q" location="x"/></donedata></final>
      </state></scxml>`)

    expect(diagnostics).toEqual([])
    const state = stateOf(document, 'a')
    expect(state.data.map(({ id, value }) => [id, value.kind])).toEqual([
      ['x', 'expression'],
      ['y', 'content'],
      ['z', 'content'],
      ['n', 'none'],
    ])
    expect(state.data[2]?.value).toMatchObject({ text: { text: '<b>t</b>' }, fromSrc: false })
    expect(state.initial).toMatchObject({ targets: [{ id: 'b' }], content: [{ kind: 'log' }] })
    expect([state.onentry.length, state.onexit.length]).toEqual([2, 1])
    expect(state.transitions[0]).toMatchObject({
      events: [{ text: 'e1' }, { text: 'e2.*' }],
      cond: { text: 'x < 1' },
      targets: [{ id: 'b' }, { id: 'c' }],
      type: 'internal',
    })
    expect(stateOf(document, 'h')).toMatchObject({ kind: 'history', historyType: 'deep' })
    expect(state.invokes[0]).toMatchObject({
      id: 'i',
      type: { kind: 'literal', value: 'scxml' },
      src: { kind: 'literal', value: 'other.scxml' },
      autoforward: true,
      finalize: { content: [{ kind: 'log' }] },
    })
    expect(state.invokes[0]?.namelist.map(({ text }) => text)).toEqual(['x', 'y'])
    expect(stateOf(document, 'c').donedata?.params).toMatchObject([
      { name: 'p', isLocation: false, value: { text: '1' } },
      { name: 'q', isLocation: true, value: { text: 'x' } },
    ])
  })
})

describe('executable content', () => {
  it('send reads literals in one dialect and expressions in the other', () => {
    const send = '<send event="e" target="t" type="y" delay="1s" id="i"/>'
    const [own] = contentIn(inState(orchestration, send))
    const [standard] = contentIn(inState(w3c, send))

    const slots = (node: Executable | undefined): unknown =>
      node?.kind === 'send' ? [node.event, node.target, node.type, node.delay].map(slot) : node
    expect(slots(own)).toEqual(['expression e', 'expression t', 'expression y', 'expression 1s'])
    expect(slots(standard)).toEqual(['literal e', 'literal t', 'literal y', 'literal 1s'])
  })

  it('the twins of W3C are expressions', () => {
    const [send] = contentIn(
      inState(w3c, '<send eventexpr="e" targetexpr="t" typeexpr="y" delayexpr="d" idlocation="i" namelist=" a  b "/>'),
    )

    if (send?.kind !== 'send') throw new Error('no send')
    expect([send.event, send.target, send.type, send.delay].map(slot)).toEqual([
      'expression e',
      'expression t',
      'expression y',
      'expression d',
    ])
    expect(send.idLocation?.text).toBe('i')
    expect(send.namelist.map(({ text }) => text)).toEqual(['a', 'b'])
  })

  it('older names of the orchestration dialect are read, and unknown in W3C', () => {
    const content = '<send event="\'e\'" targettype="\'fm\'" sendid="i" hints="h"/><cancel id="x"/><event name="old"/>'
    const [send, cancel, event] = contentIn(inState(orchestration, content))
    const standard = read(inState(w3c, content)).diagnostics

    expect(send).toMatchObject({ kind: 'send', id: 'i', hints: { text: 'h' } })
    expect(send?.kind === 'send' ? slot(send.type) : '').toBe("expression 'fm'")
    expect(cancel?.kind === 'cancel' ? slot(cancel.sendId) : '').toBe('expression x')
    expect(event).toMatchObject({ kind: 'raise', event: 'old' })
    expect(standard.map(({ code }) => code)).toEqual([
      'SEG-DOC-004',
      'SEG-DOC-009',
      'SEG-DOC-009',
      'SEG-DOC-009',
      'SEG-DOC-009',
    ])
  })

  it('raise takes parameters, log a level, content an expression with an underscore', () => {
    const [raise, log, fetch] = contentIn(
      inState(
        orchestration,
        `<raise event="e"><param name="p" expr="1"/></raise><log expr="x" label="l" level="2"/>
         <session:fetch srcexpr="u" requestid="r"><content _expr="body"/></session:fetch>`,
      ),
    )

    expect(raise).toMatchObject({ kind: 'raise', event: 'e', params: [{ name: 'p', value: { text: '1' } }] })
    expect(log?.kind === 'log' ? [slot(log.label), slot(log.level)] : []).toEqual(['expression l', 'expression 2'])
    expect(fetch).toMatchObject({ kind: 'action', content: { kind: 'expression', text: { text: 'body' } } })
  })

  it('if is divided at elseif and else', () => {
    const [node] = contentIn(
      inState(w3c, '<if cond="a"><log/><elseif cond="b"/><log/><log/><else/><raise event="x"/></if>'),
    )

    const branches = node?.kind === 'if' ? node.branches : []
    expect(branches.map(({ cond, content }) => [cond?.text, content.map(({ kind }) => kind)])).toEqual([
      ['a', ['log']],
      ['b', ['log', 'log']],
      [undefined, ['raise']],
    ])
  })

  it('foreach, assign with content and script are read', () => {
    const [foreach, assign, script] = contentIn(
      inState(
        w3c,
        '<foreach array="a" item="i" index="n"><log/></foreach><assign location="x"><y z="1"/></assign><script>f()<!-- c -->;g()</script>',
      ),
    )

    expect(foreach).toMatchObject({ array: { text: 'a' }, item: { text: 'i' }, index: { text: 'n' } })
    expect(assign).toMatchObject({ location: { text: 'x' }, value: undefined, content: { text: '<y z="1"/>' } })
    expect(script).toMatchObject({ kind: 'script', text: { text: 'f();g()' } })
  })

  it('an inline document keeps its markup and is given the namespaces it inherits', () => {
    const { document } = read(
      `${w3c.replace('>', ' xmlns:x="urn:x">')}<state id="s"><invoke><content> <scxml version="1.0"><final id="f"/></scxml></content></invoke></state></scxml>`,
    )

    const content = stateOf(document, 's').invokes[0]?.content
    expect(content).toMatchObject({ kind: 'literal' })
    expect(content?.text.text).toBe(
      ' <scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:x="urn:x" version="1.0"><final id="f"/></scxml>',
    )
  })
})

describe('inline content', () => {
  it.each([
    ['text with entities', 'a &lt; b<!-- c -->&amp;', 'a < b&'],
    ['a CDATA section', '<![CDATA[{"a": "<b>"}]]>', '{"a": "<b>"}'],
    ['markup as it is written', " <a  b='1'>&lt;</a><!-- c --> ", " <a  b='1'>&lt;</a><!-- c --> "],
    ['nothing', '', ''],
  ])('%s', (_, inside, expected) => {
    const [send] = contentIn(inState(w3c, `<send event="e"><content>${inside}</content></send>`))

    expect(send?.kind === 'send' ? send.content?.text.text : undefined).toBe(expected)
  })
})

describe('elements of modules', () => {
  it('an action is read by its specification, with children of its own and of other modules', () => {
    const { document, diagnostics } = read(
      inState(
        orchestration,
        `<queue:submit requestid="R.id" priority="1 &lt; 2"><queue:targets><queue:target name="'g'" type="AgentGroup"/></queue:targets>
           <dialog:runtreatments><dialog:start type="'applid'"><param name="p" expr="1"/></dialog:start></dialog:runtreatments></queue:submit>`,
      ),
    )

    expect(diagnostics).toEqual([])
    const [submit] = stateOf(document, 's').onentry[0]?.content ?? []
    if (submit?.kind !== 'action') throw new Error('no action')
    expect(submit.module).toBe('queue')
    expect(submit.attributes.map(({ spec, text }) => [spec.name, spec.kind, text.text])).toEqual([
      ['requestid', 'location', 'R.id'],
      ['priority', 'expression', '1 < 2'],
    ])
    expect(submit.children.map(({ module, spec }) => `${module}:${spec.name}`)).toEqual([
      'queue:targets',
      'dialog:runtreatments',
    ])
    expect(submit.children[1]?.children[0]).toMatchObject({ module: 'dialog', params: [{ name: 'p' }] })
  })

  it.each([
    ['an unknown element of a known module', '<queue:jump a="1"/>', 'warning SEG-DOC-007 3:2 queue:jump'],
    ['an unknown attribute', '<queue:cancel x="1"/>', 'warning SEG-DOC-009 3:15 x'],
    ['a missing attribute', '<session:fetch/>', 'warning SEG-DOC-011 3:2 session:fetch'],
    ['an element of an unknown namespace', '<u:x xmlns:u="urn:u"/>', 'error SEG-DOC-005 3:2 u:x'],
    ['an action inside another', '<ixn:accept><queue:cancel/></ixn:accept>', 'error SEG-DOC-008 3:14 queue:cancel'],
    ['a child on its own', '<queue:targets/>', 'error SEG-DOC-008 3:2 queue:targets'],
    ['a missing child', '<queue:submit/>', 'warning SEG-DOC-019 3:2 queue:submit'],
    [
      'a child too many',
      '<queue:submit><queue:targets/><queue:targets/></queue:submit>',
      'error SEG-DOC-016 3:32 queue:targets',
    ],
    [
      'a value that is none',
      `<queue:submit><queue:targets><queue:target type="'x'"/></queue:targets></queue:submit>`,
      `warning SEG-DOC-013 3:50 'x'`,
    ],
    ['text in an action', '<queue:cancel>oops now</queue:cancel>', 'warning SEG-DOC-014 3:15 oops'],
  ])('%s is reported at its place', (_, content, expected) => {
    const { diagnostics } = read(`${orchestration}<state id="s"><onentry>\n\n${content}</onentry></state></scxml>`)

    expect(places(diagnostics)).toEqual([expected])
  })

  it('an unknown element of a known module stays in place as unsupported', () => {
    const content = contentIn(inState(orchestration, '<log/><queue:jump><param name="x"/></queue:jump><log/>'))

    expect(content.map((node) => (node.kind === 'unsupported' ? node.name : node.kind))).toEqual([
      'log',
      'queue:jump',
      'log',
    ])
  })
})

describe('what does not belong', () => {
  it.each([
    ['an unknown element', '<state id="s"><onentri/></state>', 'error SEG-DOC-004 2:16 onentri'],
    ['a state in a final', '<final><state id="x"/></final>', 'error SEG-DOC-008 2:9 state'],
    ['a script in a state', '<state><script>x</script></state>', 'error SEG-DOC-008 2:9 script'],
    ['an unknown attribute', '<state idd="x"/>', 'warning SEG-DOC-009 2:8 idd'],
    ['an unknown attribute with an underscore', '<state _new="x"/>', 'warning SEG-DOC-009 2:8 _new'],
    ['stray text', '<state>\n  hello</state>', 'warning SEG-DOC-014 3:3 hello'],
    ['a condition that is missing', '<state><onentry><if><log/></if></onentry></state>', 'error SEG-DOC-010 2:18 if'],
    [
      'a location that is blank',
      '<state><onentry><assign location=" " expr="1"/></onentry></state>',
      'error SEG-DOC-010 2:35  ',
    ],
    [
      'both forms of an attribute',
      '<state><onentry><send event="a" eventexpr="b"/></onentry></state>',
      'error SEG-DOC-015 2:44 b',
    ],
    [
      'both forms of initial',
      '<state initial="a"><initial><transition target="a"/></initial><state id="a"/></state>',
      'error SEG-DOC-015 2:17 a',
    ],
    ['two donedata', '<final><donedata/><donedata/></final>', 'error SEG-DOC-016 2:20 donedata'],
    [
      'an else before another',
      '<state><onentry><if cond="a"><else/><else/></if></onentry></state>',
      'error SEG-DOC-015 2:38 else',
    ],
    [
      'content beside parameters',
      '<state><onentry><send event="a"><param name="p"/><content/></send></onentry></state>',
      'error SEG-DOC-015 2:50 <content/>',
    ],
    [
      'an initial without target',
      '<state><initial><transition/></initial><state/></state>',
      'error SEG-DOC-027 2:9 initial',
    ],
    [
      'a condition on an initial',
      '<state><initial><transition cond="a" target="b"/></initial><state id="b"/></state>',
      'error SEG-DOC-026 2:35 a',
    ],
    [
      'a transition of another kind',
      '<state><transition type="sideways" event="e"/></state>',
      'warning SEG-DOC-013 2:26 sideways',
    ],
    [
      'a sender in finalize',
      '<state><invoke><finalize><send event="x"/></finalize></invoke></state>',
      'error SEG-DOC-008 2:27 send',
    ],
    ['a cancel of nothing', '<state><onentry><cancel/></onentry></state>', 'error SEG-DOC-010 2:18 cancel'],
  ])('%s is reported at its place', (_, body, expected) => {
    const { diagnostics } = read(`${w3c}\n${body}</scxml>`)

    expect(places(diagnostics)).toEqual([expected])
  })

  it('foreign markup of an editor is passed over in W3C documents, and refused among executable content', () => {
    const editor = '<ed:info xmlns:ed="urn:editor" x="1"/>'
    const { diagnostics } = read(
      `${w3c}\n<state ed:y="2" xmlns:ed="urn:editor">${editor}<onentry>${editor}</onentry></state></scxml>`,
    )

    expect(diagnostics.map(({ code }) => code)).toEqual(['SEG-DOC-006', 'SEG-DOC-005'])
  })
})
