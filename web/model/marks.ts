import type { AlarmFact, IncidentFact } from '@/api/types'
import { searchRadiusM, weightOf } from './alarms'
import { signOf } from './teams'
import { fixTime, freshness, type UnitRow } from './units'

/** A unit as the map draws it at an instant; `words` says an age. Words are made only of what is old enough to be told. */
export function unitMark(row: UnitRow, at: number, incidents: ReadonlyMap<number, IncidentFact>, words: (ageMs: number) => string) {
  const p = row.position
  if (p === null) return []
  const age = at - fixTime(p)
  const style = freshness(age)
  const incident = row.assignment === null ? undefined : incidents.get(row.assignment.incident_id)
  const onRoad = row.status === 'acknowledged' || row.status === 'en_route'
  const target = onRoad && incident && incident.lon !== null && incident.lat !== null ? { lon: incident.lon, lat: incident.lat } : null
  return [
    {
      team_id: row.team.id,
      label: signOf(row.team),
      lon: p.lon,
      lat: p.lat,
      age_s: Math.round(age / 1000),
      style,
      age: style === 'fresh' ? '' : words(age),
      committed: row.assignment !== null,
      target,
    },
  ]
}

/** An incident as the map draws it; none without a place. */
export const incidentMark = (i: IncidentFact, selected: boolean) =>
  i.lon === null || i.lat === null ? [] : [{ id: i.id, number: i.number, title: i.title, level: i.initial_level, lon: i.lon, lat: i.lat, selected }]

/** The circle is drawn anew when it has grown by so much. */
const SEARCH_STEP_M = 10

/** An alarm as the map draws it; none without a place. */
export const alarmMark = (a: AlarmFact, selected: boolean, at: number) =>
  a.lon === null || a.lat === null
    ? []
    : [{ id: a.id, state: a.state, weight: weightOf(a), label: weightOf(a) === 'trouble' ? a.device_label : (a.holder_name ?? a.device_label), lon: a.lon, lat: a.lat, selected, search: !a.search ? null : { lon: a.search.lon, lat: a.search.lat, radius_m: Math.round(searchRadiusM(a.search, at) / SEARCH_STEP_M) * SEARCH_STEP_M }, trail: a.trail.slice(0, 5).map((p) => ({ lon: p.lon, lat: p.lat })) }]
