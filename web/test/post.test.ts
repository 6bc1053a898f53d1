import { expect, test } from 'vitest'
import type { Seat } from '@/api/types'
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
