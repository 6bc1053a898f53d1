import type { Cell, Finding, Override, Seat, Temporary } from '@/api/types'
import { dayAt, patternIn, samePattern, spanOn, WHOLE_DAY, type DutyDay, type Pattern } from './month'
import { ms } from './time'

const HOUR_MS = 3_600_000
const NIGHT_H = [16, 22] as const // midnight to six, counted from eight (R20)

/** One cell of the board: a seat on a day of duty. */
export interface Place {
  readonly seat: number
  readonly day: number
}

export const samePlace = (a: Place | null, b: Place | null): boolean => a !== null && b !== null && a.seat === b.seat && a.day === b.day
const key = (p: Place): string => `${p.seat} ${p.day}`

/** The same shift, however the instant is written. */
export const cellKey = (c: Cell): string => `${c.seat_id} ${c.person_id} ${ms(c.starts_at)} ${ms(c.ends_at)}`

export const placeOf = (days: readonly DutyDay[], cell: { seat_id: number; starts_at: string }): Place | null => {
  const day = dayAt(days, ms(cell.starts_at))
  return day === null ? null : { seat: cell.seat_id, day }
}

/** Cells by their place, in the order of their beginning. */
export function board(cells: readonly Cell[], days: readonly DutyDay[]): ReadonlyMap<string, readonly Cell[]> {
  const found = new Map<string, Cell[]>()
  for (const cell of [...cells].sort((a, b) => ms(a.starts_at) - ms(b.starts_at) || a.person_id - b.person_id)) {
    const place = placeOf(days, cell)
    if (place === null) continue
    const at = found.get(key(place))
    if (at === undefined) found.set(key(place), [cell])
    else at.push(cell)
  }
  return found
}

export const at = <T>(map: ReadonlyMap<string, readonly T[]>, place: Place): readonly T[] => map.get(key(place)) ?? []

const inPlace = (days: readonly DutyDay[], place: Place) => (cell: Cell): boolean => samePlace(placeOf(days, cell), place)

/** How shifts of a seat usually lie in the day: what most of its cells do. */
export function usualPattern(cells: readonly Cell[], days: readonly DutyDay[], seat: number): Pattern {
  const counted: { pattern: Pattern; n: number }[] = []
  for (const cell of cells) {
    const day = days[placeOf(days, cell)?.day ?? -1]
    if (cell.seat_id !== seat || day === undefined) continue
    const pattern = patternIn(day, ms(cell.starts_at), ms(cell.ends_at))
    const known = counted.find((c) => samePattern(c.pattern, pattern))
    if (known === undefined) counted.push({ pattern, n: 1 })
    else known.n += 1
  }
  return counted.reduce((best, c) => (c.n > best.n ? c : best), { pattern: WHOLE_DAY, n: 0 }).pattern
}

const overlaps = (a: Cell, b: Cell): boolean => ms(a.starts_at) < ms(b.ends_at) && ms(b.starts_at) < ms(a.ends_at)

/** Put a person on a seat: who has it alone gives way, otherwise there is one more. */
export function put(cells: readonly Cell[], days: readonly DutyDay[], seat: Pick<Seat, 'id' | 'needed'>, day: number, person: number, pattern: Pattern): readonly Cell[] {
  const on = days[day]
  if (on === undefined) return cells
  const added: Cell = { seat_id: seat.id, person_id: person, ...spanOn(on, pattern) }
  const here = inPlace(days, { seat: seat.id, day })
  const kept = cells.filter((c) => !(here(c) && overlaps(c, added) && (c.person_id === person || seat.needed <= 1)))
  return [...kept, added]
}

export const drop = (cells: readonly Cell[], gone: Cell): readonly Cell[] => cells.filter((c) => cellKey(c) !== cellKey(gone))

export const clear = (cells: readonly Cell[], days: readonly DutyDay[], place: Place): readonly Cell[] => {
  const here = inPlace(days, place)
  return cells.filter((c) => !here(c))
}

/** Move a cell to another place at the same hours; who has a seat alone there comes back in exchange. */
export function move(cells: readonly Cell[], days: readonly DutyDay[], cell: Cell, seat: Pick<Seat, 'id' | 'needed'>, day: number): readonly Cell[] {
  const from = placeOf(days, cell)
  const [fromDay, toDay] = [days[from?.day ?? -1], days[day]]
  if (from === null || fromDay === undefined || toDay === undefined || samePlace(from, { seat: seat.id, day })) return cells
  const pattern = patternIn(fromDay, ms(cell.starts_at), ms(cell.ends_at))
  const moved: Cell = { ...cell, seat_id: seat.id, ...spanOn(toDay, pattern) }
  const there = inPlace(days, { seat: seat.id, day })
  const others = drop(cells, cell)
  const yielding = seat.needed <= 1 ? others.filter((c) => there(c) && overlaps(c, moved)) : others.filter((c) => there(c) && c.person_id === cell.person_id)
  const back = yielding
    .filter((c) => c.person_id !== cell.person_id)
    .map((c) => ({ ...c, seat_id: from.seat, ...spanOn(fromDay, patternIn(toDay, ms(c.starts_at), ms(c.ends_at))) }))
  return [...others.filter((c) => !yielding.includes(c)), ...back, moved]
}

/** Everybody of one day on another, in place of whoever is there. */
export function pasteDay(cells: readonly Cell[], days: readonly DutyDay[], from: number, to: number): readonly Cell[] {
  const [source, target] = [days[from], days[to]]
  if (source === undefined || target === undefined || from === to) return cells
  const copied = cells
    .filter((c) => placeOf(days, c)?.day === from)
    .map((c) => ({ ...c, ...spanOn(target, patternIn(source, ms(c.starts_at), ms(c.ends_at))) }))
  return [...cells.filter((c) => placeOf(days, c)?.day !== to), ...copied]
}

