import type { Event } from '@/api/events'

/** What happens to written reports. */
export type ReportEvent = Extract<Event, { report: { number: string | null; title: string } }>

export const isReport = (event: Event): event is ReportEvent => event.type.startsWith('report.') && 'report' in event

const WORDS: Record<ReportEvent['type'], [string, string]> = {
  'report.drafted': ['起草', 'Report drafted'],
  'report.edited': ['修改', 'Report edited'],
  'report.reviewed': ['审核', 'Report reviewed'],
  'report.returned': ['退回修改', 'Report returned'],
  'report.signed': ['签发', 'Report signed'],
  'report.consented': ['经口头同意签发', 'Report issued on oral consent'],
  'report.countersigned': ['补签', 'Report signed afterwards'],
  'report.sent': ['报送', 'Report sent'],
  'report.delivered': ['已送达', 'Report delivered'],
  'report.undelivered': ['未送达，请电话报送', 'Report not delivered, phone it'],
  'report.acknowledged': ['对方收悉', 'Report acknowledged there'],
  'report.confirmed': ['已收悉', 'Report received'],
  'report.dropped': ['作废', 'Report dropped'],
  'report.reasked': ['追问未核实项', 'Ask again'],
}

/** A report's event as the log would say it; one that came back or is to be asked again is loud. */
export function reportLine(event: ReportEvent): readonly [zh: string, en: string, loud: boolean] {
  const [zh, en] = WORDS[event.type]
  const name = [event.report.number, event.report.title].filter(Boolean).join(' ')
  const to = event.addressee === '' ? '' : ` → ${event.addressee}`
  const why = event.words === '' ? ['', ''] : [`：${event.words}`, `: ${event.words}`]
  const loud = event.type === 'report.returned' || event.type === 'report.undelivered' || event.type === 'report.reasked'
  return [`${zh} ${name}${to}${why[0]}`, `${en}: ${name}${to}${why[1]}`, loud]
}
