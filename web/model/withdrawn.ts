import type { Event } from '@/api/events'

type Told = Record<string, unknown>

const isTold = (x: unknown): x is Told => typeof x === 'object' && x !== null && !Array.isArray(x)

/** The incident a thing belongs to; an incident belongs to itself. */
function incidentOf(name: string, told: unknown): number | null {
  if (!isTold(told)) return null
  const id = name === 'incident' ? told.id : told.incident_id
  return typeof id === 'number' ? id : null
}

/** Whether an event speaks of an incident: of itself, or of an alarm, an order, a team that belongs to it. */
export function speaksOf(event: Event, incidentId: number): boolean {
  const told = event as unknown as Told
  return told.incident_id === incidentId || Object.entries(told).some(([name, part]) => incidentOf(name, part) === incidentId)
}

/** Which incident has just left this person's sight; null for every other event. */
export const leftSight = (event: Event): number | null => (event.type === 'incident.withdrawn' ? event.incident_id : null)
