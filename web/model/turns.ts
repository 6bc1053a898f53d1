import type { Rotation, RotationIn } from '@/api/dutySettings'
import type { Cell } from '@/api/types'
import { instantOf } from './time'

export const KINDS: readonly Rotation['kind'][] = ['hourly', 'daily', 'weekly', 'monthly']
/** 0 is Monday, as the rules count. */
export const WEEK: readonly number[] = [0, 1, 2, 3, 4, 5, 6]

export interface WindowDraft {
  days: number[]
  start: string
  end: string
}

/** A rotation as it is filled in: one person after the other, or platoons. */
export interface RotationDraft {
  seat_id: number
  name: string
  kind: Rotation['kind']
  length: number
  from: string
  grouped: boolean
  persons: readonly number[]
  platoons: (readonly number[])[]
  on_days: number[]
  windows: WindowDraft[]
}

export const newWindow = (): WindowDraft => ({ days: [...WEEK], start: '20:00', end: '08:00' })

export const withDay = (days: readonly number[], day: number): number[] => (days.includes(day) ? days.filter((d) => d !== day) : [...days, day].sort((a, b) => a - b))

/** What the server is told; null while nobody takes turns or something is left out. */
export function rotationTold(draft: RotationDraft): RotationIn | null {
  const groups = draft.grouped ? draft.platoons.filter((p) => p.length > 0).map((p) => [...p]) : draft.persons.map((p) => [p])
  const starts_at = instantOf(draft.from)
  const whole = groups.length > 0 && starts_at !== null && draft.length >= 1 && draft.on_days.length > 0
  if (!whole || draft.windows.some((w) => w.days.length === 0 || w.start === '' || w.end === '')) return null
  const { seat_id, name, kind, length, windows } = draft
  return { seat_id, name, kind, length, starts_at, groups, on_days: draft.on_days.length === WEEK.length ? null : draft.on_days, windows }
}

export interface TurnLine {
  readonly starts_at: string
  readonly ends_at: string
  readonly persons: readonly number[]
}

/** Shifts of the same span in one line, in the order in which they begin. */
export function turnLines(cells: readonly Cell[]): TurnLine[] {
  const lines = new Map<string, { starts_at: string; ends_at: string; persons: number[] }>()
  for (const { starts_at, ends_at, person_id } of cells) {
    const key = `${starts_at} ${ends_at}`
    const line = lines.get(key) ?? { starts_at, ends_at, persons: [] }
    line.persons.push(person_id)
    lines.set(key, line)
  }
  return [...lines.values()]
}
