import type { Event } from '@/api/events'
import type { LogLine } from './log'

export type InboxEvent = Extract<Event, { type: `intake.${string}` }>
/** Something more became known of an incident: the event brings its own words. */
export type LearnedEvent = Extract<Event, { figure: unknown }>

export const isInbox = (event: Event): event is InboxEvent => event.type.startsWith('intake.')
export const isLearned = (event: Event): event is LearnedEvent => event.type.startsWith('incident.') && 'zh' in event && 'incident' in event

const line = (zh: string, en: string, loud = false): LogLine => ({ category: 'incident', zh, en, loud })

const JUDGED = {
  'intake.received': ['来报', 'Notice'],
  'intake.opened': ['来报立案', 'Notice opened'],
  'intake.joined': ['来报并入事件', 'Notice joined to an incident'],
  'intake.dismissed': ['来报不立案', 'Notice dismissed'],
} as const

export function inboxLine(event: InboxEvent): LogLine {
  if ('partner' in event) {
    const name = event.partner.name_zh
    return event.type === 'intake.partner_made' ? line(`准许接入 ${name}`, `Partner let in: ${name}`) : line(`停用接入 ${name}`, `Partner revoked: ${name}`)
  }
  const { notice, type } = event
  const [zh, en] = JUDGED[type]
  const what = `${notice.from_name} ${notice.title}`
  return line(`${zh} ${what}`, `${en} ${what}`, type === 'intake.received')
}

export function learnedLine(event: LearnedEvent): LogLine {
  const { type } = event
  const loud = type === 'incident.level_raised' || type === 'incident.larger_risk' || type === 'incident.begun' || type === 'incident.reopened' || type === 'incident.command_activated'
  return line(`${event.incident.number} ${event.zh}`, `${event.incident.number} ${event.en}`, loud)
}
