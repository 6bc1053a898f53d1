import type { ReportingCount } from '@/api/reporting'
import { stepMonth } from './month'

/** A month as a bar: in time below, late above; y grows downwards. */
export interface Bar {
  readonly month: string
  readonly due: number
  readonly inTime: number
  readonly late: number
  readonly x: number
  readonly width: number
  readonly inTimeY: number
  readonly inTimeHeight: number
  readonly lateY: number
  readonly lateHeight: number
}

export type MonthCount = Pick<ReportingCount, 'month' | 'due' | 'in_time' | 'late'>

export interface Frame {
  readonly width: number
  readonly height: number
  readonly edge: number
}

/** Every month of the period, also those in which nothing was due. */
export function everyMonth(told: readonly ReportingCount[], first: string, last: string): MonthCount[] {
  const known = new Map(told.map((c) => [c.month, c]))
  const all: MonthCount[] = []
  for (let m = first; m <= last && all.length < MOST_MONTHS; m = stepMonth(m, 1)) all.push(known.get(m) ?? { month: m, due: 0, in_time: 0, late: 0 })
  return all
}

const WIDEST = 64
const MOST_MONTHS = 24

/** The bars of months within a frame, the highest as high as the frame allows. */
export function bars(months: readonly MonthCount[], frame: Frame): Bar[] {
  const top = Math.max(1, ...months.map((m) => m.due))
  const room = frame.height - 2 * frame.edge
  const step = months.length > 0 ? (frame.width - 2 * frame.edge) / months.length : 0
  const width = Math.min(WIDEST, step * 0.6)
  const foot = frame.height - frame.edge
  return months.map((m, n) => {
    const inTimeHeight = (m.in_time / top) * room
    const lateHeight = (m.late / top) * room
    return {
      month: m.month ?? '',
      due: m.due,
      inTime: m.in_time,
      late: m.late,
      x: frame.edge + n * step + (step - width) / 2,
      width,
      inTimeY: foot - inTimeHeight,
      inTimeHeight,
      lateY: foot - inTimeHeight - lateHeight,
      lateHeight,
    }
  })
}

/** Minutes as people say them, one decimal where it is no whole number. */
export const minutesOf = (value: number | null): string => (value === null ? '' : String(Math.round(value * 10) / 10))

/** The share in time in percent; nothing due has none. */
export const shareInTime = (c: Pick<ReportingCount, 'due' | 'in_time'>): string => (c.due === 0 ? '' : `${Math.floor((c.in_time / c.due) * 100)}%`)
