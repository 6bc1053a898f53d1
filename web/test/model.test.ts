import { describe, expect, it } from 'vitest'
import { bearing, distanceM, nearestPlace, searchPlaces, searchTypes } from '@/model/places'
import { alarmGroups, alarmQueue, comesToHand, incidentQueue, neighbour, troubleCounts } from '@/model/queue'
import { acksMissing, afterStep, chainOf, further, nextOf, safetyLeft } from '@/model/steps'
import { ago, clockOf, stamp } from '@/model/time'
import { fixTime, freshness, located, outOfContact, taskRows } from '@/model/units'
import type { AssignmentState } from '@/api/types'
import { alarm, assignment, AT, incident, position, region, team } from './facts'

const REGIONS = [
  region('990181000000', '樟川市', 'Zhangchuan', 'county', null),
  region('990181100000', '临溪镇', 'Linxi Town', 'town', '990181000000'),
  region('990181100204', '东岸村', 'Dongan', 'village', '990181100000'),
  { ...region('990181101201', '东岸村', 'Dongan', 'village', '990181101000'), lon: 115.7 },
  region('990181101000', '洲头乡', 'Zhoutou Township', 'township', '990181000000'),
]

describe('finding a place while somebody speaks', () => {
  it('by name, pinyin, initials and code, with its path', () => {
    expect(searchPlaces(REGIONS, '临溪')[0]?.region.code).toBe('990181100000')
    expect(searchPlaces(REGIONS, 'dong')[0]?.path).toBe('临溪镇 东岸村')
    expect(searchPlaces(REGIONS, 'zt')[0]?.region.name).toBe('洲头乡')
    expect(searchPlaces(REGIONS, '990181101201')[0]?.path).toBe('洲头乡 东岸村')
  })

  it('narrows down by the township', () => {
    expect(searchPlaces(REGIONS, '洲头 东岸').map((p) => p.region.code)).toEqual(['990181101201'])
    expect(searchPlaces(REGIONS, 'linxi dongan').map((p) => p.region.code)).toEqual(['990181100204'])
  })

  it('offers nothing for nothing, and never the whole county', () => {
    expect(searchPlaces(REGIONS, ' ')).toEqual([])
    expect(searchPlaces(REGIONS, '樟川')).toEqual([])
  })

  it('names the place of a click', () => {
    expect(nearestPlace(REGIONS, { lon: 115.71, lat: 28 })?.path).toBe('洲头乡 东岸村')
  })

  it('measures distance and direction', () => {
    expect(distanceM({ lon: 115.5, lat: 28 }, { lon: 115.5, lat: 28.1 })).toBeCloseTo(11_057, -1)
    expect(bearing({ lon: 115.5, lat: 28 }, { lon: 115.6, lat: 28 })).toBeCloseTo(90)
  })
})

it('finds an event type by name or code', () => {
  const type = (code: string, name_zh: string, name_en: string) => ({ scheme: 'CN-EVENT-5', code, name_zh, name_en, category: '', restricted: false })
  const types = [type('11A51', '山洪灾害', 'flash_flood'), type('11A01', '洪水', 'flood')]
  expect(searchTypes(types, '洪').map((t) => t.code)).toEqual(['11A01', '11A51'])
  expect(searchTypes(types, '11a5').map((t) => t.code)).toEqual(['11A51'])
  expect(searchTypes(types, 'flash').map((t) => t.code)).toEqual(['11A51'])
  expect(searchTypes(types, 'shanhong').map((t) => t.code)).toEqual(['11A51'])
  expect(searchTypes(types, 'hs').map((t) => t.code)).toEqual(['11A01'])
})

describe('the status of a team', () => {
  const row = (...states: Parameters<typeof assignment>[0][]) => taskRows([team()], states.map((s) => assignment(s)))[0]

  it('is derived from its assignments, the furthest one first', () => {
    expect(row()?.status).toBe('available')
    expect(row({ state: 'declined' }, { id: 2, state: 'task_done' })?.status).toBe('available')
    expect(row({ state: 'on_scene' }, { id: 2, state: 'dispatched' })?.status).toBe('on_scene')
    expect(taskRows([team({ standby: false })], [])[0]?.status).toBe('off_duty')
    expect(taskRows([team({ standby: false })], [assignment()])[0]?.status).toBe('dispatched')
  })

  it('shows the newest position, by the time of the device', () => {
    const late = position({ device_id: 2, fixed_at: '2026-07-01T17:00:00Z', heard_at: '2026-07-01T18:30:00Z' })
    expect(located(taskRows([team()], []), [late, position()])[0]?.position?.device_id).toBe(11)
    expect(fixTime(late)).toBe(Date.parse('2026-07-01T17:00:00Z'))
  })

  it('never draws an old point as live', () => {
    expect([119_000, 121_000, 601_000].map(freshness)).toEqual(['fresh', 'hollow', 'dashed'])
    const [unit] = located(taskRows([team()], []), [position()])
    if (unit === undefined) throw new Error('no row')
    expect(outOfContact(unit, Date.parse(AT) + 601_000, 600)).toBe(true)
    expect(outOfContact({ ...unit, position: null }, Date.parse(AT), 600)).toBe(false)
  })
})

