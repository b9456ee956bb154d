import { describe, expect, it } from 'vitest'
import { checkDocument } from '../../src/check/check-document.ts'
import { withoutSuppressed } from '../../src/diagnostics/suppress.ts'
import { orchestration, places, read, w3c } from '../read/support/read.ts'

/** Findings of one code, with the message behind each place. */
function found(code: string, body: string, root = orchestration): readonly string[] {
  const all = checkDocument(read(`${root}${body}</scxml>`).document)
  return withoutSuppressed(all)
    .filter((one) => one.code === code)
    .map((one) => `${places([one])[0]?.split(' ').slice(3).join(' ')}: ${one.message}`)
}

/** As `found`, with a comment before each element of this name. */
function foundWithComment(code: string, body: string, element: string): readonly string[] {
  return found(code, body.replaceAll(`<${element}`, `<!-- segue-ignore ${code} --><${element}`))
}

describe('states that nothing leads to', () => {
  const code = 'SEG-DOC-034'

  it.each([
    ['a state beside the first', '<state id="a"/><state id="b"/>', ['b']],
    ['only the outermost of a part', '<state id="a"/><state id="b"><state id="c"/><state id="d"/></state>', ['b']],
    [
      'states that lead only to each other',
      `<state id="a"/><state id="b"><transition event="x" target="c"/></state>
       <state id="c"><transition event="x" target="b"/></state>`,
      ['b', 'c'],
    ],
    ['a child that is not the initial one', '<state id="a" initial="c"><state id="b"/><state id="c"/></state>', ['b']],
    [
      'a first child of a state that is only entered on the way to another one',
      '<state id="a"><transition target="d"/></state><state id="b"><state id="c"/><state id="d"/></state>',
      ['c'],
    ],
    [
      'a history that nobody uses',
      '<state id="a"><history id="h"><transition target="b"/></history><state id="b"/></state>',
      ['h'],
    ],
    ['a state without id', '<state id="a"/><parallel/>', ['parallel']],
  ])('%s is reported', (_, body, expected) => {
    expect(found(code, body).map((line) => line.split(':')[0])).toEqual(expected)
  })

  it('the message names the state and the hint what to do', () => {
    expect(found(code, '<state id="a"/><state id="b"/>')).toEqual(['b: nothing leads to "b"'])
  })

  it.each([
    [
      'a transition, whatever its condition',
      '<state id="a"><transition cond="false" target="b"/></state><state id="b"/>',
    ],
    [
      'the initial attribute of the document',
      '<state id="a"><transition event="x" target="b"/></state><state id="b"/>',
    ],
    [
      'an initial element',
      '<state id="a"><initial><transition target="c"/></initial><state id="b"/><state id="c"><transition target="b"/></state></state>',
    ],
    ['entry of a parallel state', '<parallel id="p"><state id="a"><state id="b"/></state><state id="c"/></parallel>'],
    [
      'entry of one region of a parallel state',
      '<state id="a"><transition target="c"/></state><parallel id="p"><state id="b"><state id="b1"/></state><state id="c"/></parallel>',
    ],
    [
      'the default of a history',
      `<state id="a"><transition target="h"/></state>
       <state id="b" initial="c"><history id="h"><transition target="d"/></history><state id="c"/>
         <state id="d"><transition target="c"/></state></state>`,
    ],
    [
      'a shallow history that brings a child back whose inner state was entered past its first one',
      `<state id="a"><transition target="c2"/></state>
       <state id="b"><history id="h"><transition target="c"/></history>
         <state id="c" initial="c1"><state id="c1"/><state id="c2"><transition event="x" target="a2"/></state></state></state>
       <state id="a2"><transition target="h"/></state>`,
    ],
  ])('%s leads to a state', (_, body) => {
    expect(found(code, body)).toEqual([])
  })

  it.each([
    ['an end that a generator wrote', '<state id="a"/><final id="ErrorExit1"/>'],
    ['a helper state of a generator', '<state id="a"/><state id="_reserved_Target1_attach"><state id="x"/></state>'],
    ['anything when a target is wrong', '<state id="a"><transition target="bb"/></state><state id="b"/>'],
    ['a page that ends where it begins', '<final id="_composer_noboot"/><state id="_composer_entry"/><state id="b"/>'],
    ['a fragment by itself', '<!-- $$_MY_PREFIX_$$ --><state id="a"/><state id="b"/>'],
  ])('nothing is said about %s', (_, body) => {
    expect(found(code, body)).toEqual([])
  })

  it('in W3C documents a name with an underscore is a name like others', () => {
    expect(found(code, '<state id="a"/><state id="_b"/>', w3c)).toHaveLength(1)
  })

  it('a comment silences it', () => {
    expect(foundWithComment(code, '<state id="a"/><state id="b"/>', 'state')).toEqual([])
  })
})

