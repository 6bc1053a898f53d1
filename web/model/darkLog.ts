import type { Event } from '@/api/events'
import type { LogLine } from './log'

type Noun = 'contact' | 'network' | 'messenger' | 'late' | 'pair' | 'clock'
/** What happens while there is no road, no power or no network. */
export type DarkEvent = Extract<Event, { type: `${Noun}.${string}` }>

export const isDark = (event: Event): event is DarkEvent => /^(contact|network|messenger|late|pair|clock)\./.test(event.type)

/** A means by which somebody is reached or told, in both languages. */
export const MEANS: Record<string, readonly [zh: string, en: string]> = {
  gateway: ['网关', 'gateway'],
  vehicle: ['车载终端', 'vehicle terminal'],
  app: ['应用', 'app'],
  sms: ['短信', 'SMS'],
  voice: ['手机通话', 'mobile call'],
  telephone: ['电话', 'telephone'],
  duty_line: ['值班电话', 'duty line'],
  radio: ['电台', 'radio'],
  radio_370: ['370 电台', '370 MHz radio'],
  satellite_phone: ['卫星电话', 'satellite phone'],
  beidou: ['北斗短报文', 'Beidou text'],
  sbd: ['铱星短数据', 'Iridium SBD'],
  neighbour: ['邻近单位代传', 'through a neighbour'],
  messenger: ['通信员', 'messenger'],
  in_person: ['当面', 'in person'],
  fax: ['传真', 'fax'],
  paper: ['书面', 'on paper'],
  document: ['文件', 'document'],
}
export const meansOf = (name: string): readonly [zh: string, en: string] => MEANS[name] ?? [name, name]

const line = (category: LogLine['category'], zh: string, en: string, loud = false): LogLine => ({ category, zh, en, loud })

const RESULTS = { reached: ['通', 'reached'], no_answer: ['无应答', 'no answer'], failed: ['不通', 'failed'] } as const
const ERRANDS = {
  'messenger.sent': ['派出通信员', 'Messenger sent'],
  'messenger.arrived': ['通信员到达', 'Messenger arrived'],
  'messenger.back': ['通信员返回', 'Messenger back'],
  'messenger.overdue': ['通信员逾期未归', 'Messenger not back in time'],
} as const

/** An event of the dark as the log would say it. */
export function darkLine(event: DarkEvent): LogLine {
  switch (event.type) {
    case 'contact.lost':
      return line('device', `${event.name_zh} 失联`, `${event.name_zh} is out of contact`, true)
    case 'contact.limited': {
      const by = event.means.map(meansOf)
      return line('device', `${event.name_zh} 仅 ${by.map((m) => m[0]).join('、')} 可用`, `${event.name_zh} answers by ${by.map((m) => m[1]).join(', ')} only`, true)
    }
    case 'contact.restored':
      return line('device', `${event.name_zh} 恢复联络`, `${event.name_zh} is heard again`)
    case 'contact.taken':
      return line('device', `${event.task.owner} 接手恢复联络 ${event.task.name_zh}`, `${event.task.owner} restores contact with ${event.task.name_zh}`)
    case 'contact.task_closed':
      return line('device', `恢复联络办结 ${event.task.name_zh}：${event.task.closed_how}`, `Task closed for ${event.task.name_zh}: ${event.task.closed_how}`)
    case 'contact.attempted': {
      const tried = event.attempt
      if (tried === null) return line('device', `尝试联络 ${event.task.name_zh}`, `Tried to reach ${event.task.name_zh}`)
      const [by, came] = [meansOf(tried.means), RESULTS[tried.result]]
      return line('device', `联络 ${event.task.name_zh}：${by[0]} ${came[0]}`, `${event.task.name_zh} by ${by[1]}: ${came[1]}`)
    }
    case 'clock.stepped':
      return line('device', event.zh, event.en, true)
    case 'network.suspected':
      return line('device', '多数单位同时静默，疑似本中心公网中断', 'Most units fell silent at once: our own network is suspected', true)
    case 'network.offline':
      return line('device', '本中心公网中断，消息待发', 'Our public network is away, messages wait', true)
    case 'network.back':
      return line('device', `本中心公网恢复：待发 ${event.waiting}，迟发 ${event.late}，过时 ${event.too_old}`, `Our public network is back: ${event.waiting} waited, ${event.late} late, ${event.too_old} too old`)
    case 'network.late_decided': {
      const [zh, en] = event.message.decision === 'again' ? ['重发', 'sent again'] : ['不再发送', 'dropped']
      return line('delivery', `过时消息${zh} ${event.message.address}`, `Late message ${en}: ${event.message.address}`)
    }
    case 'late.entered': {
      const by = meansOf(event.entry.channel)
      return line('incident', `事后补录（${by[0]} ${event.entry.voucher}）${event.entry.words}`, `After the fact (${by[1]}, ${event.entry.voucher}): ${event.entry.words}`)
    }
    case 'messenger.sent':
    case 'messenger.arrived':
    case 'messenger.back':
    case 'messenger.overdue': {
      const [zh, en] = ERRANDS[event.type]
      const { messenger, village_names: villages, region_path: path } = event.messenger
      const where = villages.length > 0 ? villages.join('、') : path
      return line('dispatch', `${zh} ${messenger} → ${where}`, `${en}: ${messenger} → ${where}`, event.type === 'messenger.overdue')
    }
    case 'pair.suspected':
      return line('incident', `疑似重复：${event.pair.why_zh}`, `May be told twice: ${event.pair.why_en}`)
    case 'pair.settled':
      return line('incident', `对账：${event.pair.reason}`, `Reconciled: ${event.pair.reason}`)
  }
}
