import { computed } from 'vue'
import { agoText } from '@/i18n'
import { weightOf } from '@/model/alarms'
import { alarmMark, incidentMark, unitMark } from '@/model/marks'
import { now } from '@/ui/clock'
import { alarms, incidentsById, selection, units } from '../store'

const chosen = (kind: string, id: number): boolean => selection.value?.kind === kind && selection.value.id === id

/** Reckoned every second for every unit. */
export const unitMarks = computed(() => {
  const [at, incidents] = [now.value, incidentsById.value]
  return units.value.flatMap((row) => unitMark(row, at, incidents, agoText))
})

export const incidentMarks = computed(() => [...incidentsById.value.values()].flatMap((i) => incidentMark(i, chosen('incident', i.id))))

export const alarmMarks = computed(() => alarms.value.flatMap((a) => alarmMark(a, chosen('alarm', a.id), now.value)))

/** What must be seen, wherever the operator looks: the call for help, else the gravest incident. */
export const urgent = computed(() => {
  const alarm = alarms.value.find((a) => a.state === 'open' && weightOf(a) === 'distress' && a.lon !== null && a.lat !== null)
  if (alarm) return { label: alarm.holder_name ?? alarm.device_label, lon: alarm.lon ?? 0, lat: alarm.lat ?? 0 }
  const top = incidentMarks.value.find((i) => i.level === 1)
  return top === undefined ? null : { label: top.title, lon: top.lon, lat: top.lat }
})
