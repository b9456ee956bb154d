import { describe, expect, it } from 'vitest'
import { fillAddress } from '../src/centre/address-macros.ts'
import type { AddressFacts } from '../src/centre/address-macros.ts'

const facts: AddressFacts = {
  routingPoint: '4200',
  dnis: '+44 800',
  ani: '0171/23',
  collectedDigits: '12#',
  emailFrom: 'a@b.example',
  emailTo: 'desk@c.example,two@c.example',
  emailSubject: 'a & b?',
  userData: { n1: 'v1', 'n 2': 'v&2', list: { a: 'x' }, three: 3 },
}

describe('scxml-dialect 11: URL macros', () => {
  it.each([
    ['[DNIS]', '%2B44%20800'],
    ['[ANI]', '0171%2F23'],
    ['[DN]', '4200'],
    ['[CED]', '12%23'],
    ['[EMAILFROM]', 'a%40b.example'],
    ['[EMAILTO]', 'desk%40c.example%2Ctwo%40c.example'],
    ['[EMAILSUBJECT]', 'a%20%26%20b%3F'],
    ['[UDATA.n1]', 'v1'],
    ['[UDATA.n%202]', 'v%262'],
    ['[UDATA.n 2]', 'v%262'],
    ['[UDATA.missing]', ''],
    ['[UDATA.list]', ''],
    ['[UDATA.__proto__]', ''],
    ['[UDATA.*]', 'n1:v1,n%202:v%262,three:3'],
  ])('%s is %s', (macro, value) => {
    expect(fillAddress(`http://apps.example/a.scxml?x=${macro}&y=1`, facts)).toBe(
      `http://apps.example/a.scxml?x=${value}&y=1`,
    )
  })

  it('"`[UDATA]` (`n1=v1&n2=v2`)" is the query itself', () => {
    const { searchParams } = new URL(fillAddress('http://apps.example/a.scxml?[UDATA]', facts))

    expect([...searchParams]).toEqual([
      ['n1', 'v1'],
      ['n 2', 'v&2'],
      ['three', '3'],
    ])
  })

  it('several macros, also in the path; other brackets stay', () => {
    expect(fillAddress('http://apps.example/[DN]/[DNIS].scxml?[OTHER]=[DN]', facts)).toBe(
      'http://apps.example/4200/%2B44%20800.scxml?[OTHER]=4200',
    )
  })

  it.each([['..'], ['.'], ['../../etc'], ['x/../..'], ['%2e%2e'], ['\\..\\'], ['a\nb'], ['\ud800'], ["'"]])(
    'a caller called %j does not leave the path',
    (dnis) => {
      const filled = new URL(fillAddress('http://apps.example/site/[DNIS]/a.scxml', { ...facts, dnis }))

      expect(filled.host).toBe('apps.example')
      expect(filled.pathname).toMatch(/^\/site\/[^/]*\/a\.scxml$/)
      expect(filled.search).toBe('')
    },
  )

  it('two values cannot make a step upwards together', () => {
    const hostile = { ...facts, dnis: '.', ani: '.' }

    expect(fillAddress('http://apps.example/site/[DNIS][ANI]/a.scxml', hostile)).toBe(
      'http://apps.example/site//a.scxml',
    )
  })

  it('what callers give is bounded', () => {
    const userData = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`n${n}`, 'v'.repeat(1_000)]))
    const hostile = { ...facts, dnis: 'd'.repeat(10_000), userData }

    expect(fillAddress('http://apps.example/a?[DNIS]', hostile)).toHaveLength('http://apps.example/a?'.length + 255)
    const filled = new URL(fillAddress('http://apps.example/a?[UDATA]', hostile))
    expect(filled.search.length).toBeLessThanOrEqual(4_001)
    expect([...filled.searchParams.values()].every((value) => value.length === 255)).toBe(true)
  })
})
