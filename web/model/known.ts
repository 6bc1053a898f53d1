import type { AssignmentFact, FigureFact, IncidentFact } from '@/api/types'

export type FigureKind = FigureFact['kind']

/** Each kind of figure with its unit, in the order people ask for them. */
export const UNIT_OF: Readonly<Record<FigureKind, 'person' | 'home' | 'wan' | 'ha' | 'degree'>> = {
  dead: 'person',
  missing: 'person',
  trapped: 'person',
  seriously_injured: 'person',
  slightly_injured: 'person',
  at_risk: 'person',
  evacuated: 'person',
  homes: 'home',
  loss: 'wan',
  loss_at_risk: 'wan',
  area: 'ha',
  magnitude: 'degree',
}
export const KINDS = Object.keys(UNIT_OF) as FigureKind[]

export type Verb = 'receive' | 'report' | 'relay' | 'follow'
export interface VerbState {
  readonly verb: Verb
  /** When it was first done, null while it is not. */
  readonly at: string | null
}

const earliest = (times: readonly (string | null | undefined)[]): string | null => times.filter((x): x is string => typeof x === 'string').sort()[0] ?? null

/** The four verbs of duty 接报传跟 by what the facts say: taken in, told upwards, orders out, an answer from the field. */
export function verbs(incident: IncidentFact, assignments: readonly AssignmentFact[]): VerbState[] {
  const mine = assignments.filter((a) => a.incident_id === incident.id)
  return [
    { verb: 'receive', at: incident.received_at },
    { verb: 'report', at: earliest([...incident.tellings.map((x) => x.told_at), ...mine.map((a) => a.leader_alerted_at)]) },
    { verb: 'relay', at: earliest(mine.map((a) => a.assigned_at)) },
    { verb: 'follow', at: earliest(mine.flatMap((a) => [a.acknowledged_at, a.en_route_at, a.on_scene_at, a.declined_at])) },
  ]
}
