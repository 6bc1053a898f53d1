import type { Day } from '@/api/types'
import { weekdayOfDay } from './month'

/** A month of the year's picture: weeks from Monday, empty cells before its first day. */
export interface MonthPicture {
  readonly month: number
  /** How many cells stand empty before the first: 0 when it is a Monday. */
  readonly before: number
  readonly days: readonly Day[]
}

/** The twelve months of a year, from its days in order. */
export function monthsOf(days: readonly Day[]): MonthPicture[] {
  return Array.from({ length: 12 }, (_, i) => {
    const own = days.filter((d) => Number(d.on.slice(5, 7)) === i + 1)
    const first = own[0]
    return { month: i + 1, before: first === undefined ? 0 : (weekdayOfDay(first.on) + 6) % 7, days: own }
  })
}

export interface Span {
  readonly first: string
  readonly last: string | null
}

/** Whether a day lies in one of the spans; a span without a last day goes on. */
export const inSpan = (spans: readonly Span[], on: string): boolean => spans.some((s) => s.first <= on && (s.last === null || on <= s.last))

/** Whether the mark of a day stands in its cell: the state's holidays and worked week-ends, and all the county settled. */
export const marked = (day: Day): boolean => day.own || day.kind === 'statutory_holiday' || day.kind === 'makeup_workday'
