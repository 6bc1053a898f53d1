import type { Event } from '@/api/events'
import type { LogLine } from './log'
import { handoverLine, isHandover } from './handoverLog'
import { isStandby, standbyLine } from './standbyLog'
import { isSpotCheck, spotCheckLine } from './spotCheckLog'
import { isNotice, noticeLine } from './noticeLog'
import { isMeeting, meetingLine } from './meetingLog'
import { isStatusCall, statusCallLine } from './statusCallLog'
import { peopleLine } from './peopleLog'
import { shortDay } from './time'

type Noun =
  | 'calendar'
  | 'roster'
  | 'leave'
  | 'swap'
  | 'presence'
  | 'coverage'
  | 'handover'
  | 'duty_log'
  | 'spot_check'
  | 'status_call'
  | 'meeting'
  | 'standby'
  | 'readiness'
  | 'person'
  | 'unit'
  | 'office'
  | 'responsibility'
  | 'group'
  | 'membership'
  | 'notice'

/** What happens to rosters, people and the desk itself. */
export type DutyEvent = Extract<Event, { type: `${Noun}.${string}` }>

const NOUN =
  /^(calendar|roster|leave|swap|presence|coverage|handover|duty_log|spot_check|standby|readiness|person|unit|office|responsibility|group|membership|notice|status_call|meeting)\./

export const isDuty = (event: Event): event is DutyEvent => NOUN.test(event.type)

const line = (zh: string, en: string, loud = false): LogLine => ({ category: 'duty', zh, en, loud })

const span = (from: string, to: string): string => `${shortDay(from)}–${shortDay(to)}`

/** An event of duty as the log would say it. */
export function dutyLine(event: DutyEvent): LogLine {
  if (isHandover(event)) return handoverLine(event)
  if (isStandby(event)) return standbyLine(event)
  if (isNotice(event)) {
    const [zh, en, loud] = noticeLine(event)
    return line(zh, en, loud)
  }
  if (isSpotCheck(event)) {
    const [zh, en, loud] = spotCheckLine(event)
    return line(zh, en, loud)
  }
  if (isStatusCall(event)) {
    const [zh, en, loud] = statusCallLine(event)
    return line(zh, en, loud)
  }
  if (isMeeting(event)) {
    const [zh, en, loud] = meetingLine(event)
    return line(zh, en, loud)
  }
  switch (event.type) {
    case 'roster.post_set':
    case 'roster.seats_set':
    case 'roster.rotation_set':
    case 'roster.rotation_ended':
      return line(`值班岗位设置变更：${event.settings.post.name}`, `Duty post set: ${event.settings.post.name}`)
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
    case 'swap.asked':
    case 'swap.taken':
    case 'swap.approved':
    case 'swap.refused':
    case 'swap.withdrawn':
    case 'swap.revoked':
    case 'swap.filed':
    case 'swap.lapsed':
    case 'swap.unapproved':
      return swapLine(event.type, event.swap)
    case 'presence.arrived': {
      const { person_name: who, late_min: late } = event.attendance
      return line(
        `${who} 到岗${late > 0 ? `，迟到 ${late} 分钟` : ''}`,
        `${who} arrived${late > 0 ? `, ${late} min late` : ''}`,
        late > 0,
      )
    }
    case 'presence.left':
      return line(`${event.attendance.person_name} 离岗`, `${event.attendance.person_name} left`)
    case 'presence.left_before_relief': {
      const { person_name: who, note } = event.attendance
      return line(`${who} 接班人未到先离岗：${note}`, `${who} left before relief: ${note}`, true)
    }
    case 'presence.silent': {
      const { person_name: who } = event.attendance
      return line(`${who} 15 分钟无在岗信号，请核实`, `No sign of ${who} for 15 min: please check`, true)
    }
    case 'coverage.gap':
      return gapLine(event.gap)
    case 'coverage.filled': {
      const { post_name: post, minutes } = event.gap
      return line(`缺岗已补 ${post}，空岗 ${minutes} 分钟`, `Seat filled at ${post}, empty for ${minutes} min`)
    }
    case 'presence.leader_called': {
      const { person_name: who, answered, in_vain: count } = event.call
      return line(
        `呼叫带班领导 ${who}：${answered ? '已接通' : `未接通（第 ${count} 次）`}`,
        `Leader ${who} called: ${answered ? 'reached' : `not reached (${count})`}`,
        !answered,
      )
    }
    case 'presence.leader_replaced':
      return line(
        `带班领导 ${event.call.person_name} 三次联系不上，${event.acting_name === null ? '无人可代行' : `由 ${event.acting_name} 代行`}`,
        `Leader ${event.call.person_name} not reached three times: ${event.acting_name === null ? 'nobody can act' : `${event.acting_name} acts`}`,
        true,
      )
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

type SwapType = Extract<DutyEvent, { swap: unknown }>['type']

const SWAP: Record<SwapType, [string, string]> = {
  'swap.asked': ['申请换班', 'asks for a swap'],
  'swap.taken': ['换班有人接', 'swap is taken'],
  'swap.approved': ['换班获批', 'swap is approved'],
  'swap.refused': ['换班未获批', 'swap is refused'],
  'swap.withdrawn': ['撤回换班', 'swap is withdrawn'],
  'swap.revoked': ['换班被撤销', 'swap is revoked'],
  'swap.filed': ['换班已报备', 'swap is filed'],
  'swap.lapsed': ['换班失效', 'swap has lapsed'],
  'swap.unapproved': ['换班无人审批，仍按原表值班', 'swap was not decided: the roster stands'],
}

function swapLine(type: SwapType, swap: SwapOf): LogLine {
  const [zh, en] = SWAP[type]
  const to = swap.taker_name === null ? '' : ` → ${swap.taker_name}`
  const what = `${swap.asker_name}${to} ${span(swap.starts_at, swap.ends_at)}`
  return line(`${zh}：${what}`, `${what}: ${en}`, type === 'swap.unapproved')
}

type SwapOf = Extract<DutyEvent, { swap: unknown }>['swap']

type Gap = Extract<DutyEvent, { gap: unknown }>['gap']

const STAGE: Record<Gap['stage'], [string, string]> = {
  day_ahead: ['24 小时内', 'within 24 h'],
  two_hours: ['2 小时内', 'within 2 h'],
  open: ['现在', 'now'],
}

function gapLine(gap: Gap): LogLine {
  const [zh, en] = STAGE[gap.stage]
  const when = span(gap.starts_at, gap.ends_at)
  const who = gap.person_name === '' ? '' : ` ${gap.person_name}`
  return line(`缺岗（${zh}）${gap.post_name}${who} ${when}`, `Seat empty ${en}: ${gap.post_name}${who} ${when}`, true)
}

/** A kind of event younger than this page is shown by its name rather than hidden. */
function unknownLine(event: never): LogLine {
  const { type } = event as { type: string }
  return line(type, type)
}
