import type { TemporaryIn } from '@/api/dutySettings'
import { instantOf } from './time'

/** A temporary schedule as it is filled in; times as a field of days and times writes them. */
export interface TemporaryDraft {
  seat_id: number
  from: string
  to: string
  reason: string
  shifts: { person: string; from: string; to: string }[]
}

/** Most shifts that are filled in at once. */
const MOST = 500

/** A wall-clock time so many hours on. */
export const hoursOn = (local: string, hours: number): string => new Date(Date.parse(`${local}:00Z`) + hours * 3_600_000).toISOString().slice(0, 16)

/** The span cut into shifts of some hours on the wall, so many persons at once, one after the other; the last ends with the span. */
export function inTurn(from: string, to: string, persons: readonly number[], hours: number, atOnce: number): TemporaryDraft['shifts'] {
  const shifts: TemporaryDraft['shifts'] = []
  if (persons.length === 0 || hours <= 0 || from === '' || to === '') return shifts
  const many = Math.max(1, Math.min(atOnce, persons.length))
  for (let at = from; at < to && shifts.length < MOST; at = hoursOn(at, hours)) {
    const end = hoursOn(at, hours)
    for (let k = 0; k < many; k++) shifts.push({ person: String(persons[shifts.length % persons.length]), from: at, to: end < to ? end : to })
  }
  return shifts
}

/** What the server is told; null while a time or a person is missing. */
export function temporaryTold(draft: TemporaryDraft): TemporaryIn | null {
  const [starts_at, ends_at] = [instantOf(draft.from), instantOf(draft.to)]
  if (starts_at === null || ends_at === null) return null
  const shifts = draft.shifts.map((s) => ({ person_id: Number(s.person), starts_at: instantOf(s.from), ends_at: instantOf(s.to) }))
  const whole = shifts.filter((s): s is { person_id: number; starts_at: string; ends_at: string } => s.person_id > 0 && s.starts_at !== null && s.ends_at !== null)
  return whole.length < shifts.length ? null : { seat_id: draft.seat_id, starts_at, ends_at, reason: draft.reason, shifts: whole }
}
