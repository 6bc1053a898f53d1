import type { Event } from '@/api/events'
import type { ReportDue, TellingIn } from '@/api/reporting'
import type { LogLine } from './log'
import { factName } from './reportingFacts'
import { clockOf, ms } from './time'

/** What happens to the clocks of reporting; written reports have their own log. */
export type ReportingEvent = Exclude<Extract<Event, { type: `report.${string}` }>, { report: unknown }>
type OfFact = Extract<ReportingEvent, { known: unknown }>
export const isReporting = (event: Event): event is ReportingEvent => event.type.startsWith('report.') && !('report' in event)

/** The nodes of reporting as the desk calls them. */
const NODES: Record<ReportDue['sender'], readonly [zh: string, en: string]> = {
  E: ['企业', 'enterprise'],
  V: ['村', 'village'],
  T: ['乡镇', 'township'],
  D: ['部门', 'department'],
  C: ['中心', 'centre'],
  L: ['带班领导', 'leader'],
  B: ['局长', 'bureau head'],
  CG: ['总值班室', 'general duty office'],
  P: ['市级', 'prefecture'],
  PR: ['省级', 'province'],
  N: ['国家', 'nation'],
}
export const nodeOf = (node: ReportDue['sender']): readonly [zh: string, en: string] => NODES[node]

const CHANNELS = { phone: ['电话', 'by phone'], written: ['书面', 'in writing'], system: ['系统', 'by system'] } as const
const KINDS: Record<ReportDue['kind'], readonly [zh: string, en: string]> = {
  initial: ['初报', 'initial report'],
  supplement: ['伤亡补报', 'supplement'],
  followup: ['续报', 'follow-up'],
  followup_on_event: ['变化续报', 'follow-up on a change'],
  zero_report: ['零报告', 'zero report'],
  daily_report: ['每日报告', 'daily report'],
  full_report: ['详细报告', 'full report'],
  final: ['终报', 'final report'],
  verification: ['核报', 'verification'],
  review: ['总结评估', 'review'],
}

/** What is due, in both languages: 中心→市级 书面初报. */
export function dueWords(due: Pick<ReportDue, 'sender' | 'receiver' | 'channel' | 'kind'>): { zh: string; en: string } {
  const [from, to, by, what] = [NODES[due.sender], NODES[due.receiver], CHANNELS[due.channel], KINDS[due.kind]]
  return { zh: `${from[0]}→${to[0]} ${by[0]}${what[0]}`, en: `${from[1]} → ${to[1]}: ${what[1]} ${by[1]}` }
}

/** How a due stands now: the server says amber and red, the clock alone says late. */
export function dueState(due: ReportDue, now: number): ReportDue['state'] {
  const open = due.done_at === null && due.state !== 'dropped'
  return open && now > ms(due.due_at) ? 'late' : due.state
}

/** The time left, with a plus once it has passed. */
export function countdown(due: ReportDue, now: number, clock = (ms: number) => clockOf(ms)): string {
  const left = ms(due.due_at) - now
  return left >= 0 ? clock(left) : `+${clock(-left)}`
}

/** Deadlines are reckoned in the transaction that changes an incident: after its event they are new. */
export const movesDues = (event: Event): boolean => /^(incident|report|alarm\.confirmed|intake\.opened)/.test(event.type)

/** The overdue on top, the longest first; then the soonest. */
export const bySoonest = (dues: readonly ReportDue[]): ReportDue[] => [...dues].sort((a, b) => ms(a.due_at) - ms(b.due_at) || a.id - b.id)

/** The report a due asks for, as far as the due itself says it. */
export function tellingFor(due: ReportDue): Pick<TellingIn, 'sender' | 'receiver' | 'kind' | 'channel'> {
  const channel = due.channel === 'phone' ? 'telephone' : due.channel
  return { sender: due.sender, receiver: due.receiver, kind: due.kind, channel }
}

const line = (zh: string, en: string, loud = false): LogLine => ({ category: 'incident', zh, en, loud })

/** An event of reporting as the log would say it. */
export function reportingLine(event: ReportingEvent): LogLine {
  if ('known' in event) return factLine(event)
  const { due } = event
  const what = dueWords(due)
  const minutes = event.late_minutes
  switch (event.type) {
    case 'report.due_soon':
      return line(`报送将到时限 ${due.incident_number} ${what.zh}`, `Report nearly due ${due.incident_number} ${what.en}`)
    case 'report.overdue':
      return line(`报送超时 ${minutes} 分钟 ${due.incident_number} ${what.zh}`, `Report overdue by ${minutes} min ${due.incident_number} ${what.en}`, true)
    case 'report.late':
      return line(`迟报 ${minutes} 分钟 ${due.incident_number} ${what.zh}`, `Reported ${minutes} min late ${due.incident_number} ${what.en}`, true)
    case 'report.late_reason':
      return line(`迟报原因 ${due.incident_number} ${what.zh}：${event.reason}`, `Why late ${due.incident_number} ${what.en}: ${event.reason}`)
  }
}

function factLine(event: OfFact): LogLine {
  const corrected = event.type === 'report.fact_corrected'
  const [number, { kind, name, reason }] = [event.incident_number, event.known]
  const what = factName(kind, name)
  const zh = `${corrected ? '更正' : '登记'}报送事实 ${number} ${what[0]}${reason === '' ? '' : `：${reason}`}`
  const en = `${corrected ? 'Corrected' : 'Entered'} for reporting ${number} ${what[1]}${reason === '' ? '' : `: ${reason}`}`
  return line(zh, en, corrected)
}
