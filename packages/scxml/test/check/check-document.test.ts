import { describe, expect, it } from 'vitest'
import { checkDocument } from '../../src/check/check-document.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { orchestration, places, read, w3c } from '../read/support/read.ts'

/** Findings but for unreachable states: the small documents here hold what they are about, and nothing that leads there. */
function check(body: string, root = w3c): readonly Diagnostic[] {
  const found = checkDocument(read(`${root}\n${body}</scxml>`).document)
  return found.filter(({ code }) => code !== 'SEG-DOC-034')
}

describe('ids and targets', () => {
  it('a second use of an id is reported and names the first', () => {
    const found = check('<state id="a"/>\n<parallel id="b"><state id="a"/></parallel>')

    expect(places(found)).toEqual(['error SEG-DOC-020 3:29 a'])
    expect(found[0]?.message).toBe('id "a" is already used at doc.scxml:2:12')
  })

  it('a target that does not exist is reported with the name that is probably meant', () => {
    const found = check('<state id="Exit1"><transition event="e" target="Exti1  Exit1"/></state>')

    expect(places(found)).toEqual(['error SEG-DOC-021 2:49 Exti1'])
    expect(found[0]?.hint).toBe('did you mean "Exit1"?')
  })

  it('initial states that do not exist are reported, of the document and of states', () => {
    const found = check('<state id="s" initial="x"><state id="i"/></state>', w3c.replace('>', '\ninitial="y">'))

    expect(places(found)).toEqual(['error SEG-DOC-021 2:10 y', 'error SEG-DOC-021 3:24 x'])
  })

  it('an initial state has to stand inside', () => {
    const found = check(
      '<state id="s" initial="t"><state id="i"/></state><state id="t"><initial><transition target="t"/></initial></state>',
    )

    expect(places(found)).toEqual(['error SEG-DOC-022 2:24 t', 'error SEG-DOC-022 2:93 t'])
    expect(found[0]?.hint).toContain('i')
  })

  it('an initial state may stand deep inside', () => {
    const found = check('<state id="s" initial="i"><state><state id="i"/></state></state>')

    expect(found).toEqual([])
  })
})

describe('several targets', () => {
  const regions = `<parallel id="p">
    <state id="a"><state id="a1"/><state id="a2"/></state>
    <state id="b"><parallel id="b1"><state id="c"/><state id="d"/></parallel></state></parallel>`

  it.each(['a1 b', 'a1 c d', 'a b1', 'd a2 c'])('"%s" lie in different regions', (targets) => {
    const found = check(`${regions}<state><transition event="e" target="${targets}"/></state>`)

    expect(found).toEqual([])
  })

  it.each([
    ['a1 a2', 'a1', 'a2'],
    ['c a1 d b', 'c', 'b'],
    ['p a1', 'p', 'a1'],
    ['a1 out', 'a1', 'out'],
    ['b a1 d', 'b', 'd'],
  ])('"%s" cannot be active together', (targets, first, second) => {
    const found = check(`${regions}<state id="out"><transition event="e" target="${targets}"/></state>`)

    expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual([
      `SEG-DOC-023 states "${first}" and "${second}" cannot be active at the same time`,
    ])
  })
})

describe('transitions', () => {
  it.each([
    ['a history without transition', '<history id="h"/>', 'error SEG-DOC-027 2:14 h'],
    [
      'a history whose transition leads nowhere',
      '<history id="h"><transition cond="a"/></history>',
      'error SEG-DOC-027 2:14 h',
    ],
    [
      'a history with an event',
      '<history id="h"><transition event="e" target="i"/></history>',
      'error SEG-DOC-026 2:36 e',
    ],
    [
      'a history with a condition',
      '<history id="h"><transition cond="c" target="i"/></history>',
      'error SEG-DOC-026 2:35 c',
    ],
    ['a transition without anything', '<transition/>', 'warning SEG-DOC-028 2:1 <transition/>'],
    ['a quoted event', `<transition event="'a.b'"/>`, `warning SEG-DOC-025 2:20 'a.b'`],
    ['an empty part', '<transition event="a..b"/>', 'warning SEG-DOC-024 2:20 a..b'],
    ['a star inside', '<transition event="ok a*"/>', 'warning SEG-DOC-024 2:23 a*'],
    ['a star before a part', '<transition event="*.b"/>', 'warning SEG-DOC-024 2:20 *.b'],
    ['a state that is never done', '<transition event="done.state.j"/>', 'warning SEG-DOC-032 2:20 done.state.j'],
  ])('%s is reported at its place', (_, content, expected) => {
    const found = check(`${content}<state id="i"/></state>`, `${w3c}<state id="s">`)

    expect(places(found)).toEqual([expected])
  })

  it.each(['*', 'a', 'a.b', 'a.*', 'a.', 'a.b-c_d.é1', 'done.state.s', 'done.state.*', 'done.state.a.b', 'done.state'])(
    'event "%s" is fine',
    (event) => {
      const found = check(`<state id="s"><transition event="${event}"/></state><state id="a.b.c"/>`)

      expect(found).toEqual([])
    },
  )
})

