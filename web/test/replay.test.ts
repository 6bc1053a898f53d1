import { expect, test } from 'vitest'
import type { Event } from '@/api/events'
import type { ReplayTold } from '@/api/replay'
import { createReplay } from '@/model/replay'
import { alarm, AT, incident } from './facts'

const minute = (n: number): string => new Date(Date.parse(AT) + n * 60_000).toISOString()
const at = (n: number): number => Date.parse(minute(n))

/** An event of our journal with the number of its minute. */
const raised = (n: number, id = n): Event => ({ seq: n, type: 'alarm.raised', at: minute(n), actor: null, alarm: alarm({ id, device_label: `北斗 ${id}` }) }) as unknown as Event
const opened = (n: number): Event =>
  ({ seq: n, type: 'incident.opened', at: minute(n), actor: null, incident: incident(), assignments: [], deliveries: [] }) as unknown as Event

const told = (more: Partial<ReplayTold> = {}): ReplayTold => ({
  stream: '990181',
  centre: '樟川市',
  start: minute(1),
  end: minute(100),
  made_at: minute(200),
  made_by: '陈洁',
  zone: 'Asia/Shanghai',
  prior: [],
  events: [],
  teams: [],
  carried: [],
  tracks: [],
  onlookers: [],
  proof: { first_seq: null, last_seq: null, hash: '', algorithm: 'sha256' },
  ...more,
})

test('the picture of an instant is what was before the window and what happened until then, forwards and backwards', () => {
  const replay = createReplay(told({ prior: [opened(1)] as ReplayTold['prior'], events: Array.from({ length: 90 }, (_, n) => raised(n + 2)) as ReplayTold['events'] }))
  for (const n of [95, 3, 50, 1, 91]) {
    const live = replay.at(at(n))
    expect(live.incidents.size).toBe(1)
    expect(live.alarms.size).toBe(Math.min(90, n - 1))
  }
  expect(replay.next(at(1))).toBe(at(2))
  expect(replay.previous(at(2))).toBeNull()
  expect(replay.previous(at(3))).toBe(at(2))
  expect(replay.next(at(91))).toBeNull()
  expect(replay.density(99).reduce((sum, n) => sum + n, 0)).toBe(90)
})

test('going back over more than one kept picture gives the same as going on', () => {
  const events = Array.from({ length: 450 }, (_, n) => ({ ...raised(1, n + 1), seq: n + 1, at: new Date(at(1) + n * 1000).toISOString() }))
  const replay = createReplay(told({ events: events as ReplayTold['events'] }))
  const on = [0, 120, 333, 449].map((n) => replay.at(at(1) + n * 1000).alarms.size)
  const back = [449, 333, 120, 0].map((n) => replay.at(at(1) + n * 1000).alarms.size).reverse()
  expect(on).toEqual([1, 121, 334, 450])
  expect(back).toEqual(on)
})

test('a unit stands where it was heard last, and nowhere after a quarter of an hour of silence', () => {
  const point = (n: number, lon: number) => ({ lon, lat: 28, at: minute(n), speed_mps: null })
  const replay = createReplay(told({ carried: [{ device_id: 7, team_id: 3, region_code: '990181100000' }], tracks: [{ device_id: 7, points: [point(5, 115.1), point(9, 115.2)] }] }))
  expect(replay.at(at(4)).positions.size).toBe(0)
  expect(replay.at(at(6)).positions.get(7)?.lon).toBe(115.1)
  expect(replay.at(at(20)).positions.get(7)).toMatchObject({ lon: 115.2, team_id: 3 })
  expect(replay.at(at(30)).positions.size).toBe(0)
})

test('a screen that was open had everything, one that left only what came before, one of a dead node what is known', () => {
  const stay = (from: number, until: number | null, to_seq: number, known = true) => ({ opened_at: minute(from), until: until === null ? null : minute(until), known, from_seq: 0, to_seq })
  const who = (id: number, stays: ReturnType<typeof stay>[], sees: number[] | null = null) => ({ account_id: id, name: `${id}`, role: 'duty_officer', scope: '990181', stays, sees })
  const replay = createReplay(
    told({
      events: [2, 10, 20, 30].map((n) => raised(n)) as ReplayTold['events'],
      onlookers: [who(1, [stay(0, null, 0)]), who(2, [stay(0, 15, 10), stay(25, null, 20)]), who(3, [stay(0, 15, 2, false)]), who(4, [stay(40, null, 30)]), who(5, [stay(0, 5, 2)], [20])],
    }),
  )
  const standing = (n: number) => replay.standings(at(n)).map((s) => [s.state, s.behind, s.last?.seq ?? null])
  expect(standing(21)).toEqual([
    ['here', 0, 20],
    ['left', 1, 10],
    ['lost', 2, 2],
    ['never', 3, null],
    ['left', 1, null],
  ])
  expect(standing(31)[1]).toEqual(['here', 0, 30])
  expect(standing(41)[3]).toEqual(['here', 0, 30])
})
