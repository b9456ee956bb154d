import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { check, wireDuplicates, type Evidence, type Finding } from './check.ts'
import type { SentEvent } from './clients.ts'
import type { SessionChain } from './read-states.ts'

function chainOf(...taken: string[]): SessionChain {
  return { taken, chain: taken.reduce((link, text) => createHash('md5').update(`${link}|${text}`).digest('hex'), '') }
}

function event(id: string, plan: Partial<SentEvent['plan']> = {}, session = 'A'): SentEvent {
  const [source = '', sequence] = id.split('.')
  return { plan: { id, ...plan }, source, sequence: Number(sequence), session }
}

function kinds(evidence: Partial<Evidence>): readonly Finding['kind'][] {
  return check({ sent: [], chains: new Map(), deliveries: [], ...evidence }).map(({ kind }) => kind)
}

describe('the comparison of what was acknowledged with what is stored', () => {
  it('finds nothing where everything is once and in order', () => {
    const sent = [
      event('s1.1', { put: true, armMs: 5 }),
      event('s1.2', { ask: true, cancel: 's1.1' }),
      event('s2.1', { tell: 'A' }, 'B'),
      event('s1.3', { armMs: 9 }),
    ]
    const chains = new Map([
      ['A', chainOf('s1.1', 's2.1:told', 's1.2', 's1.1:cancelled', 's1.2:answer', 's1.3', 's1.3:due')],
      ['B', chainOf('s2.1')],
    ])
    const deliveries = [
      { key: 'k1', name: 's1.1:put', life: 1 },
      { key: 'k2', name: 's1.2:ask', life: 1 },
      { key: 'k1', name: 's1.1:put', life: 2 },
    ]

    expect(kinds({ sent, chains, deliveries })).toEqual([])
    expect(wireDuplicates(deliveries)).toEqual([{ key: 'k1', name: 's1.1:put', life: 2 }])
  })

  it.each<[string, readonly SentEvent[], SessionChain, Finding['kind']]>([
    ['an event is not there', [event('s1.1')], chainOf(), 'lost'],
    ['an event is there twice', [event('s1.1')], chainOf('s1.1', 's1.1'), 'doubled'],
    ['an answer is not there', [event('s1.1', { armMs: 1 })], chainOf('s1.1'), 'lost'],
    [
      'a timer fires after it was cancelled',
      [event('s1.1', { armMs: 1 }), event('s1.2', { cancel: 's1.1' })],
      chainOf('s1.1', 's1.2', 's1.1:cancelled', 's1.1:due'),
      'doubled',
    ],
    ['events of a source change places', [event('s1.1'), event('s1.2')], chainOf('s1.2', 's1.1'), 'reordered'],
    ['there is something that nobody sent', [event('s1.1')], chainOf('s1.1', 's1.7'), 'phantom'],
    ['there is an error', [event('s1.1')], chainOf('s1.1', 'error:error.script'), 'phantom'],
    ['the chain is of other events', [event('s1.1')], { ...chainOf('s1.1'), chain: chainOf('s1.2').chain }, 'broken'],
  ])('sees that %s', (_, sent, chain, kind) => {
    expect(kinds({ sent, chains: new Map([['A', chain]]) })).toEqual([kind])
  })

  it('sees events between sessions in another order than planned', () => {
    const sent = [event('s1.1', { tell: 'B' }), event('s2.1', { tell: 'B' })]
    const chains = new Map([
      ['A', chainOf('s2.1', 's1.1')],
      ['B', chainOf('s1.1:told', 's2.1:told')],
    ])

    expect(kinds({ sent, chains })).toEqual(['reordered'])
  })

  it.each<[string, Evidence['deliveries'], Finding['kind']]>([
    ['was not performed', [], 'lost'],
    [
      'was performed under two keys',
      [
        { key: 'k1', name: 's1.1:put', life: 1 },
        { key: 'k2', name: 's1.1:put', life: 2 },
      ],
      'doubled',
    ],
    [
      'was performed and never planned',
      [
        { key: 'k1', name: 's1.1:put', life: 1 },
        { key: 'k2', name: 's1.2:put', life: 1 },
      ],
      'phantom',
    ],
  ])('sees that an effect %s', (_, deliveries, kind) => {
    const sent = [event('s1.1', { put: true })]

    expect(kinds({ sent, chains: new Map([['A', chainOf('s1.1')]]), deliveries })).toEqual([kind])
  })
})
