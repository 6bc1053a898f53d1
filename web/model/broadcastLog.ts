import type { Event } from '@/api/events'
import type { LogLine } from './log'

/** What happens to broadcasts and loudspeakers. */
export type BroadcastEvent = Extract<Event, { type: `broadcast.${string}` }>

export const isBroadcast = (event: Event): event is BroadcastEvent => event.type.startsWith('broadcast.')

const line = (zh: string, en: string, loud = false): LogLine => ({ category: 'dispatch', zh, en, loud })

const STEPS = {
  'broadcast.drafted': ['拟稿', 'drafted'],
  'broadcast.edited': ['修改', 'edited'],
  'broadcast.submitted': ['送审', 'handed in'],
  'broadcast.returned': ['退回', 'sent back'],
  'broadcast.approved': ['审批通过', 'approved'],
  'broadcast.consented': ['电话同意', 'consented to by telephone'],
  'broadcast.countersigned': ['补签', 'signed afterwards'],
  'broadcast.signature_due': ['待补签，同意人', 'signature owed by'],
  'broadcast.issued': ['下发', 'issued'],
  'broadcast.started': ['开始播发', 'on the air'],
  'broadcast.finished': ['播发结束', 'over'],
  'broadcast.stopped': ['停播', 'stopped'],
  'broadcast.expired': ['过期未播', 'expired'],
  'broadcast.dropped': ['作废', 'dropped'],
  'broadcast.undelivered': ['未能下发', 'not delivered'],
} as const
const LOUD: readonly string[] = ['broadcast.undelivered', 'broadcast.signature_due']
const REPAIRS = {
  'broadcast.repair_opened': ['维修任务', 'repairs opened'],
  'broadcast.repair_taken': ['维修落实责任人', 'repairs taken'],
  'broadcast.repair_done': ['维修办结', 'repaired'],
} as const

/** An event of broadcasts as the log would say it. */
export function broadcastLine(event: BroadcastEvent): LogLine {
  switch (event.type) {
    case 'broadcast.reached': {
      const { title, reached, villages } = event.broadcast
      return line(`应急广播“${title}”播到 ${reached}/${villages} 个村`, `Broadcast “${title}” has reached ${reached} of ${villages} villages`)
    }
    case 'broadcast.drawn':
    case 'broadcast.verified': {
      const places = event.villages.map((v) => v.path).join('、')
      const asked = event.type === 'broadcast.verified'
      return line(`应急广播“${event.broadcast.title}”${asked ? '回访' : '抽查'} ${places}`, `Broadcast “${event.broadcast.title}”: ${asked ? 'asked' : 'drawn'} ${places}`)
    }
    case 'broadcast.repair_opened':
    case 'broadcast.repair_taken':
    case 'broadcast.repair_done': {
      const [zh, en] = REPAIRS[event.type]
      const first = event.repairs[0]?.terminal ?? ''
      const more = event.repairs.length > 1 ? ` +${event.repairs.length - 1}` : ''
      return line(`大喇叭${zh} ${first}${more}`, `Loudspeaker ${en}: ${first}${more}`)
    }
    default: {
      const [zh, en] = STEPS[event.type]
      const { title, reached, villages } = event.broadcast
      const told = event.words === '' ? '' : `：${event.words}`
      const result = event.type === 'broadcast.finished' ? `，播到 ${reached}/${villages} 个村` : ''
      const count = event.type === 'broadcast.finished' ? `, ${reached} of ${villages} villages` : ''
      return line(`应急广播“${title}”${zh}${result}${told}`, `Broadcast “${title}” ${en}${count}${event.words === '' ? '' : `: ${event.words}`}`, LOUD.includes(event.type))
    }
  }
}
