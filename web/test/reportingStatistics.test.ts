import { describe, expect, it } from 'vitest'
import type { ReportingCount } from '@/api/reporting'
import type { Event } from '@/api/events'
import { movesDues } from '@/model/reporting'
import { bars, everyMonth, minutesOf, shareInTime } from '@/model/reportingStatistics'

const FRAME = { width: 400, height: 120, edge: 20 }

function month(name: string, inTime: number, late: number): ReportingCount {
  return {
    node: null,
    region_code: '',
    name_zh: '',
    name_en: '',
    month: name,
    due: inTime + late,
    in_time: inTime,
    late,
    disputed: 0,
    unmade: 0,
    average_delay_min: null,
    longest_delay_min: null,
    first_reports: 0,
    first_p50_s: null,
    first_p90_s: null,
    written: 0,
    returns: 0,
    oral_consents: 0,
    corrections: 0,
  }
}

describe('the bars of the statistics of reporting', () => {
  it('stand on the axis, what was late on top of what was in time', () => {
    const [june, july] = bars([month('2025-06', 3, 1), month('2025-07', 0, 2)], FRAME)
    expect(june?.inTimeY).toBe(40)
    expect(june?.inTimeHeight).toBe(60)
    expect(june?.lateY).toBe(20)
    expect((june?.lateHeight ?? 0) + (june?.lateY ?? 0)).toBe(june?.inTimeY)
    expect([july?.inTimeHeight, july?.lateHeight, july?.lateY]).toEqual([0, 40, 60])
    expect((june?.x ?? 0) + (june?.width ?? 0)).toBeLessThan(july?.x ?? 0)
  })

  it('stand for every month of the period', () => {
    const told = everyMonth([month('2025-12', 3, 1)], '2025-11', '2026-02')
    expect(told.map((m) => [m.month, m.due])).toEqual([['2025-11', 0], ['2025-12', 4], ['2026-01', 0], ['2026-02', 0]])
  })

  it('are none without months and flat where nothing was due', () => {
    expect(bars([], FRAME)).toEqual([])
    expect(bars([month('2025-06', 0, 0)], FRAME)[0]?.lateY).toBe(100)
  })
})

describe('the figures of the statistics of reporting', () => {
  it('leave out what was not measured', () => {
    expect([minutesOf(null), minutesOf(30), minutesOf(7.25)]).toEqual(['', '30', '7.3'])
    expect([shareInTime({ due: 0, in_time: 0 }), shareInTime({ due: 3, in_time: 2 }), shareInTime({ due: 2, in_time: 2 })]).toEqual(['', '66%', '100%'])
  })
})

describe('deadlines are read anew', () => {
  it('after what an incident or a report did, and after nothing else', () => {
    const kinds = ['incident.amended', 'report.late', 'alarm.confirmed', 'intake.opened', 'alarm.raised', 'order.issued']
    expect(kinds.map((type) => movesDues({ type } as Event))).toEqual([true, true, true, true, false, false])
  })
})
