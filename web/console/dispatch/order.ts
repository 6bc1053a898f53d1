import type { IncidentFact } from '@/api/types'

/** The order as it would be read over the radio: number, what, where, how bad, go. */
export function orderText(incident: IncidentFact, lang: 'zh' | 'en'): string {
  const trapped = incident.casualties.trapped
  const where = [incident.region_path, incident.address].filter(Boolean).join(lang === 'zh' ? '' : ', ')
  if (lang === 'en') {
    const life = incident.life_threat ? ' Lives at risk.' : ''
    const people = trapped === null ? '' : ` ${trapped} trapped.`
    return `${incident.number} ${incident.event_name_en.replaceAll('_', ' ')}, ${where}.${people}${life} ${incident.description} Proceed at once and report on arrival.`
  }
  const life = incident.life_threat ? '，危及生命' : ''
  const people = trapped === null ? '' : `，被困${trapped}人`
  const words = incident.description === '' ? '' : `${incident.description.replace(/[。.]?$/, '。')}`
  return `${incident.number} ${incident.event_name_zh}，${where}${people}${life}。${words}请立即出动，到场即报。`
}
