import type { Event } from '@/api/events'
import type { LogLine } from './log'
import { peopleLine } from './peopleLog'
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
  | 'office'
  | 'responsibility'
  | 'group'
  | 'membership'

/** What happens to rosters, people and the desk itself. */
export type DutyEvent = Extract<Event, { type: `${Noun}.${string}` }>

const NOUN =
  /^(roster|leave|swap|presence|coverage|handover|duty_log|spot_check|standby|readiness|person|unit|office|responsibility|group|membership)\./

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
    case 'unit.registered':
    case 'unit.amended':
    case 'unit.deactivated':
    case 'unit.kind_set':
    case 'person.registered':
    case 'person.amended':
    case 'person.deactivated':
    case 'person.imported':
    case 'person.succeeded':
    case 'office.registered':
    case 'office.filled':
    case 'office.abolished':
    case 'responsibility.assigned':
    case 'responsibility.amended':
    case 'responsibility.ended':
    case 'group.registered':
    case 'group.amended':
    case 'group.deleted':
    case 'membership.set':
      return peopleLine(event)
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
