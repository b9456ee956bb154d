import { expect, it } from 'vitest'
import { isSpecialDay } from '../src/calendars/special-days.ts'
import { dateInZone, dayInZone, timeInZone, zoneOf } from '../src/calendars/zones.ts'
import { configurationOf } from './contact-fixtures.ts'

const configuration = configurationOf(`
timeZones: [{ name: Clinic, zone: America/Los_Angeles }]
dayTables:
  - name: Holidays
    days: [{ date: 2024-01-15 }, { name: NewYear, date: 01-01 }, { name: Half, date: 2024-01-16, from: '12:00', to: '24:00' }]
`)
const night = Date.parse('2024-01-18T06:00:00Z')

it.each(['PST', 'America/Los_Angeles', 'Clinic', 'pst'])(
  'zone %s shows Wednesday night while it is Thursday in UTC',
  (zone) => {
    expect(dateInZone(configuration, zone, night)).toBe('2024-01-17')
    expect(timeInZone(configuration, zone, night)).toBe('22:00:00')
    expect(dayInZone(configuration, zone, night)).toBe(3)
  },
)

it('midnight is hour 00 of the new day', () => {
  expect(timeInZone(configuration, 'UTC', Date.parse('2024-01-18T00:00:00Z'))).toBe('00:00:00')
})

it.each(['ECT', 'CET', 'GMT', 'EST', 'CST', 'MST', 'UTC'])('zone %s of the reference is known', (zone) => {
  expect(zoneOf(configuration, zone)).toContain('/')
})

it.each(['Mars/Base', '', '__proto__', 'constructor'])('zone "%s" is not known', (zone) => {
  expect(() => dateInZone(configuration, zone, night)).toThrow('is not known')
})

it('a day of the table is special in its zone, by date, by name and by time', () => {
  const ask = (day: string, zone: string, useTime: boolean, at: string): boolean =>
    isSpecialDay(configuration, { table: 'Holidays', day, zone, useTime }, Date.parse(at))

  expect(ask('', 'PST', false, '2024-01-15T18:00:00Z')).toBe(true)
  expect(ask('', 'PST', false, '2024-01-15T06:00:00Z')).toBe(false)
  expect(ask('NewYear', '', false, '2031-01-01T10:00:00Z')).toBe(true)
  expect(ask('NewYear', '', false, '2024-01-15T10:00:00Z')).toBe(false)
  expect(ask('Half', '', true, '2024-01-16T11:59:59Z')).toBe(false)
  expect(ask('Half', '', true, '2024-01-16T23:59:59Z')).toBe(true)
})

it('an unknown table throws', () => {
  expect(() => isSpecialDay(configuration, { table: 'X', day: '', zone: '', useTime: false }, 0)).toThrow('"X"')
})
