import { describe, expect, it } from 'vitest'
import { changesOf, deviceDraft, toDevice } from '@/console/devices/draft'
import { countMarks, filterDevices, fixedDevices, kindsOf, NO_FILTER, sortDevices, withDeviceEvent } from '@/model/devices'
import { credentialOf, isLate } from '@/model/credentials'
import { linksOf } from '@/model/links'
import { heardAs, inOrder, mergeTalks, missingOf } from '@/model/radio'
import { lookOf, markOf, testTable, type Cell } from '@/model/testTable'
import { device, rollAnswer, standing, talk, testRow } from './deviceFacts'
import { event } from './facts'

const latin = (code: string): string => (code.startsWith('990181100') ? 'Linxi Town' : 'Zhoutou Township')
const ids = (rows: readonly { id: number }[]): number[] => rows.map((r) => r.id)

describe('the register', () => {
  const all = [
    device({ id: 1, label: '临溪1', number: '370101' }),
    device({ id: 2, label: '洲头1', number: '370103', region_code: '990181101000', region_path: '樟川市洲头乡', state: 'silent', test: standing('overdue') }),
    device({ id: 3, label: '市卫星电话1', kind: 'satellite_phone', family: 'satphone', number: '17400000001', region_code: '990181000000', region_path: '樟川市', state: 'never_heard', test: standing('failed'), holder_name: '何磊' }),
    device({ id: 4, label: '旧台', number: '370999', state: 'off', active: false, test: standing('exempt') }),
  ]
  const found = (text: string) => ids(filterDevices(all, { ...NO_FILTER, text }, latin))

  it('is searched by number, label, holder, place and pinyin; every word must be met', () => {
    expect([found('370103'), found('临溪'), found('何磊'), found('zhoutou'), found('zt')]).toEqual([[2], [1, 4], [3], [2, 3], [2, 3]])
    expect([found('临溪 370101'), found('临溪 何磊'), found(' ')]).toEqual([[1], [], [1, 2, 3, 4]])
  })

  it('is narrowed by kind, township and mark', () => {
    const by = (f: Partial<typeof NO_FILTER>) => ids(filterDevices(all, { ...NO_FILTER, ...f }, latin))
    expect([by({ kind: 'satellite_phone' }), by({ region: '990181101' }), by({ mark: 'overdue' }), by({ mark: 'off' })]).toEqual([[3], [2], [2], [4]])
  })

  it('counts never heard apart from silent, and nothing of what is switched off', () => {
    const off = device({ id: 5, active: false, state: 'off', test: standing('failed') })
    const counts = countMarks([...all, off])
    expect([counts.all, counts.live, counts.silent, counts.never_heard, counts.off, counts.overdue, counts.failed]).toEqual([5, 1, 1, 1, 2, 1, 1])
  })

  it('sorts by any column, what has no value at the end whichever way', () => {
    const rows = [device({ id: 1, battery_pct: 80 }), device({ id: 2, battery_pct: null }), device({ id: 3, battery_pct: 9 })]
    expect(ids(sortDevices(rows, { column: 'battery', down: false }))).toEqual([3, 1, 2])
    expect(ids(sortDevices(rows, { column: 'battery', down: true }))).toEqual([1, 3, 2])
    expect(ids(sortDevices(all, { column: 'test', down: false }))).toEqual([3, 2, 1, 4])
    expect(kindsOf([device({ kind: 'balloon' }), ...all])).toEqual(['radio_370', 'satellite_phone', 'balloon'])
  })

  it('follows the events: a test turns the standing, an amended device takes its place', () => {
    const failed = withDeviceEvent(all, event(1, { type: 'device.tested', test: { ...testOf(1) }, standing: standing('failed') } as never))
    expect(failed.find((d) => d.id === 1)?.test.state).toBe('failed')
    const moved = withDeviceEvent(all, event(2, { type: 'device.amended', device: device({ id: 2, label: '洲头2' }), changed: ['label'] }))
    expect(moved.map((d) => d.label)).toContain('洲头2')
    const renewed = withDeviceEvent(all, event(5, { type: 'device.credential_renewed', device: device({ id: 1, credential_by: 'ops' }), before: null, seen: 'list' }))
    expect(renewed.find((d) => d.id === 1)?.credential_by).toBe('ops')
    expect(withDeviceEvent(all, event(3, { type: 'device.registered', device: device({ id: 9 }), changed: [] })).length).toBe(5)
    expect(withDeviceEvent(all, event(4, { type: 'account.logged_out', username: 'x', address: '' } as never))).toBe(all)
  })

  it('tells how old a password is, and marks the one that is overdue', () => {
    const [now, aged] = [Date.parse('2026-11-29T04:00:00Z'), (days: number) => new Date(Date.parse('2026-11-29T04:00:00Z') - days * 86_400_000).toISOString()]
    const of = (days: number) => device({ id: days, family: 'gateway', credential_at: aged(days) })
    expect([0, 334, 335, 365, 366].map((n) => credentialOf(of(n), 365, now)).map((c) => [c.word, c.left])).toEqual([['ok', 365], ['ok', 31], ['due', 30], ['due', 0], ['overdue', -1]])
    expect(new Date(credentialOf(of(366), 365, now).dueAt ?? 0).toISOString()).toBe(aged(1))
    expect(credentialOf(of(5000), 0, now)).toEqual({ word: 'ok', days: 5000, dueAt: null, left: null })
    expect([device(), device({ pinned: true }), device({ family: 'gateway' })].map((d) => credentialOf(d, 365, now).word)).toEqual(['none', 'unknown', 'unknown'])
    const late = (d: Parameters<typeof isLate>[0]): boolean => isLate(d, 365, now)
    const rows = [of(365), of(366), device({ ...of(400), active: false })]
    expect([countMarks(rows, late).credential, ids(filterDevices(rows, { ...NO_FILTER, mark: 'credential' }, latin, late))]).toEqual([1, [366]])
  })

  it('puts on the map what stands still and is in service', () => {
    const stands = { lon: 115.6, lat: 28 }
    expect(fixedDevices([device(), device({ id: 2, ...stands, coverage_km: 25 }), device({ id: 3, ...stands, active: false })]).map((m) => [m.id, m.coverage_km])).toEqual([[2, 25]])
  })
})

