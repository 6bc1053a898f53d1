import type { Event } from '@/api/events'
import type { LogLine } from './log'

export type HandoverEvent = Extract<Event, { type: `handover.${string}` | 'duty_log.entered' }>

export const isHandover = (event: Event): event is HandoverEvent =>
  event.type.startsWith('handover.') || event.type === 'duty_log.entered'

const line = (zh: string, en: string, loud = false): LogLine => ({ category: 'duty', zh, en, loud })

const PART: Record<'outgoing' | 'incoming' | 'leader', [string, string]> = {
  outgoing: ['交班', 'outgoing'],
  incoming: ['接班', 'incoming'],
  leader: ['带班领导', 'leader'],
}

/** What happens when a desk changes hands, and what is written in its book. */
export function handoverLine(event: HandoverEvent): LogLine {
  switch (event.type) {
    case 'handover.opened':
      return line(`${event.handover.post_name} 开始交接班`, `${event.handover.post_name} begins to hand over`)
    case 'handover.compiled':
      return line(`交接单更新 ${event.items.length} 项`, `Hand-over sheet: ${event.items.length} items changed`)
    case 'handover.item_opened':
      return line(`查看交接项：${event.item.zh}`, `Hand-over item read: ${event.item.en}`)
    case 'handover.item_ticked': {
      const { zh, en, ticked_by, in_order, remark } = event.item
      return line(`${ticked_by} 接收：${zh}${remark === '' ? '' : `（${remark}）`}`, `${ticked_by} took over: ${en}${remark === '' ? '' : ` (${remark})`}`, in_order === false)
    }
    case 'handover.signed': {
      const [zh, en] = PART[event.signature.part]
      return line(`${zh}签字 ${event.signature.person_name}`, `Signed (${en}) by ${event.signature.person_name}`)
    }
    case 'handover.completed':
      return line(`${event.handover.post_name} 交接完成，${event.owner.lead_name} 接班`, `${event.handover.post_name} handed over to ${event.owner.lead_name}`, true)
    case 'handover.arrived':
      return line(`${event.member.name} 到岗`, `${event.member.name} is here`)
    case 'handover.late':
      return line(`${event.member.name} 迟到 ${event.member.late_min} 分钟`, `${event.member.name} is ${event.member.late_min} min late`, true)
    case 'handover.left': {
      const early = event.member.left_before_relief
      return line(`${event.member.name} 离岗${early ? '，接班人未到' : ''}`, `${event.member.name} left${early ? ' before relief' : ''}`, early)
    }
    case 'handover.matter_added':
      return line(`待交：${event.matter.text}`, `To hand on: ${event.matter.text}`)
    case 'handover.matter_due': {
      const to = event.owner?.lead_name ?? null
      return line(`到期：${event.matter.text}${to === null ? '' : `，责任人 ${to}`}`, `Due: ${event.matter.text}${to === null ? '' : `, owner ${to}`}`, true)
    }
    case 'handover.matter_closed':
      return line(`办结：${event.matter.text}`, `Done: ${event.matter.text}`)
    case 'duty_log.entered': {
      const { text, corrects_seq: old } = event.entry
      return old === null ? line(`日志：${text}`, `Log: ${text}`) : line(`日志更正 #${old}：${text}`, `Log, corrects #${old}: ${text}`)
    }
    default: {
      const { type } = event as { type: string } // younger than this page
      return line(type, type)
    }
  }
}
