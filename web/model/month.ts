import type { Day } from '@/api/types'
import { dayOf, instantAt, wallAt } from './time'

/** The day of duty begins at eight (R7). */
export const HANDOVER_H = 8
const HOUR_MS = 3_600_000

const two = (n: number): string => String(n).padStart(2, '0')

/** A day of duty of a month's board: from eight to eight. */
export interface DutyDay {
  readonly n: number
  readonly iso: string
  readonly weekday: number
  readonly startMs: number
  readonly endMs: number
  readonly off: boolean
  readonly holiday: boolean
  /** What the calendar calls it when it is no ordinary day. */
  readonly name: { zh: string; en: string } | null
}

export const isMonth = (text: string): boolean => /^20\d\d-(0[1-9]|1[0-2])$/.test(text)

export const monthOf = (at: number): string => {
  return dayOf(at).slice(0, 7)
}

export function stepMonth(month: string, by: number): string {
  const [year = 2000, m = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, m - 1 + by, 15)).toISOString().slice(0, 7)
}

const eight = (year: number, month: number, day: number): number => instantAt(year, month, day, HANDOVER_H)

/** The weekday of a date `2026-12-01`, 0 is Sunday, wherever the screen stands. */
export const weekdayOfDay = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay()

/** The first hand-over after an instant. */
export function nextHandover(at: number): number {
  const t = wallAt(at)
  const day = (by: number): number => eight(t.getUTCFullYear(), t.getUTCMonth() + 1, t.getUTCDate() + by)
  return day(0) > at ? day(0) : day(1)
}

/** The days of a month; the calendar says which are free, and week-ends are when it says nothing. */
export function daysOf(month: string, calendar: readonly Day[] = []): DutyDay[] {
  const [year = 2000, m = 1] = month.split('-').map(Number)
  const known = new Map(calendar.map((d) => [d.on, d]))
  return Array.from({ length: new Date(Date.UTC(year, m, 0)).getUTCDate() }, (_, i) => {
    const iso = `${month}-${two(i + 1)}`
    const weekday = weekdayOfDay(iso)
    const kind = known.get(iso)?.kind ?? (weekday === 0 || weekday === 6 ? 'weekend' : 'workday')
    const special = kind === 'statutory_holiday' || kind === 'makeup_workday' ? known.get(iso) : undefined
    return {
      n: i,
      iso,
      weekday,
      startMs: eight(year, m, i + 1),
      endMs: eight(year, m, i + 2),
      off: kind === 'weekend' || kind === 'statutory_holiday',
      holiday: kind === 'statutory_holiday',
      name: special === undefined ? null : { zh: special.name_zh, en: special.name_en },
    }
  })
}

/** The number of the day of duty that an instant belongs to; null outside the month. */
export function dayAt(days: readonly DutyDay[], at: number): number | null {
  const found = days.find((d) => d.startMs <= at && at < d.endMs)
  return found === undefined ? null : found.n
}

/** When within the day of duty a shift begins, and how long it lasts, in hours. */
export interface Pattern {
  readonly from: number
  readonly hours: number
}

export const WHOLE_DAY: Pattern = { from: 0, hours: 24 }
export const PATTERNS: readonly Pattern[] = [WHOLE_DAY, { from: 0, hours: 12 }, { from: 12, hours: 12 }, { from: 0, hours: 8 }, { from: 8, hours: 8 }, { from: 16, hours: 8 }]

export const samePattern = (a: Pattern, b: Pattern): boolean => a.from === b.from && a.hours === b.hours

/** `08–08`, `20–08`. */
export function patternText(p: Pattern): string {
  const at = (h: number): string => two((HANDOVER_H + h) % 24)
  return `${at(p.from)}–${at(p.from + p.hours)}`
}

/** The instants of a pattern on a day; where clocks change, the wall clock counts. */
export function spanOn(day: DutyDay, p: Pattern): { starts_at: string; ends_at: string } {
  const start = wallAt(day.startMs)
  const at = (h: number): string => new Date(instantAt(start.getUTCFullYear(), start.getUTCMonth() + 1, start.getUTCDate(), HANDOVER_H, h * 60)).toISOString()
  return { starts_at: at(p.from), ends_at: at(p.from + p.hours) }
}

export function patternIn(day: DutyDay, startMs: number, endMs: number): Pattern {
  return { from: Math.round(((startMs - day.startMs) / HOUR_MS) * 100) / 100, hours: Math.round(((endMs - startMs) / HOUR_MS) * 100) / 100 }
}
