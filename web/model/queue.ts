import type { AlarmFact, AssignmentFact, IncidentFact } from '@/api/types'
import { weightOf } from './alarms'
import { unreplaced } from './replacement'
import { isActive, isOverdue } from './steps'

export interface QueueRow {
  readonly incident: IncidentFact
  readonly assignments: readonly AssignmentFact[]
  readonly active: number
  readonly onScene: number
  /** The oldest order that waits for an answer beyond its time; null when none does. */
  readonly overdue: AssignmentFact | null
  /** Nobody has been sent yet. */
  readonly unattended: boolean
  /** How many teams were diverted and replaced by nobody. */
  readonly gaps: number
}

function rowOf(incident: IncidentFact, assignments: AssignmentFact[], now: number): QueueRow {
  const active = assignments.filter((a) => isActive(a.state))
  const overdue = active
    .filter((a) => isOverdue(a, now))
    .sort((a, b) => a.answer_due_at.localeCompare(b.answer_due_at))
  return {
    incident,
    assignments,
    active: active.length,
    onScene: active.filter((a) => a.state === 'on_scene').length,
    overdue: overdue[0] ?? null,
    unattended: active.length === 0 && !assignments.some((a) => a.state === 'task_done'),
    gaps: unreplaced(assignments).length,
  }
}

/** What is in earnest above every drill; overdue first, then nobody sent, then by level and age: what waits longest for a hand stands on top. */
export function incidentQueue(
  incidents: Iterable<IncidentFact>,
  assignments: Iterable<AssignmentFact>,
  now: number,
): QueueRow[] {
  const byIncident = new Map<number, AssignmentFact[]>()
  for (const a of assignments) byIncident.set(a.incident_id, [...(byIncident.get(a.incident_id) ?? []), a])
  return [...incidents]
    .map((incident) => rowOf(incident, byIncident.get(incident.id) ?? [], now))
    .sort(
      (a, b) =>
        Number(a.incident.drill_id !== null) - Number(b.incident.drill_id !== null) ||
        Number(b.overdue !== null) - Number(a.overdue !== null) ||
        Number(b.unattended) - Number(a.unattended) ||
        a.incident.initial_level - b.incident.initial_level ||
        a.incident.received_at.localeCompare(b.incident.received_at),
    )
}

const RANK = { distress: 0, call: 1, trouble: 2 } as const

const isDrill = (alarm: AlarmFact): boolean => alarm.drill_id !== null
const isTrouble = (alarm: AlarmFact): boolean => weightOf(alarm) === 'trouble'

/**
 * Calls for help above telephone calls, those nobody has acknowledged first, the oldest on top; trouble
 * of devices below them all, however new: a flat battery never hides somebody in need. Drills last of all.
 */
export function alarmQueue(alarms: Iterable<AlarmFact>): AlarmFact[] {
  return [...alarms].sort(
    (a, b) =>
      Number(isDrill(a)) - Number(isDrill(b)) ||
      Number(isTrouble(a)) - Number(isTrouble(b)) ||
      Number(a.state !== 'open') - Number(b.state !== 'open') ||
      RANK[weightOf(a)] - RANK[weightOf(b)] ||
      a.first_heard_at.localeCompare(b.first_heard_at),
  )
}

export interface AlarmGroups {
  /** People: calls for help and telephone calls. */
  readonly urgent: readonly AlarmFact[]
  readonly troubles: readonly AlarmFact[]
}

export function alarmGroups(queue: readonly AlarmFact[]): AlarmGroups {
  return { urgent: queue.filter((a) => !isTrouble(a)), troubles: queue.filter(isTrouble) }
}

/** How often each kind stands among the troubles, the most frequent first. */
export function troubleCounts(troubles: readonly AlarmFact[]): [kind: AlarmFact['kind'], n: number][] {
  const counts = new Map<AlarmFact['kind'], number>()
  for (const alarm of troubles) counts.set(alarm.kind, (counts.get(alarm.kind) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}

/**
 * The alarm that comes to hand by itself: the first nobody has taken. It takes the place of a device's
 * trouble, never of an alarm of people that is being worked on.
 */
export function comesToHand(queue: readonly AlarmFact[], held: AlarmFact | undefined): AlarmFact | null {
  if (held !== undefined && !isTrouble(held)) return null
  return queue.find((a) => a.state === 'open' && !isTrouble(a)) ?? null
}

export type Selection = { kind: 'alarm' | 'incident'; id: number }

/** The entry `by` places further down the left column; stays at its ends. */
export function neighbour(entries: readonly Selection[], from: Selection | null, by: number): Selection | null {
  const at = entries.findIndex((e) => e.kind === from?.kind && e.id === from.id)
  const wanted = at < 0 ? (by > 0 ? 0 : entries.length - 1) : at + by
  return entries[Math.max(0, Math.min(entries.length - 1, wanted))] ?? null
}
