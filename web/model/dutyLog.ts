import type { Event } from '@/api/events'
import type { LogLine } from './log'
import { shortDay } from './time'

type Noun =
  | 'roster'
  | 'leave'
  | 'swap'
  | 'presence'
  | 'coverage'
  | 'handover'
  | 'duty_log'
  | 'spot_check'
  | 'standby'
  | 'readiness'
  | 'person'
  | 'unit'

/** What happens to rosters, people and the desk itself. */
export type DutyEvent = Extract<Event, { type: `${Noun}.${string}` }>

const NOUN =
  /^(roster|leave|swap|presence|coverage|handover|duty_log|spot_check|standby|readiness|person|unit)\./

export const isDuty = (event: Event): event is DutyEvent => NOUN.test(event.type)

const line = (zh: string, en: string, loud = false): LogLine => ({ category: 'duty', zh, en, loud })

const span = (from: string, to: string): string => `${shortDay(from)}–${shortDay(to)}`

/** An event of duty as the log would say it. */
export function dutyLine(event: DutyEvent): LogLine {
  switch (event.type) {
    case 'roster.published':
      return line(
        `值班表发布 ${event.month.slice(0, 7)}（第 ${event.revision} 版）${event.late ? '，逾期' : ''}`,
        `Roster published for ${event.month.slice(0, 7)} (revision ${event.revision})${event.late ? ', late' : ''}`,
      )
    case 'roster.overridden':
      return line(
        `排班调整 ${span(event.override.starts_at, event.override.ends_at)}：${event.override.reason}`,
        `Roster changed ${span(event.override.starts_at, event.override.ends_at)}: ${event.override.reason}`,
      )
    case 'roster.override_revoked':
      return line(
        `撤销排班调整 ${span(event.override.starts_at, event.override.ends_at)}`,
        `Roster change taken back ${span(event.override.starts_at, event.override.ends_at)}`,
      )
    case 'roster.temporary_set':
      return line(
        `临时排班 ${span(event.temporary.starts_at, event.temporary.ends_at)}：${event.temporary.reason}`,
        `Temporary schedule ${span(event.temporary.starts_at, event.temporary.ends_at)}: ${event.temporary.reason}`,
      )
    case 'roster.temporary_revoked':
      return line(
        `撤销临时排班 ${span(event.temporary.starts_at, event.temporary.ends_at)}`,
        `Temporary schedule taken back ${span(event.temporary.starts_at, event.temporary.ends_at)}`,
      )
    case 'leave.asked':
    case 'leave.approved':
    case 'leave.refused':
    case 'leave.withdrawn': {
      const [zh, en] = LEAVE[event.type]
      const when = span(event.leave.starts_at, event.leave.ends_at)
      return line(`${event.leave.person_name} ${zh} ${when}`, `${event.leave.person_name} ${en} ${when}`)
    }
    case 'duty_log.entered': {
      const { text, corrects_seq } = event.entry
      return corrects_seq === null ? line(`日志：${text}`, `Log: ${text}`) : line(`日志更正 #${corrects_seq}：${text}`, `Log, corrects #${corrects_seq}: ${text}`)
    }
    default:
      return handoverLine(event)
  }
}

type HandoverEvent = Extract<DutyEvent, { type: `handover.${string}` }>

const PART: Record<'outgoing' | 'incoming' | 'leader', [string, string]> = {
  outgoing: ['交班', 'outgoing'],
  incoming: ['接班', 'incoming'],
  leader: ['带班领导', 'leader'],
}

function handoverLine(event: HandoverEvent): LogLine {
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
    default:
      return unknownLine(event)
  }
}

const LEAVE: Record<`leave.${'asked' | 'approved' | 'refused' | 'withdrawn'}`, [string, string]> = {
  'leave.asked': ['申请请假', 'asks for leave'],
  'leave.approved': ['准假', 'is granted leave'],
  'leave.refused': ['未准假', 'is refused leave'],
  'leave.withdrawn': ['撤回请假', 'withdraws leave'],
}

/** A kind of event younger than this page is shown by its name rather than hidden. */
function unknownLine(event: never): LogLine {
  const { type } = event as { type: string }
  return line(type, type)
}
