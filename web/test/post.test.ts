import { expect, test } from 'vitest'
import type { Seat } from '@/api/types'
import { inTurn, temporaryTold } from '@/model/temporary'
import { rotationTold, turnLines, WEEK, withDay, type RotationDraft } from '@/model/turns'
import { ended, manned, moved, withSeat } from '@/model/post'

const seat = (role: Seat['role'], more: Partial<Seat> = {}): Seat => ({ id: 1, role, needed: 1, mode: 'on_site', days: 'always', qualification: '', ordinal: 0, deputies: [], ...more })

test('one is moved within a list, forwards, backwards and nowhere', () => {
  expect(moved([1, 2, 3], 0, 2)).toEqual([2, 3, 1])
  expect(moved([1, 2, 3], 2, 0)).toEqual([3, 1, 2])
  expect(moved([1, 2, 3], 1, 1)).toEqual([1, 2, 3])
})

test('a seat takes the place of its kind, a new kind stands last, ended ones are not told', () => {
  const seats = [seat('leader_in_charge', { deputies: [7] }), seat('clerk', { needed: 0 }), seat('duty_officer')]
  expect(withSeat(seats, { role: 'duty_officer', needed: 3 }).map((s) => [s.role, s.needed])).toEqual([['leader_in_charge', 1], ['duty_officer', 3]])
  const more = withSeat(seats, { role: 'clerk', needed: 2 })
  expect(more.map((s) => s.role)).toEqual(['leader_in_charge', 'duty_officer', 'clerk'])
  expect(more[0]?.deputies).toEqual([7])
  expect([manned(seats).length, ended(seats).length]).toEqual([2, 1])
})

const draft: RotationDraft = { seat_id: 4, name: '', kind: 'daily', length: 1, from: '2026-12-01T08:00', grouped: false, persons: [7, 8], platoons: [[7, 8], [], [9]], on_days: [...WEEK], windows: [] }

test('persons are groups of one, empty platoons are left out, all days of the week are no choice of days', () => {
  expect(rotationTold(draft)).toMatchObject({ groups: [[7], [8]], on_days: null })
  expect(rotationTold({ ...draft, grouped: true, on_days: [0, 4] })).toMatchObject({ groups: [[7, 8], [9]], on_days: [0, 4] })
})

test('nothing is told while something is missing', () => {
  for (const less of [{ persons: [] }, { from: '' }, { on_days: [] }, { length: 0 }, { windows: [{ days: [], start: '20:00', end: '08:00' }] }]) expect(rotationTold({ ...draft, ...less })).toBeNull()
})

test('shifts of one span stand in one line; days are switched on and off in order', () => {
  const cell = (person_id: number, starts_at: string) => ({ seat_id: 1, person_id, starts_at, ends_at: `${starts_at}+` })
  expect(turnLines([cell(1, 'a'), cell(2, 'a'), cell(3, 'b')]).map((l) => l.persons)).toEqual([[1, 2], [3]])
  expect([withDay([0, 4], 2), withDay([0, 4], 4)]).toEqual([[0, 2, 4], [0]])
})

test('a span is cut into shifts on the wall, so many at once in turn, and the last ends with the span', () => {
  const shifts = inTurn('2026-12-01T08:00', '2026-12-02T14:00', [7, 8, 9], 12, 2)
  expect(shifts.map((s) => `${s.person} ${s.from.slice(8)}–${s.to.slice(8)}`)).toEqual(['7 01T08:00–01T20:00', '8 01T08:00–01T20:00', '9 01T20:00–02T08:00', '7 01T20:00–02T08:00', '8 02T08:00–02T14:00', '9 02T08:00–02T14:00'])
  expect([inTurn('2026-12-01T08:00', '2026-12-02T08:00', [], 12, 1), inTurn('', '2026-12-02T08:00', [7], 12, 1)]).toEqual([[], []])
  expect(inTurn('2026-12-01T08:00', '2046-12-01T08:00', [7], 8, 1)).toHaveLength(500)
})

test('a temporary schedule may be empty, and is not told while a shift names nobody', () => {
  const empty = { seat_id: 4, from: '2026-12-01T08:00', to: '2026-12-02T08:00', reason: 'x', shifts: [] }
  expect(temporaryTold(empty)?.shifts).toEqual([])
  expect(temporaryTold({ ...empty, shifts: [{ person: '', from: empty.from, to: empty.to }] })).toBeNull()
  expect(temporaryTold({ ...empty, to: '' })).toBeNull()
})
