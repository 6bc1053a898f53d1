import type { Event } from '@/api/events'

/** What happens to orders and leaders' instructions. */
export type OrderEvent = Extract<Event, { type: `order.${string}` | `instruction.${string}` }>

export const isOrder = (event: Event): event is OrderEvent => /^(order|instruction)\./.test(event.type)

type Words = readonly [zh: string, en: string, loud: boolean]

const CHANGED: Record<string, [string, string]> = {
  'order.drafted': ['起草指令', 'Order drafted'],
  'order.edited': ['修改指令草稿', 'Draft order edited'],
  'order.issued': ['下达指令', 'Order issued'],
  'order.amended': ['指令改版', 'Order amended'],
  'order.withdrawn': ['撤销指令', 'Order withdrawn'],
  'order.closed': ['指令办结', 'Order closed'],
}

const ANSWERED: Record<string, [string, string]> = {
  'order.acknowledged': ['签收', 'acknowledged'],
  'order.progress': ['反馈', 'reports on'],
  'order.done': ['反馈完成', 'reports done:'],
  'order.accepted': ['销号', 'was closed out:'],
  'order.returned': ['退回续办', 'was sent back:'],
}

const INSTRUCTION: Record<string, [string, string]> = {
  'instruction.captured': ['批示', 'Instruction of'],
  'instruction.split': ['批示已分解下达', 'Split into tasks: instruction of'],
  'instruction.closed': ['批示办结', 'Closed: instruction of'],
}

/** An order's event as the log would say it. */
export function orderLine(event: OrderEvent): Words {
  if ('instruction' in event) {
    const n = event.instruction
    const [zh, en] = INSTRUCTION[event.type] ?? ['批示', 'Instruction of']
    return [`${zh} ${n.leader_name}：${n.text}`, `${en} ${n.leader_name}: ${n.text}`, event.type === 'instruction.captured']
  }
  const name = event.order.number ?? event.order.title
  if ('supervision' in event) {
    const { step, called } = event.supervision
    const who = called.map((one) => one.name).join('、')
    return [
      `督办第${step}次 ${name} ${event.recipient.name}${who === '' ? '' : `，呼叫${who}`}`,
      `Supervision ${step}: ${name}, ${event.recipient.name}${who === '' ? '' : `, to call ${who}`}`,
      true,
    ]
  }
  if ('recipient' in event) {
    const [zh, en] = ANSWERED[event.type] ?? [event.type, event.type]
    const text = event.answer?.text ? `：${event.answer.text}` : ''
    return [`${event.recipient.name} ${zh} ${name}${text}`, `${event.recipient.name} ${en} ${name}${text}`, event.type === 'order.returned']
  }
  const [zh, en] = CHANGED[event.type] ?? [event.type, event.type]
  const to = event.order.addressees.length > 3 ? `${event.order.addressees.slice(0, 3).join('、')}等${event.order.addressees.length}个` : event.order.addressees.join('、')
  return [`${zh} ${name} ${event.order.title} → ${to}`, `${en}: ${name} → ${event.order.recipients}`, event.type === 'order.issued']
}
