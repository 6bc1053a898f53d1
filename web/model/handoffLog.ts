import type { Event } from '@/api/events'
import type { LogLine } from './log'

export type HandoffEvent = Extract<Event, { type: `handoff.${string}` }>

export const isHandoff = (event: Event): event is HandoffEvent => event.type.startsWith('handoff.')

/** A cross-border notice as the log would say it. */
export function handoffLine(event: HandoffEvent): LogLine {
  const h = event.handoff
  const [zh, en] = h.kind === 'hand_off' ? ['移交', 'handed off to'] : ['通报', 'told to']
  const receipt = event.receipt
  const [endZh, endEn] = receipt === null ? [`：${h.text}`, `: ${h.text}`] : [`，${receipt.received_by} 签收`, `, received by ${receipt.received_by}`]
  return { category: 'incident', zh: `${h.incident_number} 跨区${zh} ${h.name}${endZh}`, en: `${h.incident_number} ${en} ${h.name}${endEn}`, loud: false }
}