describe('transitions behind one that always comes first', () => {
  const code = 'SEG-DOC-035'
  const inState = (transitions: string): string => `<state id="a">${transitions}</state>`

  it.each([
    ['the same event', '<transition event="x"/><transition event="x" cond="c"/>', ['x']],
    ['a part of the event', '<transition event="x.y"/><transition event="x.y.z"/>', ['x.y.z']],
    ['with a star at its end', '<transition event="x.*"/><transition event="x"/>', ['x']],
    ['every event', '<transition event="*"/><transition event="x y"/>', ['x', 'y']],
    ['one of several', '<transition event="x q"/><transition event="x y"/>', ['x']],
    [
      'none, and so always',
      '<transition target="a"/><transition cond="c" target="a"/>',
      ['<transition cond="c" target="a"/>'],
    ],
  ])('an earlier transition without condition that takes %s is named', (_, transitions, expected) => {
    expect(found(code, inState(transitions)).map((line) => line.split(': ')[0])).toEqual(expected)
  })

  it('the message says where the earlier one stands', () => {
    const [line] = found(code, inState('\n<transition event="x"/><transition event="x"/>'))

    expect(line).toBe('x: the transition at doc.scxml:2:1 always comes before this one for "x"')
  })

  it.each([
    ['the earlier one has a condition', '<transition event="x" cond="c"/><transition event="x"/>'],
    ['the earlier one takes less', '<transition event="x.y"/><transition event="x"/><transition event="*"/>'],
    ['the names only begin alike', '<transition event="x"/><transition event="xy"/>'],
    ['one of them needs no event', '<transition target="a"/><transition event="x"/>'],
    ['they belong to different states', '<transition event="x"/><state id="b"><transition event="x"/></state>'],
  ])('nothing is said when %s', (_, transitions) => {
    expect(found(code, inState(transitions))).toEqual([])
  })

  it('a comment silences it', () => {
    expect(foundWithComment(code, inState('<transition event="x"/><transition event="x"/>'), 'transition')).toEqual([])
  })
})

