import { describe, expect, it } from 'vitest'
import type { SpotFinding } from '@/api/spotChecks'
import { logLine } from '@/model/log'
import { asked, clockMs, complete, entryOf, nextOf, pickable, relationOf, resultOf, silentOf } from '@/model/spotChecks'
import { lastAt } from '@/model/ring'
import { event } from './facts'

const NOW = Date.parse('2025-06-18T14:20:00Z')
const roster = [
  { person_id: 1, name: '何强', role: 'leader_in_charge', mode: 'on_call', phone: '1' },
  { person_id: 2, name: '张三', role: 'duty_officer', mode: 'on_site', phone: '2' },
]
const people = [
  { person_id: 2, name: '张三', post: '' },
  { person_id: 3, name: '李四', post: '干部' },
]

const finding = (changes: Partial<SpotFinding> = {}): SpotFinding => ({
  id: 1, spot_check_id: 1, post_id: 1, post_name: '临溪镇', post_kind: 'township', region_code: '990181100000', phone: '0799', ordinal: 1,
  method: 'phone', state: 'waiting', retry_due_at: null, attempts: [], roster, answered_by: '', relation: null, result: null, leader: null,
  failures: [], judged_at: null, judged_by: '', ...changes,
})

describe('what is noted of a call', () => {
  it('expects the one at the desk and needs the rings', () => {
    const e = entryOf(finding())
    expect([e.personId, complete(finding(), e)]).toEqual([2, false])
    e.rings = 2
    expect(complete(finding(), e)).toBe(true)
    expect(resultOf(finding(), e, NOW)).toMatchObject({ method: 'phone', answered: true, rings: 2, person_id: 2, weather: null, log_complete: null })
  })

  it('needs nobody when nobody is at the desk, and sends a name for whom the list does not hold', () => {
    const video = finding({ method: 'video', roster: [] })
    const e = entryOf(video)
    expect(complete(video, e)).toBe(false)
    e.name = ' 司机 '
    expect([complete(video, e), resultOf(video, e, NOW).name]).toEqual([true, '司机'])
    e.name = ''
    e.atDesk = false
    expect(complete(video, e)).toBe(true)
    expect([silentOf(video), silentOf(finding({ method: 'radio' }))]).toEqual([{ method: 'video', answered: false }, { method: 'radio', answered: false }])
  })

  it('turns yes, no, not asked', () => {
    expect([asked(null), asked(true), asked(false)]).toEqual([true, false, null])
  })

  it('takes the last entry of the log to lie behind us', () => {
    const at = new Date(NOW)
    at.setHours(at.getHours(), at.getMinutes() + 1)
    const ahead = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`
    expect(Date.parse(lastAt(ahead, NOW) ?? '')).toBe(at.setSeconds(0, 0) - 86_400_000)
    expect(lastAt('', NOW)).toBeNull()
  })
})

describe('who answers', () => {
  const of = (personId: number | null, name = '', standingIn = false) => relationOf({ ...entryOf(finding()), personId, name, standingIn }, roster, people)
  it('is compared with the roster as the server does it', () => {
    expect([of(2), of(null, '张三'), of(3), of(3, '', true), of(null, '司机'), of(null)]).toEqual(['on_roster', 'on_roster', 'not_on_roster', 'substitute', 'substitute', null])
    const e = { ...entryOf(finding()), personId: 2 }
    expect([relationOf(e, [], people), relationOf({ ...e, standingIn: true }, [], people)]).toEqual(['no_roster', 'substitute'])
  })

  it('is picked from those on duty, then the others of the unit', () => {
    expect(pickable(roster, people).map((p) => [p.name, p.on])).toEqual([['何强', true], ['张三', true], ['李四', false]])
  })
})

it('what rings comes first, then what is to be called again, then the first that waits', () => {
  const attempts = [{ number: 1, called_at: '2025-06-18T14:19:00Z', called_by: '', answered: null, rings: null, seconds: null, source: 'typed' as const, code: '', answer: '', device_label: null, message: null }]
  const waiting = finding({ id: 1 })
  const later = finding({ id: 2, state: 'retry', retry_due_at: '2025-06-18T14:24:00Z' })
  const due = finding({ id: 3, state: 'retry', retry_due_at: '2025-06-18T14:19:00Z' })
  const rings = finding({ id: 4, state: 'calling', attempts })
  const pick = (...all: SpotFinding[]) => nextOf(all, NOW)?.id
  expect([pick(waiting, later, due, rings), pick(waiting, later, due), pick(waiting, later), pick(later), pick(finding({ state: 'passed' }))]).toEqual([4, 3, 1, 2, undefined])
  expect([clockMs(rings, NOW), clockMs(later, NOW), clockMs(due, NOW), clockMs(waiting, NOW)]).toEqual([{ ms: 60_000, due: false }, { ms: 240_000, due: false }, { ms: 0, due: true }, null])
})

describe('the log', () => {
  it('names who failed and why, loudly', () => {
    const line = logLine(event(1, { type: 'spot_check.judged', finding: finding({ state: 'failed', failures: ['no_answer', 'leader_not_on_site'] }) }))
    expect([line.zh, line.loud, line.category]).toEqual(['抽查 临溪镇 不合格：无人应答、带班领导不在岗', true, 'duty'])
  })

  it('tells circulars and appeals', () => {
    const post = { post_name: '临溪镇', failure: 'substitute' }
    expect(logLine(event(1, { type: 'spot_check.circular_issued', circular: { title: '通报' } } as never)).zh).toBe('《通报》下发')
    expect(logLine(event(1, { type: 'spot_check.appeal_upheld', appeal: post } as never)).en).toBe('临溪镇 appeal upheld: stand-in')
    expect(logLine(event(1, { type: 'spot_check.rectification_opened', rectification: post } as never)).zh).toBe('临溪镇 限时整改：顶岗')
    expect(logLine(event(1, { type: 'spot_check.circular_received', receipt: post } as never)).zh).toBe('临溪镇 签收通报')
  })
})
