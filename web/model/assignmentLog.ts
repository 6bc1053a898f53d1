import type { Event } from '@/api/events'
import type { AssignmentFact } from '@/api/types'
import { channel } from './channelWords'
import type { LogLine } from './log'
import { clockOf, ms, shortDay } from './time'

/** What happens to assignments. */
export type AssignmentEvent = Extract<Event, { type: `assignment.${string}` }>
type Changed = Exclude<AssignmentEvent, { type: 'assignment.dispatched' }>

export const isOfAssignment = (event: Event): event is AssignmentEvent => event.type.startsWith('assignment.')

const line = (zh: string, en: string, loud = false): LogLine => ({ category: 'dispatch', zh, en, loud })

const because = (reason: string | null): [string, string] => (reason ? [`：${reason}`, `: ${reason}`] : ['', ''])

/** How long the team took since it was sent: the duty desk reads reaction times off the log. */
const took = (a: AssignmentFact, at: string, day: string): string => clockOf(ms(at) - ms(a.assigned_at), day)

function step(a: AssignmentFact, at: string, zh: string, en: string, loud = false): LogLine {
  const [zhBy, enBy] = channel(a.answer_channel)
  const by = a.answer_channel === null ? ['', ''] : [`，经${zhBy}`, `, by ${enBy}`]
  return line(
    `${a.team_name} ${zh} ${a.incident_number}（${took(a, at, '天')}${by[0]}）`,
    `${a.call_sign} ${en} ${a.incident_number} (${took(a, at, 'd')}${by[1]})`,
    loud,
  )
}

/** An event of an assignment as the log would say it. */
export function assignmentLine(event: AssignmentEvent): LogLine {
  const a = event.assignment
  if (event.type === 'assignment.dispatched') {
    const rank = a.rank_when_assigned
    const before = event.assignments.find((other) => other.id === a.replaces_id)
    const instead: [string, string] = before === undefined ? ['', ''] : [`，补派，接替${before.team_name}`, `, in place of ${before.call_sign}`]
    return line(
      `${a.incident_number} → ${a.team_name}${rank === null ? '' : `（推荐第 ${rank}）`}${instead[0]}`,
      `${a.incident_number} → ${a.call_sign}${rank === null ? '' : ` (recommended no. ${rank})`}${instead[1]}`,
    )
  }
  return changed(event)
}

function changed(event: Changed): LogLine {
  const a = event.assignment
  const why = because(a.reason)
  const note = because(event.note)
  switch (event.type) {
    case 'assignment.acknowledged':
      return step(a, event.at, '已接受', 'accepted')
    case 'assignment.declined':
      return step(a, event.at, `拒绝${why[0]}`, `declined${why[1]}`, true)
    case 'assignment.en_route':
      return step(a, event.at, '已出发', 'departed for')
    case 'assignment.on_scene':
      return step(a, event.at, '已到场', 'arrived at')
    case 'assignment.task_done':
      return step(a, event.at, '已完成', 'finished')
    case 'assignment.cancelled':
      return step(a, event.at, `撤回${why[0]}`, `withdrawn${why[1]}`)
    case 'assignment.escalated':
      return escalated(event)
    case 'assignment.escalation_held':
      return a.escalation_held === null
        ? line(`${a.team_name} ${a.incident_number} 通道检修，待发消息作废${note[0]}`, `${a.call_sign} ${a.incident_number}: channel in maintenance, waiting messages cancelled${note[1]}`, true)
        : line(`${a.team_name} ${a.incident_number} 升级暂停${note[0]}`, `Escalation of ${a.call_sign} ${a.incident_number} held${note[1]}`, true)
    case 'assignment.escalation_stopped':
      return line(`${a.team_name} ${a.incident_number} 停止升级${note[0]}`, `Escalation of ${a.call_sign} ${a.incident_number} stopped${note[1]}`, true)
    default:
      return watched(event)
  }
}

const WATCHED: Partial<Record<Changed['type'], [string, string, boolean]>> = {
  'assignment.returned': ['已归队', 'returned from', false],
  'assignment.acked': ['又一人确认', 'one more acknowledged', false],
  'assignment.ack_reminded': ['提醒未确认人员', 'missing acknowledgements reminded', false],
  'assignment.ack_expired': ['接单后未出发，确认失效，重新升级', 'acknowledgement lapsed, ladder begins anew', true],
  'assignment.depart_reminded': ['接单后未出发，提醒', 'has not departed, asked', true],
  'assignment.kept': ['确认仍会出发', 'still coming', false],
  'assignment.undone': ['上一步撤回', 'last step taken back', false],
  'assignment.safety_warning': ['安全清点将到时', 'safety check due soon', true],
  'assignment.safety_critical': ['安全清点到时无回应', 'safety check overdue', true],
  'assignment.safety_leader': ['安全清点无回应，已报带班领导', 'no safety check, leader alerted', true],
  'assignment.safety_confirmed': ['人员安全', 'everybody safe', false],
}

/** What the clocks of an assignment bring, and what puts it right. */
function watched(event: Changed): LogLine {
  const a = event.assignment
  const note = because(event.note)
  const [zh, en, loud] = WATCHED[event.type] ?? [event.type, event.type, false]
  return line(`${a.team_name} ${a.incident_number} ${zh}${note[0]}`, `${a.call_sign} ${a.incident_number} ${en}${note[1]}`, loud)
}

function escalated(event: Changed): LogLine {
  const a = event.assignment
  const led = a.leader_alerted_at !== null
  const who = a.called.filter((one) => !one.passed_over).map((one) => one.name).join('、')
  const to = event.owner?.lead_name ?? null
  const note = because(event.note)
  const silent = a.state === 'dispatched' ? ['未应答', 'has not answered'] : ['', '']
  return line(
    `${a.team_name} ${silent[0]} ${a.incident_number}，${led ? `已报带班领导${who === '' ? '' : `（${who}）`}` : `升级第 ${a.escalation_step} 次${who === '' ? '' : `，请电话联系${who}`}`}${to === null ? '' : `，责任人 ${to}`}${note[0]}`,
    `${a.call_sign} ${silent[1]} ${a.incident_number}, ${led ? `leader alerted${who === '' ? '' : ` (${who})`}` : `escalation ${a.escalation_step}${who === '' ? '' : `, call ${who}`}`}${to === null ? '' : `, owner ${to}`}${note[1]}`,
    true,
  )
}

export type ReservationEvent = Extract<Event, { type: `reservation.${string}` }>

export const isOfReservation = (event: Event): event is ReservationEvent => event.type.startsWith('reservation.')

const RESERVED: Record<ReservationEvent['type'], [string, string, boolean]> = {
  'reservation.made': ['预派', 'reserved for', false],
  'reservation.moved': ['预派改期', 'reservation moved,', false],
  'reservation.cancelled': ['取消预派', 'reservation cancelled,', false],
  'reservation.committed': ['预派到时派出', 'reservation became an order,', false],
  'reservation.blocked': ['预派到时，队伍在外', 'reservation due and the team is out,', true],
  'reservation.lapsed': ['预派失效', 'reservation lapsed,', false],
}

/** A reservation as the log would say it. */
export function reservationLine(event: ReservationEvent): LogLine {
  const r = event.reservation
  const why = because(r.reason)
  const [zh, en, loud] = RESERVED[event.type]
  return line(`${r.team_name} ${zh} ${r.incident_number}（${shortDay(r.starts_at)}）${why[0]}`, `${r.team_name} ${en} ${r.incident_number} (${shortDay(r.starts_at)})${why[1]}`, loud)
}