describe('timers that are never cancelled', () => {
  const code = 'SEG-DOC-036'
  const page = (send: string, more = '', late = '<transition event="late" target="b"/>'): string =>
    `<state id="a"><onentry>${send}</onentry>${late}<transition event="hangup" target="b"/></state>
     <state id="b">${more}</state>`
  const withLocation = `<send event="'late'" delay="'10s'" idlocation="App['id']"/>`

  it.each([
    ['an id location', withLocation, `App['id']`],
    ['an id', `<send event="'late'" delay="wait" id="t1"/>`, 't1'],
    ['an id, in a branch', `<if cond="c"><send event="'late'" delay="'1s'" sendid="t1"/></if>`, 't1'],
  ])('with %s is reported', (_, send, id) => {
    expect(found(code, page(send)).map((line) => line.split(': ')[1])).toEqual([
      `the timer "${id}" is never cancelled, and only "a" takes its event "late"`,
    ])
  })

  it('also when another timer is the one that is cancelled', () => {
    const other = `<send event="'late'" delay="'10s'" idlocation="other"/><cancel sendid="other"/>`

    expect(found(code, page(withLocation + other))).toHaveLength(1)
  })

  it.each([
    ['a cancel names it', page(withLocation, `<onentry><cancel sendid="App['id']"/></onentry>`)],
    ['a cancel may mean any', page(withLocation, '<onentry><cancel sendid="copy"/></onentry>')],
    [
      'a cancel names its id',
      page(`<send event="'late'" delay="'1s'" id="t"/>`, `<onentry><cancel sendid="'t'"/></onentry>`),
    ],
    ['it has no id to cancel it by', page(`<send event="'late'" delay="'10s'"/>`)],
    ['it has no delay', page(`<send event="'late'" delay="'0s'" id="t"/>`)],
    ['it goes to another session', page(`<send event="'late'" delay="'1s'" id="t" target="other"/>`)],
    ['another state takes its event', page(withLocation, '<transition event="late" target="a"/>')],
    ['the state is left by its event only', page(withLocation).replace('event="hangup"', 'event="late" cond="c"')],
    ['send ids are compared', page(withLocation, '<transition event="x" cond="_event.sendid == 1"/>')],
  ])('nothing is said when %s', (_, body) => {
    expect(found(code, body)).toEqual([])
  })

  it('in W3C documents delay and id are literal', () => {
    const send = '<send event="late" delay="10s" id="t"/>'

    expect(found(code, page(send), w3c)).toHaveLength(1)
    expect(found(code, page(send, '<onentry><cancel sendid="t"/></onentry>'), w3c)).toEqual([])
  })

  it('a comment silences it', () => {
    expect(foundWithComment(code, page(withLocation), 'send')).toEqual([])
  })
})

describe('submits without a way on when nobody is found', () => {
  const code = 'SEG-DOC-037'
  const submit = `<queue:submit requestid="r" interactionid="i" timeout="10"><queue:targets><queue:targetid expr="'t'"/></queue:targets></queue:submit>`
  const done = '<transition event="queue.submit.done" target="b"/>'
  const page = (transitions: string, more = '<state id="b"/>'): string =>
    `<state id="a"><onentry>${submit}</onentry>${done}${transitions}</state>${more}`

  it.each([
    ['on entry', page('')],
    ['with other errors only', page('<transition event="error.dialog" target="b"/>')],
    ['in a branch', page('').replace(submit, `<if cond="c">${submit}</if>`)],
    ['in a transition', `<state id="a"><transition event="x" target="b">${submit}</transition></state><state id="b"/>`],
    ['with the transition only where its answer leads', page('', '<state id="b"><transition event="error"/></state>')],
  ])('%s are reported', (_, body) => {
    expect(found(code, body)).toHaveLength(1)
  })

  it.each(['error.queue.submit', 'error.queue.*', 'error', 'error.*', '*', 'x error.'])(
    '"%s" takes the failure',
    (event) => {
      expect(found(code, page(`<transition event="${event}" target="b"/>`))).toEqual([])
    },
  )

  it.each([
    ['the state around it', `<state id="o"><transition event="error" target="b"/>${page('')}</state>`],
    ['a state inside of it', page('<state id="i"><transition event="error" target="b"/></state>')],
    [
      'another region',
      `<parallel id="p"><state id="q">${page('')}</state><state id="h"><transition event="error"/></state></parallel>`,
    ],
    [
      'the state that waits',
      page(
        '<transition event="queue.submit.requestid" target="w"/>',
        '<state id="b"/><state id="w"><transition event="error" target="b"/></state>',
      ),
    ],
  ])('%s may take the failure', (_, body) => {
    expect(found(code, body)).toEqual([])
  })

  it('nothing is said about a fragment: the page around it may take the failure', () => {
    expect(found(code, `<!-- $$_MY_PREFIX_$$ -->${page('')}`)).toEqual([])
  })

  it('a comment silences it', () => {
    expect(foundWithComment(code, page(''), 'queue:submit')).toEqual([])
  })
})
