import type { AssignmentFact } from '@/api/types'

const counts = (a: AssignmentFact): boolean => a.state !== 'declined' && a.state !== 'cancelled'

/** Who was sent to an incident in place of a team that was diverted from it; undefined while nobody was. */
export function replacementOf(left: AssignmentFact, all: Iterable<AssignmentFact>): AssignmentFact | undefined {
  const sent = [...all].filter((a) => a.incident_id === left.incident_id && a.id !== left.id && counts(a))
  const since = left.cancelled_at ?? left.assigned_at
  return sent.find((a) => a.replaces_id === left.id) ?? sent.find((a) => a.assigned_at >= since)
}

/** Teams that were diverted from an incident and replaced by nobody. */
export function unreplaced(assignments: readonly AssignmentFact[]): AssignmentFact[] {
  return assignments.filter((a) => a.diverted_to_id !== null && replacementOf(a, assignments) === undefined)
}
