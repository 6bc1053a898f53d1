import type { ContactBoard } from '@/api/dark'
import { lang, t } from '@/i18n'
import type { ContactMark } from '@/map'
import { meansOf } from '@/model/darkLog'
import { timeOfDay } from '@/model/time'

/** The units that are not heard as they should be, as marks of the map. */
export function contactMarks(board: ContactBoard | null): ContactMark[] {
  return (board?.units ?? []).flatMap((u) => {
    if (u.state === 'ok' || u.lon === null || u.lat === null) return []
    const by = u.means.filter((m) => m.works).map((m) => meansOf(m.means)[lang.value === 'zh' ? 0 : 1])
    const stands = u.state === 'limited' ? t('dark.state.limited', { by: by.join('、') }) : t(`dark.state.${u.state}`)
    return [{ unit: u.unit, label: `${u.name_zh} ${stands} ${timeOfDay(u.heartbeat_at).slice(0, 5)}`, lon: u.lon, lat: u.lat, state: u.state }]
  })
}