const testOf = (id: number) => ({ device_id: id })

describe('the table of tests', () => {
  const cell = (more: Partial<Cell>): Cell => ({ ...testRow(), ...more })

  it('a cell looks like the worst in it, and leads there', () => {
    expect([cell({ ok: 9, failed: 1 }), cell({ ok: 9, overdue: 1, due: 2 }), cell({ ok: 1, due: 1 }), cell({ untested: 1 }), cell({ ok: 3 })].map(lookOf)).toEqual(['failed', 'overdue', 'due', 'untested', 'ok'])
    expect([markOf(cell({ failed: 1 })), markOf(cell({ ok: 3 }))]).toEqual(['failed', ''])
    expect(lookOf(cell({ total: 2, ok: 0, exempt: 2 }))).toBe('exempt')
  })

  it('has the kinds in order without those that are never tested, and sums both ways', () => {
    const table = testTable(
      [
        testRow({ kind: 'repeater', region_code: '990181101000', region_name: '洲头乡', total: 1, ok: 0, failed: 1 }),
        testRow({ kind: 'radio_370', total: 2, ok: 2 }),
        testRow({ kind: 'vehicle_terminal', total: 4, ok: 0, exempt: 4 }),
      ],
      ['radio_370', 'repeater'],
    )
    expect([table.kinds, table.lines.map((l) => l.name)]).toEqual([['radio_370', 'repeater'], ['临溪镇', '洲头乡']])
    expect([table.sum.total, table.sum.failed, table.sums.get('repeater')?.failed, table.lines[0]?.sum.ok]).toEqual([3, 1, 1, 2])
  })
})

describe('the radio', () => {
  it('tells a talk that ended anew and keeps the newest on top', () => {
    const merged = mergeTalks([talk({ id: 2, ended_at: null }), talk({ id: 1 })], [talk({ id: 3 }), talk({ id: 2 })])
    expect(merged.map((x) => [x.id, x.ended_at !== null])).toEqual([[3, true], [2, true], [1, true]])
  })

  const roll = [rollAnswer({ device_id: 1, call_sign: '临溪10' }), rollAnswer({ device_id: 2, call_sign: '临溪2', state: 'answered' }), rollAnswer({ device_id: 3, call_sign: '洲头1', number: '370103', state: 'missing' })]

  it('reads call signs in their order and lists who is missing', () => {
    expect(inOrder(roll).map((a) => a.call_sign)).toEqual(['临溪2', '临溪10', '洲头1'])
    expect(missingOf(roll).map((a) => a.call_sign)).toEqual(['临溪10', '洲头1'])
  })

  it('knows whom a call sign means, those still missing first', () => {
    expect([heardAs(roll, '临溪')?.device_id, heardAs(roll, '103')?.device_id, heardAs(roll, '临溪2')?.device_id, heardAs(roll, '双金'), heardAs(roll, ' ')]).toEqual([1, 3, 2, null, null])
  })
})

it('names the links among the parts of the house, the broken ones first', () => {
  const links = linksOf({
    realtime: { ok: true },
    device_watch: { ok: true },
    jt808: { connections: 3 },
    'hytera:10.1.2.3': { ok: false, trouble: 'no_answer' },
    'beidou:/dev/ttyUSB0': { ok: true },
    'future:thing': { ok: true },
  })
  expect(links.map((l) => [l.kind, l.where, l.ok, l.why])).toEqual([
    ['hytera', '10.1.2.3', false, 'no_answer'],
    ['beidou', 'ttyUSB0', true, ''],
    ['other', 'future:thing', true, ''],
    ['jt808', '', true, ''],
  ])
})

describe('the form of a device', () => {
  it('tells why a device is out of service only of one that stands in the register', () => {
    const before = deviceDraft(device({ active: false, off_reason: '送修' }))
    expect(changesOf(before, { ...before, off_reason: '配件未到', fenced: true })).toEqual({ off_reason: '配件未到', fenced: true })
    expect(Object.keys(toDevice(before))).not.toContain('off_reason')
  })

  it('sends what differs and nothing else', () => {
    const before = deviceDraft(device({ lon: 115.6, lat: 28, talk_groups: ['1', '101'] }))
    expect(changesOf(before, { ...before })).toEqual({})
    expect(changesOf(before, { ...before, point: '', groups: '1、102，7', holder_id: null, label: '临溪9' })).toEqual({ lon: null, lat: null, talk_groups: ['1', '102', '7'], label: '临溪9', holder_id: null })
  })

  it('sends both halves of a place, also when one alone changed', () => {
    const before = deviceDraft(device({ lon: 115.6, lat: 28 }))
    expect(changesOf(before, { ...before, point: '115.6, 28.1' })).toEqual({ lon: 115.6, lat: 28.1 })
  })

  it('files a number of the quarantine as what its family usually is', () => {
    expect(toDevice({ ...deviceDraft(null, { family: 'rdss21', number: '500999' }), label: 'x', region_code: '990181100000' })).toMatchObject({ family: 'rdss21', number: '500999', kind: 'beidou_terminal', lon: null, coverage_km: null })
  })
})
