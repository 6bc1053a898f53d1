import { describe, expect, it } from 'vitest'
import type { Day } from '@/api/types'
import { inSpan, marked, monthsOf } from '@/model/yearCalendar'

const day = (on: string, kind: Day['kind'] = 'workday', own = false): Day => ({ on, kind, name_zh: '', name_en: '', known: true, own })

describe('the picture of a year', () => {
  it('begins its weeks on Monday', () => {
    // 1 June 2025 is a Sunday, 1 September 2025 a Monday.
    const months = monthsOf([day('2025-06-01', 'weekend'), day('2025-06-02'), day('2025-09-01')])
    expect(months).toHaveLength(12)
    expect(months[5]).toMatchObject({ month: 6, before: 6 })
    expect(months[5]?.days).toHaveLength(2)
    expect(months[8]?.before).toBe(0)
    expect(months[0]).toMatchObject({ month: 1, before: 0, days: [] })
  })

  it('shows a key period from its first day to its last, or on', () => {
    const spans = [{ first: '2025-06-10', last: '2025-06-12' }, { first: '2025-07-01', last: null }]
    expect(['2025-06-09', '2025-06-10', '2025-06-12', '2025-06-13', '2026-01-01'].map((on) => inSpan(spans, on))).toEqual([false, true, true, false, true])
  })

  it('marks what is out of the ordinary, and all the county settled', () => {
    expect([day('2025-10-01', 'statutory_holiday'), day('2025-09-28', 'makeup_workday'), day('2025-06-07', 'weekend'), day('2025-06-09'), day('2025-06-19', 'workday', true)].map(marked)).toEqual([true, true, false, false, true])
  })
})
