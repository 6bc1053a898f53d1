import { describe, expect, it } from 'vitest'
import type { Event } from '@/api/events'
import { leftSight, speaksOf } from '@/model/withdrawn'

const event = (told: object): Event => told as Event

describe('what speaks of an incident', () => {
  it.each([
    [{ type: 'incident.amended', incident: { id: 7 } }, true],
    [{ type: 'assignment.dispatched', assignment: { id: 1, incident_id: 7 }, incident: { id: 7 } }, true],
    [{ type: 'order.issued', order: { id: 7, incident_id: 3 } }, false],
    [{ type: 'order.issued', order: { id: 1, incident_id: 7 } }, true],
    [{ type: 'alarm.confirmed', alarm: { id: 7, incident_id: null }, incident: { id: 8 } }, false],
    [{ type: 'incident.withdrawn', incident_id: 7 }, true],
    [{ type: 'team.standby_changed', team: { id: 7 } }, false],
  ])('%o', (told, expected) => {
    expect(speaksOf(event(told), 7)).toBe(expected)
  })

  it('leaves sight by one event alone', () => {
    expect(leftSight(event({ type: 'incident.withdrawn', incident_id: 7 }))).toBe(7)
    expect(leftSight(event({ type: 'incident.closed', incident: { id: 7 } }))).toBe(null)
  })
})