describe('data', () => {
  it('ids are plain names, each declared once, wherever it stands', () => {
    const found = check(
      `<datamodel><data id="a.b"/><data id="x"/></datamodel>\n<state><datamodel><data id="x"/><data id="$é_1"/></datamodel></state>`,
    )

    expect(places(found)).toEqual(['error SEG-DOC-029 2:22 a.b', 'warning SEG-DOC-030 3:29 x'])
    expect(found[1]?.message).toBe('datum "x" is already declared at doc.scxml:2:38')
  })
})

describe('size', () => {
  it('a document without state is an error', () => {
    expect(places(check('')).map((place) => place.slice(0, 21))).toEqual(['error SEG-DOC-031 1:1'])
  })

  it('more states than allowed are an error at the first too many', () => {
    const { document } = read(`${w3c}\n<state id="a"/><state id="b"/><state id="c"/></scxml>`)

    expect(places(checkDocument(document, { maxStates: 2 }))).toContain('error SEG-DOC-018 2:42 c')
    expect(places(checkDocument(document, { maxStates: 3 })).join()).not.toContain('SEG-DOC-018')
  })

  it('thousands of wrong targets stay affordable', () => {
    const states = Array.from(
      { length: 3000 },
      (_, n) => `<state id="state${n}"><transition event="e" target="stat${n}"/></state>`,
    )

    expect(check(states.join(''))).toHaveLength(3000)
  })
})

describe('events that nobody takes', () => {
  /** Findings about content that runs when a state with these transitions is entered. */
  function untaken(content: string, transitions: string, root = orchestration): readonly string[] {
    const body = `<state id="s"><onentry>\n${content}</onentry>${transitions}</state>`
    return places(check(body, root))
  }

  it.each([
    ['a sent event', `<send event="'a.done'"/>`, `warning SEG-DOC-012 3:14 'a.done'`],
    ['a raised event', '<raise event="a.done"/>', 'warning SEG-DOC-012 3:1 <raise event="a.done"/>'],
    ['an event to the internal queue', `<send event='"b"' target="'_internal'"/>`, 'warning SEG-DOC-012 3:14 "b"'],
    ['an event in a branch', `<if cond="x"><else/><send event="'q'"/></if>`, `warning SEG-DOC-012 3:34 'q'`],
  ])('%s is reported', (_, content, expected) => {
    expect(untaken(content, '<transition event="a.other" target="s"/>')).toEqual([expected])
  })

  it.each([
    ['a prefix takes it', `<send event="'a.done'"/>`, '<transition event="a"/>'],
    ['a prefix with a star takes it', `<send event="'a.done'"/>`, '<transition event="x a.*"/>'],
    ['a transition that leads on takes everything', `<send event="'a.done'"/>`, '<transition event="*" target="s"/>'],
    ['the name is computed', `<send event="'a' + b"/>`, '<transition event="x"/>'],
    ['the name is a variable', '<send event="a"/>', '<transition event="x"/>'],
    ['it goes elsewhere', `<send event="'a'" target="other"/>`, '<transition event="x"/>'],
    ['it goes over another way', `<send event="'a'" type="'basichttp'"/>`, '<transition event="x"/>'],
  ])('nothing is reported when %s', (_, content, transition) => {
    expect(untaken(content, transition)).toEqual([])
  })

  it('a transition that only notes every event does not count in generated pages, but in W3C documents', () => {
    const notes = '<transition event="*"><log/></transition>'

    expect(untaken(`<send event="'a'"/>`, notes)).toHaveLength(1)
    expect(untaken('<send event="a"/>', notes, w3c)).toEqual([])
    expect(untaken('<send event="a"/>', '<transition event="b"/>', w3c)).toHaveLength(1)
  })

  it('the hint names the event that was probably meant', () => {
    const [found] = check(
      `<state id="s"><onentry><send event="'Entry1.done'"/></onentry><transition event="Entry.done" target="s"/></state>`,
      orchestration,
    )

    expect(found?.hint).toBe('a transition waits for "Entry.done": correct one of the two names')
  })
})
