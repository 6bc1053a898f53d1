import { describe, expect, it } from 'vitest'
import type { Gap, Leave, PostOnDuty, Shift, Swap } from '@/api/types'
import { byMonth, decisions, isHere, isUrgent, mySwaps, onOffer, shiftAtHand, toFile } from '@/model/mine'
import { callOutcome, filledUntil, findsPost, gapsInOrder, leaderOf, markOf, missingAt, nextAt, nextChange, troubled } from '@/model/onDuty'
import { ms } from '@/model/time'

const START = '2026-12-01T00:00:00Z'
const END = '2026-12-02T00:00:00Z'
const MIN = 60_000
const shift = (more: Partial<Shift> = {}): Shift => ({
  id: 1, post_id: 1, seat_id: 1, role: 'leader_in_charge', person_id: 7, person_name: '刘海', phone: '13900000001',
  starts_at: START, ends_at: END, source: 'roster', arrived_at: null, left_at: null, ...more,
})
const post = (more: Partial<PostOnDuty> = {}): PostOnDuty => ({
  id: 1, kind: 'township', name: '临溪镇应急管理所', region_code: '990181100000', unit_id: 1, phone: '0799-5550111', lines: [], keeps_presence: true, lon: null, lat: null,
  at: START, until: END, present: 0, expected: 1,
  seats: [{ id: 1, role: 'leader_in_charge', needed: 2, mode: 'on_site', days: 'always', qualification: '', ordinal: 1, deputies: [], on: [shift()], missing: 1, next: [shift({ id: 2, person_name: '王军', starts_at: END })] }],
  ...more,
})
const at = (minutes: number): number => ms(START) + minutes * MIN

describe('who is there', () => {
  const seat = { mode: 'on_site' } as const
  it('has ten minutes to come, then is absent; who came late is late, who went has left', () => {
    expect(markOf(shift(), seat, true, at(9))).toBe('due')
    expect(markOf(shift(), seat, true, at(10))).toBe('absent')
    expect(markOf(shift({ arrived_at: '2026-11-30T23:50:00Z' }), seat, true, at(30))).toBe('arrived')
    expect(markOf(shift({ arrived_at: '2026-12-01T00:07:00Z' }), seat, true, at(30))).toBe('late')
    expect(markOf(shift({ arrived_at: START, left_at: '2026-12-01T01:00:00Z' }), seat, true, at(90))).toBe('left')
    expect([markOf(shift(), { mode: 'on_call' }, true, at(90)), markOf(shift(), seat, false, at(90))]).toEqual(['on_call', 'unknown'])
  })

  it('makes a post that lacks somebody a trouble, and knows its leader and who is next', () => {
    expect([missingAt(post()), troubled(post(), at(0)), leaderOf(post())?.person_id]).toEqual([1, true, 7])
    expect([nextAt(post())?.shifts.map((s) => s.person_name), nextAt(post({ seats: [] }))]).toEqual([['王军'], null])
    expect([nextChange([post(), post({ until: null })], at(0)), nextChange([], 0)]).toEqual([ms(END), null])
  })

  it('is found by post, number, name and pinyin', () => {
    expect(['临溪', 'linxi', '5550111', '王军', 'lh', '1390', 'nobody'].map((q) => findsPost(q, post()))).toEqual([true, true, true, true, true, true, false])
  })

  it('lets a gap be filled until the next hand-over, not longer', () => {
    const local = (day: number, hour: number): string => new Date(2026, 11, day, hour).toISOString()
    const gap = (from: string, to: string) => ({ starts_at: from, ends_at: to })
    expect(filledUntil(gap(local(1, 19), local(2, 20)), 0)).toBe(local(2, 8))
    expect(filledUntil(gap(local(1, 8), local(2, 8)), 0)).toBe(local(2, 8))
    expect(filledUntil(gap(local(1, 8), local(1, 20)), ms(local(1, 9)))).toBe(local(1, 20))
  })

  it('shows open gaps first and what a call came to', () => {
    const gap = (id: number, stage: Gap['stage']) => ({ id, stage, starts_at: START }) as Gap
    expect(gapsInOrder([gap(1, 'day_ahead'), gap(2, 'open'), gap(3, 'two_hours')]).map((g) => g.id)).toEqual([2, 3, 1])
    const call = (answered: boolean, in_vain: number) => ({ answered, in_vain }) as never
    expect([callOutcome(call(true, 0)), callOutcome(call(false, 2)), callOutcome(call(false, 3))]).toEqual(['reached', 'again', 'replaced'])
  })
})

describe('what concerns me', () => {
  const swap = (id: number, more: Partial<Swap>): Swap => ({ id, asker_id: 1, taker_id: null, state: 'asked', stale: false, starts_at: END, ends_at: END, ...more }) as Swap
  it('is the shift at hand from two hours ahead on', () => {
    expect([shiftAtHand([shift()], at(-121)), shiftAtHand([shift()], at(-119))?.id, isHere(shift({ arrived_at: START }))]).toEqual([null, 1, true])
    expect([isUrgent(END, at(0)), isUrgent(END, at(1))]).toEqual([false, true])
    expect(byMonth([shift(), shift({ starts_at: '2027-01-03T00:00:00Z', ends_at: '2027-01-04T00:00:00Z' })], at(0)).map((m) => m.month)).toEqual(['2026-12', '2027-01'])
  })

  it('are swaps I am in, offers to me or to all, and as a leader what others ask', () => {
    const swaps = [swap(1, { state: 'refused' }), swap(2, {}), swap(3, { taker_id: 9 }), swap(4, { state: 'taken', taker_id: 3 }), swap(5, { state: 'approved' })]
    expect(mySwaps(swaps, 1).map((s) => s.id)).toEqual([2, 3, 4, 5, 1])
    expect(onOffer(swaps, 2, at(0)).map((s) => s.id)).toEqual([2])
    expect(onOffer(swaps, 9, at(0)).map((s) => s.id)).toEqual([2, 3])
    expect([onOffer(swaps, null, at(0)), mySwaps(swaps, null)]).toEqual([[], []])
    const asked = [{ id: 1, person_id: 5, state: 'asked', starts_at: START }, { id: 2, person_id: 8, state: 'asked', starts_at: START }] as Leave[]
    expect(decisions(asked, swaps, 8, at(0)).map((d) => (d.kind === 'leave' ? d.leave.id : d.swap.id))).toEqual([1, 4])
    expect(toFile(swaps).map((s) => s.id)).toEqual([5])
  })
})
