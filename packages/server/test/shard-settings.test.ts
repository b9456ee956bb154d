import { expect, it } from 'vitest'
import { traceLevelOf } from '../src/shard-settings.ts'

it('the trace level of an application holds for its address with macros filled', () => {
  const replica = {
    applications: [
      { url: 'http://a.example/x?d=[DNIS]&e=1', trace: 'full' },
      { url: 'http://a.example/y', trace: 'off' },
    ],
  }

  expect(traceLevelOf(replica, 'http://a.example/x?d=4200&e=1')).toBe('full')
  expect(traceLevelOf(replica, 'http://a.example/y')).toBe('off')
  expect(traceLevelOf(replica, 'http://a.example/x?d=&e=2')).toBe('outcome')
  expect(traceLevelOf(replica, 'http://a.example/x?e=1')).toBe('outcome')
})
