import { describe, expect, it } from 'vitest'
import type { Cell, Finding, Override } from '@/api/types'
import { begin, did, redo, undo } from '@/model/history'
import { dayAt, daysOf, isMonth, monthOf, patternText, PATTERNS, spanOn, stepMonth, WHOLE_DAY } from '@/model/month'
import { at, board, cellKey, changesAt, clear, differences, findingsByPlace, gravest, loadOf, loads, move, pasteDay, placeOf, placeOfFinding, put, toAccept, usualPattern } from '@/model/roster'

const days = daysOf('2026-12', [{ on: '2026-12-31', kind: 'statutory_holiday', name_zh: '假日', name_en: 'holiday', known: true, own: false }])
const NIGHT = { from: 12, hours: 12 }
const one = { id: 1, needed: 1 }
const two = { id: 2, needed: 2 }
const cell = (seat: number, person: number, day: number, pattern = WHOLE_DAY): Cell => {
  const on = days[day]
  if (on === undefined) throw new Error('no such day')
  return { seat_id: seat, person_id: person, ...spanOn(on, pattern) }
}
const who = (cells: readonly Cell[], seat: number, day: number): number[] => at(board(cells, days), { seat, day }).map((c) => c.person_id)

describe('a month', () => {
  it('has its days from eight to eight, week-ends and holidays are free', () => {
    expect(days.length).toBe(31)
    expect(days.filter((d) => d.off).map((d) => d.n + 1)).toEqual([5, 6, 12, 13, 19, 20, 26, 27, 31])
    expect([days[30]?.name?.zh, days[0]?.name]).toEqual(['假日', null])
    expect(days.every((d, i) => i === 0 || d.startMs === days[i - 1]?.endMs)).toBe(true)
  })

  it('steps over the year and knows what a month is', () => {
    expect([stepMonth('2026-12', 1), stepMonth('2026-01', -1), monthOf(new Date(2026, 1, 3).getTime())]).toEqual(['2027-01', '2025-12', '2026-02'])
    expect(['2026-12', '2026-13', 'x', '1999-01'].map(isMonth)).toEqual([true, false, false, false])
  })

  it('gives the small hours to the day before', () => {
    const on = days[3]
    expect(dayAt(days, (on?.endMs ?? 0) - 1)).toBe(3)
    expect(dayAt(days, (days[0]?.startMs ?? 0) - 1)).toBeNull()
  })

  it('writes patterns as the clock shows them', () => {
    expect(PATTERNS.map(patternText)).toEqual(['08–08', '08–20', '20–08', '08–16', '16–00', '00–08'])
  })
})

