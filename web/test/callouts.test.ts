import { describe, expect, it } from 'vitest'
import type { CalloutCall, CalloutDetail, CalloutPerson, CalloutTarget, TargetDetail } from '@/api/callouts'
import type { Event } from '@/api/events'
import { afterEvent, atTime, colourOf, countOf, nextPerson, numberOf, placesOf, recount, shownOf, stepOf } from '@/model/callouts'

const village = (id: number, more: Partial<CalloutTarget> = {}): CalloutTarget =>
  ({ id, round_id: 1, tier: 'village', region_code: `99018110020${id}`, township_code: '990181100000', ordinal: id, name: `村${id}`, gaps: [], due_at: '2025-06-17T19:10:00Z', standing: 'waiting', warned_at: '2025-06-17T18:40:00Z', answered_at: null, acted_at: null, fed_back_at: null, feedback_asked_at: null, drawn: false, outcome: null, ...more }) as CalloutTarget
const answered = { standing: 'answered', answered_at: '2025-06-17T18:50:00Z' } as const
const round = (targets: CalloutTarget[]): CalloutDetail => ({ id: 1, targets, counts: recount(targets) }) as unknown as CalloutDetail

describe('call-and-respond', () => {
  it('counts a tier and its townships, and the counts add up', () => {
    const counts = recount([village(1), village(2, answered), village(3, { ...answered, standing: 'late', township_code: '990181200000' })])
    expect(countOf(counts, 'village')).toMatchObject({ total: 3, answered: 2, late: 1, waiting: 1, silent: 0 })
    expect(counts.filter((c) => c.township_code !== null).map((c) => c.total)).toEqual([2, 1])
  })

  it('follows an event without asking the server, and asks when the round itself changed', () => {
    const before = round([village(1), village(2)])
    const event = { type: 'callout.answered', target: village(2, answered) } as unknown as Event
    expect(countOf(afterEvent(before, event)?.counts ?? [], 'village')?.answered).toBe(1)
    expect(afterEvent(before, { type: 'callout.answered', target: village(9, answered) } as unknown as Event)).toBe(before)
    expect(afterEvent(before, { type: 'callout.ended', callout: { id: 1 } } as unknown as Event)).toBeNull()
    expect(afterEvent(before, { type: 'alarm.raised' } as unknown as Event)).toBe(before)
  })

  it('lets a waiting place fall silent when its time is over', () => {
    const held = round([village(1), village(2, answered)])
    expect(atTime(held, Date.parse('2025-06-17T19:10:00Z'))).toBe(held)
    expect(countOf(atTime(held, Date.parse('2025-06-17T19:10:01Z')).counts, 'village')).toMatchObject({ silent: 1, answered: 1 })
  })

  it('puts what is wrong first and filters the silent of a township', () => {
    const rows = [village(1, answered), village(2, { standing: 'silent' }), village(3, { ...answered, drawn: true, outcome: 'not_passed_on' })]
    const filter = { tier: 'village', silentOnly: false, township: '' } as const
    expect(shownOf(rows, filter).map((one) => one.id)).toEqual([3, 2, 1])
    expect(shownOf(rows, { ...filter, silentOnly: true }).map((one) => one.id)).toEqual([2])
    expect(shownOf(rows, { ...filter, township: '990181200000' })).toEqual([])
  })

  it('says how each of the five steps stands', () => {
    expect(stepOf(village(1, { warned_at: null }), 'warned')).toBe('owed')
    expect(stepOf(village(1, { standing: 'silent' }), 'called')).toBe('bad')
    expect(stepOf(village(1, { ...answered, standing: 'late' }), 'called')).toBe('late')
    expect(stepOf(village(1, { feedback_asked_at: '2025-06-17T19:40:00Z' }), 'fed_back')).toBe('bad')
    expect(stepOf(village(1), 'verified')).toBe('none')
    expect(stepOf(village(1, { drawn: true, outcome: 'not_passed_on' }), 'verified')).toBe('bad')
  })

  it('offers whoever a task names, else the first who was not called', () => {
    const people = [1, 2].map((id) => ({ id, phones: [`1370000000${id}`], call_sign: '', mobile: '', satellite_number: '', beidou_number: '' })) as unknown as CalloutPerson[]
    const call = (of: number, result: CalloutCall['result']) => ({ person_row_id: of, result, purpose: 'call' }) as CalloutCall
    const detail = (calls: CalloutCall[]): TargetDetail => ({ people, all_calls: calls }) as unknown as TargetDetail
    expect(nextPerson(detail([call(2, 'due')]))?.id).toBe(2)
    expect(nextPerson(detail([call(1, 'no_answer'), call(2, 'sent')]))?.id).toBe(2)
    expect(nextPerson(detail([]))?.id).toBe(1)
    expect(numberOf(people[0] ?? null, 'phone')).toBe('13700000001')
  })

  it('takes over places and colour of a warning, whatever shape its units have', () => {
    expect(placesOf({ id: 1, units: ['990181100000', { region_code: '990181200000' }, { code: 'x' }] })).toEqual(['990181100000', '990181200000'])
    expect(colourOf({ id: 1, colour: 'orange' })).toBe('orange')
    expect(colourOf({ id: 1, colour: 'purple' })).toBe('red')
  })
})
