import type { Event } from '@/api/events'

/** What becomes of warnings. */
export type WarningEvent = Extract<Event, { type: `warning.${string}` }>

export const isWarning = (event: Event): event is WarningEvent => event.type.startsWith('warning.')

const WORDS: Record<WarningEvent['type'], [string, string]> = {
  'warning.issued': ['收到预警', 'Warning received'],
  'warning.updated': ['预警变更', 'Warning changed'],
  'warning.lifted': ['预警解除', 'Warning lifted'],
  'warning.expired': ['预警到期', 'Warning expired'],
  'warning.acknowledged': ['签收预警', 'Warning acknowledged'],
  'warning.message_kept': ['存预警消息', 'Message of a warning kept'],
  'warning.message_waits': ['预警消息待核实', 'Message of a warning waits for a person'],
  'warning.message_refused': ['拒收预警消息', 'Message of a warning refused'],
  'warning.message_vouched': ['人工采用预警消息', 'Message of a warning taken by hand'],
  'warning.message_rejected': ['人工不采用预警消息', 'Message of a warning set aside'],
  'warning.source_made': ['登记预警来源', 'Source of warnings registered'],
  'warning.source_revoked': ['停用预警来源', 'Source of warnings revoked'],
}
const LOUD = new Set<WarningEvent['type']>(['warning.issued', 'warning.updated', 'warning.message_waits', 'warning.message_refused'])

/** An event of warnings as the log would say it. */
export function warningLine(event: WarningEvent): readonly [zh: string, en: string, loud: boolean] {
  const [zh, en] = WORDS[event.type]
  if ('source' in event) return [`${zh}：${event.source.name}`, `${en}: ${event.source.name}`, false]
  if ('warning' in event) {
    const turn = event.diff?.turn
    const [zhTurn, enTurn] = turn === 'up' ? ['（升级）', ' (raised)'] : turn === 'down' ? ['（降级）', ' (lowered)'] : ['', '']
    return [`${zh}${zhTurn}：${event.warning.title}`, `${en}${enTurn}: ${event.warning.title}`, LOUD.has(event.type)]
  }
  const what = event.title || event.source_name
  const why = [event.reason || event.finding_zh, event.reason || event.finding_en]
  return [`${zh}：${what}${why[0] ? `（${why[0]}）` : ''}`, `${en}: ${what}${why[1] ? ` (${why[1]})` : ''}`, LOUD.has(event.type)]
}