describe('the board', () => {
  it('puts a person on a seat; one who has it alone gives way, beside others there is one more', () => {
    let cells = put([cell(1, 10, 0)], days, one, 0, 11, WHOLE_DAY)
    expect(who(cells, 1, 0)).toEqual([11])
    cells = put(put(cells, days, two, 0, 12, WHOLE_DAY), days, two, 0, 13, WHOLE_DAY)
    expect(who(put(cells, days, two, 0, 13, WHOLE_DAY), 2, 0)).toEqual([12, 13])
  })

  it('lets day and night of one seat be two persons', () => {
    const cells = put(put([], days, one, 2, 10, { from: 0, hours: 12 }), days, one, 2, 11, NIGHT)
    expect(who(cells, 1, 2)).toEqual([10, 11])
    expect(usualPattern([...cells, cell(1, 12, 3, NIGHT)], days, 1)).toEqual(NIGHT)
    expect(usualPattern(cells, days, 99)).toEqual(WHOLE_DAY)
  })

  it('moves a cell to another day at the same hours, and two who change places do so at once', () => {
    const moved = move([cell(1, 10, 0, NIGHT)], days, cell(1, 10, 0, NIGHT), one, 5)
    expect(moved.map(cellKey)).toEqual([cellKey(cell(1, 10, 5, NIGHT))])
    const swapped = move([cell(1, 10, 0), cell(1, 11, 5)], days, cell(1, 10, 0), one, 5)
    expect([who(swapped, 1, 0), who(swapped, 1, 5)]).toEqual([[11], [10]])
    const same = [cell(1, 10, 0)]
    expect(move(same, days, cell(1, 10, 0), one, 0)).toBe(same)
    expect(who(move([cell(1, 10, 0), cell(2, 10, 0)], days, cell(1, 10, 0), two, 0), 2, 0)).toEqual([10])
  })

  it('clears a place and copies a whole day over another', () => {
    const cells = [cell(1, 10, 0), cell(2, 11, 0), cell(1, 12, 1)]
    expect(clear(cells, days, { seat: 1, day: 0 }).length).toBe(2)
    const pasted = pasteDay(cells, days, 0, 1)
    expect([who(pasted, 1, 1), who(pasted, 2, 1), pasteDay(cells, days, 0, 0)]).toEqual([[10], [11], cells])
  })

  it('tells what differs from what was published, however an instant is written', () => {
    const published = [{ ...cell(1, 10, 0), starts_at: cell(1, 10, 0).starts_at.replace('.000Z', '+00:00') }, cell(1, 11, 1)]
    const found = differences([cell(1, 10, 0), cell(1, 12, 1)], published, days)
    expect([found.count, at(found.added, { seat: 1, day: 1 }).length, at(found.dropped, { seat: 1, day: 1 })[0]?.person_id]).toEqual([2, 1, 11])
  })

  it('counts shifts, nights and days off of each', () => {
    const found = loads([cell(1, 10, 0), cell(1, 10, 4, { from: 0, hours: 12 }), cell(1, 10, 30, NIGHT)], days)
    expect([loadOf(found, 10), loadOf(found, 11)]).toEqual([{ shifts: 3, nights: 2, holidays: 2 }, { shifts: 0, nights: 0, holidays: 0 }])
  })
})

describe('a finding', () => {
  const finding = (more: Partial<Finding>): Finding => ({ code: 'COVERAGE_GAP', rule: 'R1', severity: 'red', seat_id: null, person_id: null, starts_at: null, ends_at: null, zh: '', en: '', ...more })
  const cells = [cell(1, 10, 3)]
  const gap = finding({ seat_id: 2, starts_at: cell(2, 0, 6).starts_at, ends_at: cell(2, 0, 6).ends_at })
  const worn = finding({ code: 'FATIGUE_REST_TOO_SHORT', severity: 'warn', person_id: 10, starts_at: cell(1, 0, 3).starts_at, ends_at: null })
  const stranger = finding({ code: 'OUTSIDER', severity: 'amber', person_id: 10 })

  it('is seen at its seat, or where its person sits', () => {
    expect([gap, worn, stranger].map((f) => placeOfFinding(f, cells, days))).toEqual([{ seat: 2, day: 6 }, { seat: 1, day: 3 }, { seat: 1, day: 3 }])
    expect(at(findingsByPlace([gap, worn, stranger], cells, days), { seat: 1, day: 3 }).length).toBe(2)
    expect(placeOfFinding(finding({ person_id: 77 }), cells, days)).toBeNull()
  })

  it('that is red is answered for by its code', () => {
    expect(toAccept([gap, gap, worn]).map((g) => [g.code, g.findings.length])).toEqual([['COVERAGE_GAP', 2]])
    expect([gravest([worn, gap]), gravest([])]).toEqual(['red', null])
  })
})

it('a change for a while is seen on the days it touches until it is taken back', () => {
  const change = { seat_id: 1, starts_at: cell(1, 0, 3).starts_at, ends_at: cell(1, 0, 4).ends_at, revoked_at: null } as Override
  expect([2, 3, 4, 5].map((day) => changesAt([change], days, { seat: 1, day }).length)).toEqual([0, 1, 1, 0])
  expect(changesAt([{ ...change, revoked_at: change.starts_at }], days, { seat: 1, day: 3 })).toEqual([])
  expect(placeOf(days, { seat_id: 1, starts_at: '2020-01-01T00:00:00Z' })).toBeNull()
})

it('what was done is undone and done again; a step that changes nothing is none', () => {
  const done = did(did(begin(1), 2), 3)
  expect([did(done, 3), undo(done).now, redo(undo(done)).now, undo(begin(1)).now, redo(done)]).toEqual([done, 2, 3, 1, done])
  expect(did(undo(done), 9).future).toEqual([])
})
