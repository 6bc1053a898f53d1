import type { Event } from '@/api/events'
import { countOf } from './statusCalls'

/** What happens in status round-ups. */
export type StatusCallEvent = Extract<Event, { type: `status_call.${string}` }>

export const isStatusCall = (event: Event): event is StatusCallEvent => event.type.startsWith('status_call.')

type Words = readonly [zh: string, en: string, loud: boolean]

function roundLine(event: Extract<StatusCallEvent, { status_call: unknown }>): Words {
  const c = event.status_call
  switch (event.type) {
    case 'status_call.planned':
      return [`预定调度 ${c.title}`, `Round-up planned: ${c.title}`, false]
    case 'status_call.opened':
      return [`发起调度 ${c.title}：${c.recipients} 个单位`, `Round-up asked: ${c.title}, ${c.recipients} units`, false]
    case 'status_call.cancelled':
      return [`取消调度 ${c.title}：${event.reason}`, `Round-up called off: ${c.title}, ${event.reason}`, false]
    case 'status_call.closed':
      return [`调度结束 ${c.title}：已报 ${c.answered}/${c.recipients}，迟报 ${c.late}`, `Round-up closed: ${c.title}, ${c.answered}/${c.recipients} answered, ${c.late} late`, false]
    default:
      return [`调度汇总 ${c.title}：已报 ${c.answered}/${c.recipients}`, `Round-up summed up: ${c.title}, ${c.answered}/${c.recipients} answered`, false]
  }
}

function unitLine(event: Extract<StatusCallEvent, { unit: unknown }>): Words {
  const u = event.unit
  const late = countOf([u]).late === 1
  switch (event.type) {
    case 'status_call.read':
      return [`${u.unit_name} 已阅 ${event.title}`, `${u.unit_name} read ${event.title}`, false]
    case 'status_call.reminded':
      return [`催报 ${u.unit_name}：${event.title}`, `Reminded ${u.unit_name}: ${event.title}`, false]
    case 'status_call.corrected':
      return [`${u.unit_name} 更正填报：${event.title}（第 ${u.answers.length} 版）`, `${u.unit_name} corrected ${event.title} (version ${u.answers.length})`, false]
    default:
      return [`${u.unit_name} 填报 ${event.title}${late ? `，迟 ${u.late_minutes ?? 0} 分钟` : ''}`, `${u.unit_name} answered ${event.title}${late ? `, ${u.late_minutes ?? 0} min late` : ''}`, false]
  }
}

/** A round-up's event as the log would say it. */
export function statusCallLine(event: StatusCallEvent): Words {
  if ('status_call' in event) return roundLine(event)
  if ('unit' in event) return unitLine(event)
  if ('called' in event) {
    const c = event.called
    return [`${c.unit_name} 到时未报 ${c.title}，报其负责人 ${c.name}（${c.why_zh}）`, `${c.unit_name} silent on ${c.title}: called ${c.name} (${c.why_en})`, true]
  }
  if ('text' in event) return [`填报短信未能识别 ${event.text.sender}：${event.text.words}`, `Answer of ${event.text.sender} could not be read: ${event.text.words}`, true]
  return event.type === 'status_call.repeat_set' ? [`定时调度 ${event.title}`, `Round-up repeats: ${event.title}`, false] : [`停止定时调度 ${event.title}`, `Round-up repeats no more: ${event.title}`, false]
}
