import type { Event } from '@/api/events'

/** What happens between houses: peers are registered, reports come in. */
export type ExchangeEvent = Extract<Event, { received: unknown } | { peer: unknown }>

export const isExchange = (event: Event): event is ExchangeEvent => event.type.startsWith('peer.') || event.type.startsWith('received_report.')

const WORDS: Record<ExchangeEvent['type'], [string, string]> = {
  'peer.registered': ['登记对接单位', 'Peer registered'],
  'peer.amended': ['修改对接单位', 'Peer amended'],
  'peer.retired': ['停用对接单位', 'Peer retired'],
  'received_report.arrived': ['收到报告', 'Report came in'],
  'received_report.acknowledged': ['收悉报告', 'Report acknowledged'],
}

/** An event between houses as the log would say it; a report that came in is loud. */
export function exchangeLine(event: ExchangeEvent): readonly [zh: string, en: string, loud: boolean] {
  const [zh, en] = WORDS[event.type]
  const what = 'peer' in event ? event.peer.name : `${event.received.from_name} ${event.received.title}`
  return [`${zh} ${what}`, `${en}: ${what}`, event.type === 'received_report.arrived']
}