describe('the queue', () => {
  const now = Date.parse(AT) + 120_000

  it('puts overdue orders on top, then incidents without anybody, then by level', () => {
    const incidents = [incident({ id: 1, initial_level: 1 }), incident({ id: 2 }), incident({ id: 3 }), incident({ id: 4, initial_level: 2 })]
    const sent = [assignment({ id: 1, incident_id: 1, state: 'en_route' }), assignment({ id: 2, incident_id: 2 }), assignment({ id: 4, incident_id: 4, state: 'on_scene' })]
    expect(incidentQueue(incidents, sent, now).map((r) => r.incident.id)).toEqual([2, 3, 1, 4])
  })

  it('puts alarms nobody has taken on top', () => {
    expect(alarmQueue([alarm({ id: 1, state: 'acknowledged' }), alarm({ id: 2 })]).map((a) => a.id)).toEqual([2, 1])
  })

  it('puts calls for help above telephone calls, and troubles of devices below them all', () => {
    const all = [
      alarm({ id: 1, kind: 'low_battery', first_heard_at: '2026-07-01T10:00:00Z' }),
      alarm({ id: 2, kind: 'call', first_heard_at: '2026-07-01T11:00:00Z' }),
      alarm({ id: 3, kind: 'sos', state: 'acknowledged' }),
      alarm({ id: 4, kind: 'sos' }),
      alarm({ id: 5, kind: 'silent', state: 'acknowledged' }),
    ]
    expect(alarmQueue(all).map((a) => a.id)).toEqual([4, 2, 3, 1, 5])
    expect(alarmGroups(alarmQueue(all)).troubles.map((a) => a.id)).toEqual([1, 5])
    expect(troubleCounts([alarm({ kind: 'silent' }), alarm({ kind: 'fault' }), alarm({ kind: 'silent' })])).toEqual([['silent', 2], ['fault', 1]])
  })

  it('lets a call for help take the place of a trouble in hand, never of another alarm', () => {
    const [sos, trouble, call] = [alarm({ id: 1 }), alarm({ id: 2, kind: 'fault' }), alarm({ id: 3, kind: 'call', state: 'acknowledged' })]
    const queue = alarmQueue([trouble, sos, call])
    expect([comesToHand(queue, undefined)?.id, comesToHand(queue, trouble)?.id, comesToHand(queue, call)]).toEqual([1, 1, null])
    expect(comesToHand([trouble], undefined)).toBeNull()
  })

  it('moves the selection and stops at the ends', () => {
    const entries = [1, 2].map((id) => ({ kind: 'incident' as const, id }))
    expect(neighbour(entries, null, 1)?.id).toBe(1)
    expect(neighbour(entries, { kind: 'incident', id: 2 }, 1)?.id).toBe(2)
    expect(neighbour([], null, 1)).toBeNull()
  })
})

it('an assignment goes 派 受 途 到 毕 and ended ones stay', () => {
  const next = (state: AssignmentState) => nextOf(assignment({ state }))
  expect([next('dispatched'), next('acknowledged'), next('en_route'), next('on_scene'), next('task_done')]).toEqual(['acknowledge', 'depart', 'arrive', 'finish', null])
  expect([afterStep('acknowledged', 'depart'), afterStep('cancelled', 'depart')]).toEqual(['en_route', 'cancelled'])
})

it('each kind of team has its chain: villagers never set out, a brigade comes home', () => {
  const of = (steps: ReturnType<typeof assignment>['terms']['steps'], state: AssignmentState) => assignment({ state, terms: { ...assignment().terms, steps } })
  const village = of(['acknowledge', 'arrive', 'finish'], 'acknowledged')
  expect([nextOf(village), chainOf(village).includes('en_route')]).toEqual(['arrive', false])
  expect(nextOf(of(['acknowledge', 'depart', 'arrive', 'finish', 'return'], 'task_done'))).toBe('return')
  expect(afterStep('task_done', 'return')).toBe('returned')
})

it('counts down to the safety check and the acknowledgements that are missing', () => {
  const there = assignment({ state: 'on_scene', safety_since: AT, safety_stage: 'running' })
  expect(safetyLeft(there, Date.parse(AT) + 60_000)).toBe(29 * 60_000)
  expect(safetyLeft(assignment(), Date.parse(AT))).toBeNull()
  const given = { person_id: 1, name: '甲', channel: 'radio' as const, at: AT }
  expect(acksMissing(assignment({ acks_required: 3, acks: [given] }))).toBe(2)
  expect(acksMissing(assignment({ acks_required: 2, ack_people: [{ person_id: 1, name: '甲' }, { person_id: 2, name: '乙' }], acks: [given] }))).toBe(1)
})

it('says times shortly', () => {
  expect([clockOf(41_000), clockOf(1_865_000), clockOf(11_433_000), clockOf(97_800_000), clockOf(-5)]).toEqual(['0:41', '31:05', '3:10:33', '1d 03:10', '0:00'])
  expect(clockOf(2_430_000_000, '天')).toBe('28天 03:00')
  expect([ago(59_000), ago(60_000), ago(7_200_000), ago(172_800_000)].map((a) => `${a.n}${a.unit}`)).toEqual(['59s', '1min', '2h', '2d'])
  expect(stamp('2026-07-01T10:00:00', Date.parse('2026-07-02T10:00:00'))).toBe('07-01 10:00:00')
})

it('of two accounts of one assignment the one told later is believed, also when a step was taken back', () => {
  const at = (state: AssignmentState, version: number) => assignment({ state, version })
  expect(further(at('dispatched', 1), at('acknowledged', 2)).state).toBe('acknowledged')
  expect(further(at('acknowledged', 3), at('on_scene', 2)).state).toBe('acknowledged')
  expect(further(at('dispatched', 1), undefined).state).toBe('dispatched')
})