/** What one list of cells has and another has not, by place. */
export function differences(cells: readonly Cell[], published: readonly Cell[], days: readonly DutyDay[]): { added: ReadonlyMap<string, readonly Cell[]>; dropped: ReadonlyMap<string, readonly Cell[]>; count: number } {
  const [mine, theirs] = [new Set(cells.map(cellKey)), new Set(published.map(cellKey))]
  const added = cells.filter((c) => !theirs.has(cellKey(c)))
  const dropped = published.filter((c) => !mine.has(cellKey(c)))
  return { added: board(added, days), dropped: board(dropped, days), count: added.length + dropped.length }
}

export interface Load {
  readonly shifts: number
  readonly nights: number
  readonly holidays: number
}

const NO_LOAD: Load = { shifts: 0, nights: 0, holidays: 0 }
export const loadOf = (loads: ReadonlyMap<number, Load>, person: number): Load => loads.get(person) ?? NO_LOAD

/** How much each person carries: shifts, nights among them, and days off among them. Reserve duty counts too. */
export function loads(cells: readonly Cell[], days: readonly DutyDay[]): ReadonlyMap<number, Load> {
  const found = new Map<number, Load>()
  for (const cell of cells) {
    const day = days[placeOf(days, cell)?.day ?? -1]
    if (day === undefined) continue
    const from = (ms(cell.starts_at) - day.startMs) / HOUR_MS
    const to = (ms(cell.ends_at) - day.startMs) / HOUR_MS
    const night = from < NIGHT_H[1] && to > NIGHT_H[0]
    const so = loadOf(found, cell.person_id)
    found.set(cell.person_id, { shifts: so.shifts + 1, nights: so.nights + (night ? 1 : 0), holidays: so.holidays + (day.off ? 1 : 0) })
  }
  return found
}

/** Where a finding is seen: at its seat, or at a seat that its person holds then. */
export function placeOfFinding(finding: Finding, cells: readonly Cell[], days: readonly DutyDay[]): Place | null {
  const [from, to] = [finding.starts_at === null ? null : ms(finding.starts_at), finding.ends_at === null ? Infinity : ms(finding.ends_at)]
  const held = cells.find((c) => c.person_id === finding.person_id && (from === null || (ms(c.starts_at) < to && ms(c.ends_at) > from)) && (finding.seat_id === null || c.seat_id === finding.seat_id))
  if (finding.seat_id === null || from === null) return held === undefined ? null : placeOf(days, held)
  const day = dayAt(days, Math.max(from, days[0]?.startMs ?? from))
  return day === null ? null : { seat: finding.seat_id, day }
}

export const gravest = (findings: readonly Finding[]): Finding['severity'] | null =>
  (['block', 'red', 'amber', 'warn'] as const).find((s) => findings.some((f) => f.severity === s)) ?? null

/** Findings by the place at which they are seen. */
export function findingsByPlace(findings: readonly Finding[], cells: readonly Cell[], days: readonly DutyDay[]): ReadonlyMap<string, readonly Finding[]> {
  const found = new Map<string, Finding[]>()
  for (const finding of findings) {
    const place = placeOfFinding(finding, cells, days)
    if (place !== null) found.set(key(place), [...(found.get(key(place)) ?? []), finding])
  }
  return found
}

interface Change {
  seat_id: number
  starts_at: string
  ends_at: string
  revoked_at: string | null
}

/** Changes for a while that hold and touch a place. */
export const changesAt = <T extends Change>(changes: readonly T[], days: readonly DutyDay[], place: Place): T[] => {
  const day = days[place.day]
  return day === undefined ? [] : changes.filter((c) => c.revoked_at === null && c.seat_id === place.seat && ms(c.starts_at) < day.endMs && ms(c.ends_at) > day.startMs)
}

/** Red findings that a planner has to answer for, by code. */
export function toAccept(findings: readonly Finding[]): { code: string; findings: Finding[] }[] {
  const red = findings.filter((f) => f.severity === 'red')
  return [...new Set(red.map((f) => f.code))].map((code) => ({ code, findings: red.filter((f) => f.code === code) }))
}

export type AnyChange = Override | Temporary

/** What a seat has on a day: shifts that begin then, those that run on from before, and how many it lacks. */
export interface SeatDay {
  readonly own: readonly Cell[]
  readonly running: readonly Cell[]
  readonly lack: number
}

export function seatDays(cells: readonly Cell[], days: readonly DutyDay[], seat: Pick<Seat, 'id' | 'needed'>): readonly SeatDay[] {
  const mine = cells.filter((c) => c.seat_id === seat.id)
  return days.map((day) => {
    const touching = mine.filter((c) => ms(c.starts_at) < day.endMs && ms(c.ends_at) > day.startMs)
    const covered = touching.reduce((sum, c) => sum + Math.min(ms(c.ends_at), day.endMs) - Math.max(ms(c.starts_at), day.startMs), 0)
    const length = day.endMs - day.startMs
    return {
      own: touching.filter((c) => ms(c.starts_at) >= day.startMs).sort((a, b) => ms(a.starts_at) - ms(b.starts_at) || a.person_id - b.person_id),
      running: touching.filter((c) => ms(c.starts_at) < day.startMs),
      lack: Math.max(0, Math.ceil((seat.needed * length - covered) / length - 0.001)),
    }
  })
}
