import { computed } from 'vue'
import { agoText } from '@/i18n'
import { weightOf } from '@/model/alarms'
import { fixTime, freshness } from '@/model/units'
import { now } from '@/ui/clock'
import { alarms, incidentsById, selection, units } from '../store'

const chosen = (kind: string, id: number): boolean => selection.value?.kind === kind && selection.value.id === id

/** Reckoned every second for every unit: words are made only of what is old enough to be told. */
export const unitMarks = computed(() => {
  const [at, incidents] = [now.value, incidentsById.value]
  return units.value.flatMap((row) => {
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
        label: row.team.call_sign,
        lon: p.lon,
        lat: p.lat,
        age_s: Math.round(age / 1000),
        style,
        age: style === 'fresh' ? '' : agoText(age),
        committed: row.assignment !== null,
        target,
      },
    ]
  })
})

export const incidentMarks = computed(() =>
  [...incidentsById.value.values()].flatMap((i) =>
    i.lon === null || i.lat === null
      ? []
      : [{ id: i.id, number: i.number, title: i.title, level: i.initial_level, lon: i.lon, lat: i.lat, selected: chosen('incident', i.id) }],
  ),
)

export const alarmMarks = computed(() =>
  alarms.value.flatMap((a) =>
    a.lon === null || a.lat === null
      ? []
      : [{ id: a.id, state: a.state, weight: weightOf(a), label: weightOf(a) === 'trouble' ? a.device_label : (a.holder_name ?? a.device_label), lon: a.lon, lat: a.lat, selected: chosen('alarm', a.id), trail: a.trail.slice(0, 5).map((p) => ({ lon: p.lon, lat: p.lat })) }],
  ),
)

/** What must be seen, wherever the operator looks: the call for help, else the gravest incident. */
export const urgent = computed(() => {
  const alarm = alarms.value.find((a) => a.state === 'open' && weightOf(a) === 'distress' && a.lon !== null && a.lat !== null)
  if (alarm) return { label: alarm.holder_name ?? alarm.device_label, lon: alarm.lon ?? 0, lat: alarm.lat ?? 0 }
  const top = incidentMarks.value.find((i) => i.level === 1)
  return top === undefined ? null : { label: top.title, lon: top.lon, lat: top.lat }
})
