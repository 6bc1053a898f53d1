import { describe, expect, it } from 'vitest'
import { apply, fromSnapshot, withPositions, type Live } from '@/model/live'
import { alarm, assignment, delivery, event, incident, position, snapshot, team } from './facts'

const start = (): Live => fromSnapshot(snapshot())
const after = (live: Live, ...events: Parameters<typeof event>[1][]): Live =>
  events.reduce((l, payload) => apply(l, event(l.seq + 1, payload)), live)

describe('the event reducer', () => {
  it('drops an event it has already seen', () => {
    const live = after(start(), { type: 'alarm.raised', alarm: alarm() })
    expect(apply(live, event(live.seq, { type: 'alarm.dismissed', alarm: alarm({ state: 'dismissed' }) }))).toBe(live)
  })

  it('keeps acknowledged alarms open and lets settled ones go', () => {
    const raised = after(start(), { type: 'alarm.raised', alarm: alarm() })
    const acked = after(raised, { type: 'alarm.acknowledged', alarm: alarm({ state: 'acknowledged' }) })
    expect(acked.alarms.get(1)?.state).toBe('acknowledged')
    expect(after(acked, { type: 'alarm.dismissed', alarm: alarm({ state: 'dismissed' }) }).alarms.size).toBe(0)
  })

  it('turns a confirmed alarm into its incident', () => {
    const live = after(
      start(),
      { type: 'alarm.raised', alarm: alarm() },
      { type: 'alarm.confirmed', alarm: alarm({ state: 'confirmed', incident_id: 5 }), incident: incident() },
    )
    expect([live.alarms.size, live.incidents.get(5)?.number]).toEqual([0, 'SJ-20260701-005'])
  })

  it('removes a closed incident with its assignments and deliveries, and only those', () => {
    const full = fromSnapshot(
      snapshot({
        incidents: [incident(), incident({ id: 6 })],
        assignments: [assignment(), assignment({ id: 8, incident_id: 6 })],
        deliveries: [delivery(), delivery({ id: 10, assignment_id: 8 }), delivery({ id: 11, assignment_id: null })],
      }),
    )
    const live = after(full, { type: 'incident.closed', incident: incident({ state: 'closed' }), assignments: [assignment()], deliveries: [] })
    expect([...live.incidents.keys()]).toEqual([6])
    expect([...live.assignments.keys()]).toEqual([8])
    expect([...live.deliveries.keys()]).toEqual([10, 11])
  })

  it('keeps declined and finished assignments while the incident is open', () => {
    const live = after(
      start(),
      { type: 'assignment.dispatched', assignment: assignment(), incident: incident(), assignments: [assignment()], deliveries: [delivery()] },
      { type: 'assignment.declined', assignment: assignment({ state: 'declined' }), deliveries: [delivery({ state: 'cancelled' })], owner: null, note: '' },
    )
    expect(live.assignments.get(7)?.state).toBe('declined')
    expect(live.deliveries.get(9)?.state).toBe('cancelled')
    expect(live.incidents.has(5)).toBe(true)
  })

  it('loses sight of what became need-to-know', () => {
    const seen = after(
      start(),
      { type: 'alarm.raised', alarm: alarm() },
      { type: 'assignment.dispatched', assignment: assignment(), incident: incident(), assignments: [assignment()], deliveries: [delivery()] },
    )
    const live = after(
      seen,
      { type: 'alarm.withdrawn', alarm: alarm({ state: 'confirmed' }) },
      { type: 'incident.withdrawn', incident_id: 5 },
    )
    expect([live.alarms.size, live.incidents.size, live.assignments.size, live.deliveries.size]).toEqual([0, 0, 0, 0])
  })

  it('is not brought back to a closed incident by late feedback', () => {
    expect(after(start(), { type: 'delivery.delivered', delivery: delivery() }).deliveries.size).toBe(0)
  })

  it('takes deliveries and standby as they come, and a text only to the log', () => {
    const live = after(
      fromSnapshot(snapshot({ assignments: [assignment()] })),
      { type: 'delivery.submitted', delivery: delivery({ state: 'submitted' }) },
      { type: 'team.standby_changed', team: team({ standby: false }) },
      { type: 'text.received', text: { id: 1, device_id: 2, device_label: 'x', family: 'beidou', region_code: '990181', team_id: null, text: '水退了', heard_at: '' } },
    )
    expect([live.deliveries.get(9)?.state, live.teams.get(3)?.standby, live.seq]).toEqual(['submitted', false, 13])
  })

  it('moves its cursor over a kind of event it does not know', () => {
    const live = apply(start(), { seq: 99, at: '', actor: null, type: 'future.thing' } as never)
    expect(live.seq).toBe(99)
  })

  it('leaves untouched parts the same object, so that screens need not look again', () => {
    const before = start()
    const live = after(before, { type: 'alarm.raised', alarm: alarm() })
    expect(live.incidents).toBe(before.incidents)
    expect(before.alarms.size).toBe(0)
  })
})

describe('positions', () => {
  it('keep the latest of each device', () => {
    const newer = position({ heard_at: '2026-07-01T18:20:00Z', lon: 115.6 })
    const live = withPositions(withPositions(start(), [newer]), [position({ lon: 115.1 })])
    expect(live.positions.get(11)?.lon).toBe(115.6)
  })
})
