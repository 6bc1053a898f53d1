import type { Event } from '@/api/events'
import type { LogLine } from './log'

/** What happens to shelters and evacuations. */
export type ShelterEvent = Extract<Event, { type: `shelter.${string}` | `evacuation.${string}` }>

export const isShelter = (event: Event): event is ShelterEvent => event.type.startsWith('shelter.') || event.type.startsWith('evacuation.')

const line = (zh: string, en: string, loud = false): LogLine => ({ category: 'dispatch', zh, en, loud })

const STATES = {
  'shelter.opened': ['开启', 'opened'],
  'shelter.counted': ['清点', 'counted'],
  'shelter.closed': ['关闭', 'closed'],
} as const
const PROGRESS = {
  'evacuation.added': ['名单增补', 'added to the list'],
  'evacuation.moved': ['人员转移', 'moved'],
  'evacuation.refused': ['拒绝转移', 'refused to go'],
  'evacuation.corrected': ['更正转移登记', 'ticks set back'],
  'evacuation.returned': ['返家', 'home again'],
  'evacuation.missing': ['失联', 'missing'],
} as const

/** An event of shelters as the log would say it; nobody is named. */
export function shelterLine(event: ShelterEvent): LogLine {
  switch (event.type) {
    case 'shelter.registered':
      return line(`新增避难场所 ${event.shelter.name_zh}`, `Shelter entered: ${event.shelter.name_zh}`)
    case 'shelter.amended':
      return line(`避难场所变更 ${event.shelter.name_zh}`, `Shelter amended: ${event.shelter.name_zh}`)
    case 'shelter.opened':
    case 'shelter.counted':
    case 'shelter.closed': {
      const [zh, en] = STATES[event.type]
      const heads = event.heads === null ? '' : ` ${event.heads}/${event.shelter.capacity}`
      const why = event.reason === '' ? '' : `：${event.reason}`
      return line(`${zh} ${event.shelter.name_zh}${heads}${why}`, `Shelter ${en}: ${event.shelter.name_zh}${heads}`)
    }
    case 'shelter.nearly_full': {
      const { name_zh: name, present, capacity } = event.shelter
      const next = event.proposed?.shelter.name_zh
      return line(`${name} 容量告急 ${present}/${capacity}${next ? `，建议启用 ${next}` : ''}`, `${name} nearly full: ${present}/${capacity}${next ? `; next: ${next}` : ''}`, true)
    }
    case 'shelter.village_set':
      return line(`${event.village.village_path} 转移去向：${event.village.shelter_name}`, `${event.village.village_path} goes to ${event.village.shelter_name}`)
    case 'evacuation.residents_imported':
      return line(`导入转移户名册：新增 ${event.created}，变更 ${event.amended}`, `Households imported: ${event.created} new, ${event.amended} amended`)
    case 'evacuation.ordered':
    case 'evacuation.ended': {
      const [zh, en] = event.type === 'evacuation.ordered' ? ['下达人员转移', 'Evacuation ordered'] : ['人员转移结束', 'Evacuation ended']
      const places = event.villages.join('、')
      return line(`${zh} ${places} ${event.evacuation.tally.total} 人`, `${en}: ${places}, ${event.evacuation.tally.total}`, event.type === 'evacuation.ordered')
    }
    case 'evacuation.added':
    case 'evacuation.moved':
    case 'evacuation.refused':
    case 'evacuation.corrected':
    case 'evacuation.returned':
    case 'evacuation.missing': {
      const [zh, en] = PROGRESS[event.type]
      const { moved, total } = event.evacuation.tally
      const to = event.shelter_name === '' ? '' : ` → ${event.shelter_name}`
      const where = `${event.villages.join('、')}${to}`
      return line(`${zh} ${where} ${event.count} 人（${moved}/${total}）`, `${where}: ${event.count} ${en} (${moved} of ${total})`, event.type === 'evacuation.missing')
    }
  }
}
