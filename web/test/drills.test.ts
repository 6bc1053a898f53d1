import { describe, expect, it } from 'vitest'
import { drilled, heed, QUIET } from '@/model/alarms'
import { alarmQueue, incidentQueue } from '@/model/queue'
import { taskRows } from '@/model/units'
import { alarm, assignment, incident, team } from './facts'

describe('a drill beside the real thing', () => {
  it('never stands above it, however old or grave', () => {
    const drill = incident({ id: 1, drill_id: 4, initial_level: 1, received_at: '2026-07-01T10:00:00Z' })
    const real = incident({ id: 2, initial_level: 4 })
    expect(incidentQueue([drill, real], [], Date.parse('2026-07-01T18:20:00Z')).map((r) => r.incident.id)).toEqual([2, 1])
    expect(alarmQueue([alarm({ id: 1, drill_id: 4 }), alarm({ id: 2, kind: 'low_battery' })]).map((a) => a.id)).toEqual([2, 1])
  })

  it('has a sound of its own and never that of a real call for help', () => {
    const both = [alarm({ id: 1, drill_id: 4 }), alarm({ id: 2 })]
    expect([...heed(QUIET, both).open]).toEqual([2])
    expect(drilled(both)).toEqual([1])
  })

  it('holds no team from what is real', () => {
    const t = team({ id: 3, standby: true })
    const drill = assignment({ id: 7, team_id: 3, state: 'on_scene', drill: true })
    expect(taskRows([t], [drill])[0]?.status).toBe('available')
    const real = assignment({ id: 8, team_id: 3, state: 'dispatched' })
    for (const order of [[drill, real], [real, drill]]) expect(taskRows([t], order)[0]).toMatchObject({ status: 'dispatched', assignment: { id: 8 } })
  })
})
