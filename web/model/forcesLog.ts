import type { Event } from '@/api/events'
import { channel } from './channelWords'

export type ForcesEvent = Extract<Event, { type: 'team.stationed' | 'team.returned_home' | 'partner.registered' | 'partner.amended' | 'partner.retired' | 'maintenance.begun' | 'maintenance.ended' }>

const PARTNER: Record<string, [string, string]> = {
  'partner.registered': ['登记增援单位', 'Partner registered'],
  'partner.amended': ['修改增援单位', 'Partner amended'],
  'partner.retired': ['停用增援单位', 'Partner retired'],
}

/** What the stationing of teams and the list of partners say in the log. */
export function forcesLine(event: ForcesEvent): [string, string] {
  switch (event.type) {
    case 'team.stationed': {
      const { team_name, place, kind, reason } = event.deployment
      const [zh, en] = kind === 'move_up' ? ['补位', 'moved up to'] : ['靠前驻防', 'stationed at']
      return [`${team_name} ${zh}${place}：${reason}`, `${team_name} ${en} ${place}: ${reason}`]
    }
    case 'team.returned_home':
      return [`${event.deployment.team_name} 从${event.deployment.place}归建`, `${event.deployment.team_name} came back from ${event.deployment.place}`]
    case 'maintenance.begun':
    case 'maintenance.ended': {
      const m = event.maintenance
      const what = m.team_name ?? channel(m.channel)[0]
      const whatEn = m.team_name ?? channel(m.channel)[1]
      return event.type === 'maintenance.ended' ? [`${what} 检修结束`, `${whatEn} is back from maintenance`] : [`${what} 检修：${m.reason}`, `${whatEn} in maintenance: ${m.reason}`]
    }
    default: {
      const [zh, en] = PARTNER[event.type] ?? ['', '']
      return [`${zh} ${event.partner.name_zh}`, `${en}: ${event.partner.name_en || event.partner.name_zh}`]
    }
  }
}
