import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { daysOf, monthOf, nextHandover, patternIn, spanOn, WHOLE_DAY } from '@/model/month'
import { lastAt } from '@/model/ring'
import { dayOf, instantAt, instantOf, localInput, momentOf, setZone, shortDay, stamp, timeOfDay, weekdayOf } from '@/model/time'

/** The machine stands somewhere else in each case; only the county's zone counts. */
const MACHINES = ['America/New_York', 'Pacific/Kiritimati', 'UTC']
const before = process.env.TZ
const iso = (at: number): string => new Date(at).toISOString()

describe.each(MACHINES)('on a machine in %s', (machine) => {
  beforeEach(() => {
    process.env.TZ = machine
  })
  afterEach(() => {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  })

  test('times are shown and typed as the county has them', () => {
    setZone('Asia/Shanghai')
    const here = new Date('2026-12-01T08:00:00Z').getHours()
    expect(here).toBe({ 'America/New_York': 3, 'Pacific/Kiritimati': 22, UTC: 8 }[machine]) // the machine really stands there
    expect([timeOfDay('2026-11-30T23:30:05Z'), dayOf('2026-11-30T23:30:05Z'), shortDay('2026-11-30T16:00:00Z'), weekdayOf('2026-11-30T16:00:00Z')]).toEqual(['07:30:05', '2026-12-01', '12-01 00:00', 2])
    expect([localInput('2026-11-30T16:00:00Z'), instantOf('2026-12-01T00:00'), instantOf('')]).toEqual(['2026-12-01T00:00', '2026-11-30T16:00:00.000Z', null])
    expect(stamp('2026-11-30T16:00:00Z', Date.parse('2026-12-01T15:59:00Z'))).toBe('00:00:00')
  })

  test('a month, a day of duty and a shift are the county\'s', () => {
    setZone('Asia/Shanghai')
    expect(monthOf(Date.parse('2026-11-30T16:00:00Z'))).toBe('2026-12')
    const days = daysOf('2026-12')
    expect([days.length, iso(days[0]?.startMs ?? 0), iso(days[30]?.endMs ?? 0), days[0]?.weekday]).toEqual([31, '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', 2])
    expect(iso(nextHandover(Date.parse('2026-12-01T00:00:00Z')))).toBe('2026-12-02T00:00:00.000Z')
    expect(lastAt('23:50', Date.parse('2026-11-30T16:10:00Z'))).toBe('2026-11-30T15:50:00.000Z')
  })

  test('a day of duty is 23 or 25 hours long where clocks change, and its shifts follow the wall', () => {
    setZone('Europe/Berlin')
    const [spring, autumn] = [daysOf('2026-03')[27], daysOf('2026-10')[23]]
    if (spring === undefined || autumn === undefined) throw new Error('no such day')
    expect([spring.endMs - spring.startMs, autumn.endMs - autumn.startMs].map((ms) => ms / 3_600_000)).toEqual([23, 25])
    expect(spanOn(spring, { from: 12, hours: 12 })).toEqual({ starts_at: '2026-03-28T19:00:00.000Z', ends_at: '2026-03-29T06:00:00.000Z' })
    expect(spanOn(autumn, WHOLE_DAY)).toEqual({ starts_at: '2026-10-24T06:00:00.000Z', ends_at: '2026-10-25T07:00:00.000Z' })
    expect(patternIn(autumn, autumn.startMs, autumn.endMs)).toEqual({ from: 0, hours: 25 })
  })

  test.each([
    ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30:00.000Z'], // is skipped: as far behind the change
    ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'], // comes twice: the first
    ['Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00:00.000Z'],
    ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:30:00.000Z'],
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z'], // clocks change by half an hour
    ['Asia/Kathmandu', '2026-12-01T08:00', '2026-12-01T02:15:00.000Z'],
  ])('in %s %s is %s', (zone, typed, instant) => {
    setZone(zone)
    expect(momentOf(typed)).toBe(instant)
  })

  test('what is shown in a field and typed back is the same instant, except in the hour that comes twice', () => {
    for (const zone of ['Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe']) {
      setZone(zone)
      let differing = 0
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 1_800_000) if (momentOf(localInput(at)) !== iso(at)) differing++
      expect([zone, differing]).toEqual([zone, zone === 'Asia/Shanghai' ? 0 : zone === 'Australia/Lord_Howe' ? 1 : 2])
    }
  })

  test('days and hours may run over the end of a month', () => {
    setZone('Asia/Shanghai')
    expect([iso(instantAt(2026, 12, 32, 8)), iso(instantAt(2026, 12, 31, 32))]).toEqual(['2027-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'])
  })
})
