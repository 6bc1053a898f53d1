import { describe, expect, it } from 'vitest'
import { isWhole, parseWhen, shownWhen, stepDays, stepMonths, weeksOf } from '@/model/when'

const NOW = '2026-11-28T14:05:09' // a Saturday

describe('a time is typed', () => {
  it.each([
    ['2026-11-28T08:30', '2026-11-28T08:30'],
    ['2026-11-28 08:30', '2026-11-28T08:30'],
    ['2026-11-28T08:30:59', '2026-11-28T08:30'],
    ['1405', '2026-11-28T14:05'],
    ['905', '2026-11-28T09:05'],
    ['14:5', '2026-11-28T14:05'],
    ['14：05', '2026-11-28T14:05'],
    ['１４０５', '2026-11-28T14:05'],
    ['1128 1405', '2026-11-28T14:05'],
    ['11-29 8', '2026-11-29T08:00'],
    ['202611281405', '2026-11-28T14:05'],
    ['2026/11/28 14:05', '2026-11-28T14:05'],
    ['2026年11月28日14时05分', '2026-11-28T14:05'],
    ['11月29日 8点', '2026-11-29T08:00'],
    ['昨天 2330', '2026-11-27T23:30'],
    ['明天8:00', '2026-11-29T08:00'],
    ['tomorrow 0800', '2026-11-29T08:00'],
    ['0102 0800', '2027-01-02T08:00'], // the nearest second of January is ahead
    ['now', '2026-11-28T14:05'],
    ['今天', '2026-11-28T14:05'],
    ['+30', '2026-11-28T14:35'],
    ['-2h', '2026-11-28T12:05'],
    ['+2小时', '2026-11-28T16:05'],
    ['+1天', '2026-11-29T14:05'],
    ['+1440', '2026-11-29T14:05'],
  ])('%s is %s', (typed, at) => {
    expect(parseWhen(typed, 'datetime-local', NOW)).toBe(at)
  })

  it.each(['14', '2405', '1461', '2026-11-28', '明天', '2026-02-30 08:00', '1128 1405 1', '202611281405 1', 'noon', '1', '28 1405'])('%s is not understood', (typed) => {
    expect(parseWhen(typed, 'datetime-local', NOW)).toBeNull()
  })

  it('without a day', () => {
    expect(['1405', '14:05:30', '140530', '+30', '8时', '1128 1405', '25:00'].map((typed) => parseWhen(typed, 'time', NOW))).toEqual(['14:05', '14:05', '14:05', '14:35', '08:00', null, null])
    expect(['140530', '1405', 'now'].map((typed) => parseWhen(typed, 'time', NOW, true))).toEqual(['14:05:30', '14:05:00', '14:05:09'])
  })
})

describe('a day is typed', () => {
  it.each([
    ['2026-11-28', '2026-11-28'],
    ['20261128', '2026-11-28'],
    ['2026年1月2日', '2026-01-02'],
    ['1128', '2026-11-28'],
    ['1/2', '2027-01-02'],
    ['0601', '2026-06-01'],
    ['5', '2026-11-05'],
    ['今天', '2026-11-28'],
    ['后天', '2026-11-30'],
    ['+3', '2026-12-01'],
    ['0229', null], // neither this year nor its neighbours have one
    ['1131', null],
    ['2026-13-01', null],
    ['1128 1405', null],
  ])('%s is %s', (typed, day) => {
    expect(parseWhen(typed, 'date', NOW)).toBe(day)
  })

  it('or a month', () => {
    expect(['2026-11', '202611', '2026年3月', '3', '本月', '+1', '13', '1128'].map((typed) => parseWhen(typed, 'month', NOW))).toEqual(['2026-11', '2026-11', '2026-03', '2026-03', '2026-11', '2026-12', null, null])
  })
})

describe('the calendar', () => {
  it('begins its weeks on Monday and fills six', () => {
    const weeks = weeksOf('2026-11')
    expect([weeks.length, weeks[0]?.[0], weeks[0]?.[6], weeks[5]?.[6]]).toEqual([6, '2026-10-26', '2026-11-01', '2026-12-06'])
  })

  it('steps over the ends of months and years', () => {
    expect([stepDays('2026-12-31', 1), stepMonths('2026-01-31', 1), stepMonths('2024-02-29', 12), stepMonths('2026-11-28', -11)]).toEqual(['2027-01-01', '2026-02-28', '2025-02-28', '2025-12-28'])
  })

  it('what is shown is what may be typed again', () => {
    for (const value of ['2026-11-28T14:05', '2026-01-01T00:00']) expect(parseWhen(shownWhen(value), 'datetime-local', NOW)).toBe(value)
    expect([isWhole('1128 1405', 'datetime-local'), isWhole('2026-11-28 14:05', 'datetime-local'), isWhole('2026-11-2', 'date')]).toEqual([false, true, false])
  })
})
