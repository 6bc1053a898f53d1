import { shallowRef } from 'vue'
import { warningsApi } from '@/api/warnings'
import { word } from '@/i18n'
import type { WarnedMark } from '@/map'
import { colourSign } from '@/model/warnings'

const MOST = 12

/** The warnings in force as the map of the desk shows them. */
export const warned = shallowRef<readonly WarnedMark[]>([])

export async function readWarned(): Promise<void> {
  const list = await warningsApi.list('in_force').catch(() => null)
  if (list === null) return
  const whole = await Promise.all(list.slice(0, MOST).map((one) => warningsApi.one(one.id).catch(() => null)))
  warned.value = whole.flatMap((w) => {
    if (w === null) return []
    const colour = w.colour === null ? '' : word('warning.colour', w.colour)
    const drill = w.status === 'actual' ? '' : `【${word('warning.status', w.status)}】`
    const places = w.units.flatMap((u) => [{ lon: u.lon, lat: u.lat, named: true }, ...u.villages.map((v) => ({ lon: v.lon, lat: v.lat, named: false }))])
    return [{ id: w.id, label: `${drill}${w.event_name}${colour}`, hue: colourSign(w.colour)?.hue ?? '--warn', places, areas: w.areas }]
  })
}
