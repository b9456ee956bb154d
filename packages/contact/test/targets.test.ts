import { describe, expect, it } from 'vitest'
import { parseConditions } from '../src/routing/conditions.ts'
import { matchesSkills, parseSkillExpression } from '../src/routing/skills.ts'
import { parseTargetId, parseTargets, splitTargetIds } from '../src/routing/targets.ts'

const matches = (text: string, skills: Record<string, number>): boolean => {
  const parsed = parseSkillExpression(text)
  if (!parsed.ok) throw new Error(parsed.reason)
  return matchesSkills(parsed.value, { skills, statistic: (name) => (name === 'StatAgentLoggedIn' ? 1 : undefined) })
}

describe('target texts', () => {
  it.each([
    ['Front@Stat.GA', { type: 'GA', name: 'Front', statServer: 'Stat' }],
    ['Harbor Front Desk@.ga', { type: 'GA', name: 'Harbor Front Desk', statServer: '' }],
    ['[60]A1@Stat.A', { type: 'A', name: 'A1', weight: 60 }],
    ['6510_SV7000@StatServer.Q', { type: 'Q', name: '6510_SV7000' }],
    ['Front.AG', { type: 'GA', name: 'Front', statServer: '' }],
    ['?Sales:Chat_SK>0@stat.GA', { type: 'GA', name: 'Sales', statServer: 'stat' }],
    ['?:English > 9@.GA', { type: 'GA', name: '', skill: { text: 'English > 9' } }],
    ['{StatCallsInQueue<10}[5]Front@s.GA', { weight: 5, threshold: { text: 'StatCallsInQueue<10' } }],
  ])('%s is understood', (text, expected) => {
    expect(parseTargetId(text)).toMatchObject({ ok: true, value: expected })
  })

  it.each([
    'Front',
    'Front@Stat.XX',
    '@Stat.GA',
    '{a<1 Front.GA',
    '[x]Front.GA',
    '?Front.GA',
    '?:English >@.GA',
    '',
    '?:@.GA',
  ])('"%s" is malformed', (text) => {
    expect(parseTargetId(text).ok).toBe(false)
  })

  it('commas inside of braces, parentheses and quotes do not split', () => {
    const text = '{sdata(G.GA, S)>acfgdata(a,b,c,2)}G@.GA, ?:"a,b">1@.GA,H@.GA'

    expect(splitTargetIds(text)).toEqual(['{sdata(G.GA, S)>acfgdata(a,b,c,2)}G@.GA', '?:"a,b">1@.GA', 'H@.GA'])
  })

  it('an element with a skill expression needs no type', () => {
    const element = { kind: 'target', type: '', name: 'G', statServer: '', weight: '', threshold: '' } as const

    expect(parseTargets([{ ...element, skillExpression: 'a>1' }])).toMatchObject({
      ok: true,
      targets: [{ type: 'GA' }],
    })
    expect(parseTargets([{ ...element, skillExpression: '' }])).toMatchObject({ ok: false })
  })
})

describe('skill expressions', () => {
  it.each([
    ['English > 5', { English: 6 }, true],
    ['English > 5', { English: 5 }, false],
    ['English < 3', {}, false],
    ['English != 3', {}, true],
    ['a > 5 | b = 7 & c > 3', { a: 6, c: 1 }, false],
    ['a > 5 | (b = 7 & c > 3)', { a: 6, c: 1 }, true],
    ['(a + b) * 2 >= 10', { a: 2, b: 3 }, true],
    ['"Two Words" = 1', { 'Two Words': 1 }, true],
    ['$(StatAgentLoggedIn)=1', {}, true],
    ['toString > 0', {}, false],
    ['a > -1', { a: 0 }, true],
  ])('%s with %o is %s', (text, skills, expected) => {
    expect(matches(text, skills)).toBe(expected)
  })

  it.each([
    '',
    'a',
    'a >',
    '> 1',
    'a > 1 &',
    '(a > 1',
    'a > 1)',
    'a > 1.5',
    'sdata(a,b) > 1',
    'a > 1; b',
    '('.repeat(200) + 'a>1',
    'a>1&'.repeat(5000),
  ])('a malformed expression is a reason, never an exception', (text) => {
    expect(parseSkillExpression(text).ok).toBe(false)
  })

  it('random text never throws', () => {
    const alphabet = 'ab1 ()&|<>=!$"+-*/,.{}@?:\u00e9\u0000'
    let state = 12345
    for (let round = 0; round < 5000; round++) {
      let text = ''
      for (let i = 0; i < 24; i++) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0
        text += alphabet[(state >>> 8) % alphabet.length] ?? ''
      }
      expect(() => [parseConditions(text), parseTargetId(text)]).not.toThrow()
    }
  })
})
