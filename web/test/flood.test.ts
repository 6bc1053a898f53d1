import { expect, it } from 'vitest'
import type { Event } from '@/api/events'
import { clusters, raisedLately } from '@/model/flood'
import { alarm, event } from './facts'

const MINUTE = 60_000

it('counts the alarms of people of the last ten minutes, not troubles of devices', () => {
  const raised = (seq: number, kind: 'sos' | 'low_battery'): Event => event(seq, { type: 'alarm.raised', alarm: alarm({ id: seq, kind }) })
  const log = [raised(1, 'sos'), raised(2, 'low_battery'), raised(3, 'sos')]
  const at = Date.parse(log[0]?.at ?? '')
  expect([raisedLately(log, at), raisedLately(log, at + 10 * MINUTE)]).toEqual([2, 0])
})

it('three of one kind from one place are one row; others and acknowledged ones stay apart', () => {
  const many = [1, 2, 3].map((id) => alarm({ id }))
  const taken = alarm({ id: 4, state: 'acknowledged' })
  const call = alarm({ id: 5, kind: 'call' })
  const rows = clusters([...many, taken, call], () => '临溪镇')
  expect(rows.many.map((c) => [c.kind, c.place, c.alarms.map((a) => a.id)])).toEqual([['sos', '临溪镇', [1, 2, 3]]])
  expect(rows.alone.map((a) => a.id)).toEqual([4, 5])
})

it('loses no alarm, however they fall into rows', () => {
  const queue = Array.from({ length: 100 }, (_, id) => alarm({ id, kind: id % 3 === 0 ? 'call' : 'sos' }))
  const rows = clusters(queue, (a) => `镇${a.id % 7}`)
  expect([...rows.many.flatMap((c) => c.alarms), ...rows.alone].map((a) => a.id).sort((a, b) => a - b)).toEqual(queue.map((a) => a.id))
})
