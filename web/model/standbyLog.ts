import type { Event } from '@/api/events'
import type { LogLine } from './log'

/** What happens to readiness and to the persons on standby. */
export type StandbyEvent = Extract<Event, { type: `${'standby' | 'readiness' | 'calendar'}.${string}` }>

export const isStandby = (event: Event): event is StandbyEvent => /^(standby|readiness|calendar)\./.test(event.type)

const line = (zh: string, en: string, loud = false): LogLine => ({ category: 'duty', zh, en, loud })

/** A day without a time, as the wire writes it: 2025-10-01. */
const day = (iso: string): string => iso.slice(5)

type Level = Extract<StandbyEvent, { level: unknown }>['level']

function levelLine(level: Level, zh: string, en: string, loud: boolean): LogLine {
  const call = level.contact === null || !loud ? '' : `→ ${level.contact.name} ${level.contact.phone}`
  const numbers = `${level.present}/${level.required}`
  const name = level.name_en === '' ? level.name_zh : level.name_en
  return line([level.name_zh, zh, numbers, call].join(' ').trim(), [name, en, numbers, call].join(' ').trim(), loud)
}

/** An event of readiness as the log would say it. */
export function standbyLine(event: StandbyEvent): LogLine {
  switch (event.type) {
    case 'readiness.returned': {
      const r = event.returned
      const again = event.before === null ? ['', ''] : ['（更正）', ' (put right)']
      return line(
        `${r.team_name} ${day(r.day)} 报备勤 在岗${r.on_post} 休${r.on_leave} 出勤${r.out} 病${r.sick}${again[0]}${r.late ? '，迟报' : ''}`,
        `${r.team_name} returned for ${day(r.day)}: ${r.on_post} on post, ${r.on_leave} on leave, ${r.out} out, ${r.sick} sick${again[1]}${r.late ? ', late' : ''}`,
      )
    }
    case 'readiness.short':
    case 'standby.short':
      return levelLine(event.level, '备勤不足', 'is short', true)
    case 'readiness.missing':
    case 'standby.missing':
      return levelLine(event.level, '备勤未报', 'has not reported', true)
    case 'readiness.restored':
    case 'standby.restored':
      return levelLine(event.level, '备勤已恢复', 'is in order again', false)
    case 'readiness.exempted':
      return line(
        `${event.name} 备勤豁免 ${event.exemption.floor}人 至${day(event.exemption.until)}：${event.exemption.reason}`,
        `${event.name}: ${event.exemption.floor} accepted until ${day(event.exemption.until)}: ${event.exemption.reason}`,
      )
    case 'readiness.exemption_revoked':
      return line(`${event.name} 备勤豁免撤销`, `${event.name}: exemption taken back`)
    case 'readiness.evidence_given': {
      const { region_name: at, expires_on: until } = event.evidence
      return line(`${at} 佐证“${event.item_zh}”，有效至 ${until}`, `${at}: evidence for “${event.item_en}”, until ${until}`)
    }
    case 'readiness.evidence_revoked': {
      const { region_name: at, revoked_reason: why } = event.evidence
      return line(`${at} 撤销佐证“${event.item_zh}”：${why}`, `${at}: evidence for “${event.item_en}” revoked: ${why}`)
    }
    case 'calendar.day_set':
      return line(`县级日历 ${day(event.day.on)} ${event.day.name_zh}：${event.day.reason}`, `County calendar ${day(event.day.on)} ${event.day.name_en || event.day.name_zh}: ${event.day.reason}`)
    case 'calendar.day_cleared':
      return line(`县级日历撤销 ${day(event.day.on)} ${event.day.name_zh}`, `County calendar: ${day(event.day.on)} is as the state has it again`)
    case 'readiness.period_declared':
      return line(`宣布重点时段 ${event.period.name_zh}（${day(event.period.first)}起）：${event.period.reason}`, `Key period declared, ${event.period.name_en} from ${day(event.period.first)}: ${event.period.reason}`)
    case 'readiness.period_ended':
      return line(`结束重点时段 ${event.period.name_zh}`, `Key period ended: ${event.period.name_en}`)
    case 'standby.listed':
      return line(
        `${event.region_name} ${day(event.day)} 备勤名单 ${event.on_list}人`,
        `${event.region_name} ${day(event.day)}: ${event.on_list} named for standby`,
      )
    case 'standby.added':
      return line(
        `${event.region_name} ${day(event.day)} 补员 ${event.names.join('、')} ${event.reason}到岗`,
        `${event.region_name} ${day(event.day)}: ${event.names.join(', ')} added, in place ${event.reason}`,
      )
    case 'standby.accepted':
      return line(
        `${event.region_name} ${day(event.day)} 备勤验收 ${event.names.length}人`,
        `${event.region_name} ${day(event.day)}: ${event.names.length} accepted for standby`,
      )
    case 'standby.counted':
      return line(
        `${event.region_name} ${day(event.day)} 点名 ${event.counted ?? 0}人，全员在岗`,
        `${event.region_name} ${day(event.day)}: ${event.counted ?? 0} counted, all there`,
      )
    case 'standby.struck':
      return line(
        `${event.region_name} ${day(event.day)} 点名 ${event.counted ?? 0}人，除名 ${event.names.join('、')}：${event.reason}`,
        `${event.region_name} ${day(event.day)}: ${event.counted ?? 0} counted, ${event.names.join(', ')} struck: ${event.reason}`,
      )
    case 'standby.sheet_approved':
      return line(
        `${event.region_name} ${event.month.slice(0, 7)} 备勤补助审批 ${event.yuan}元（第 ${event.revision} 版${event.before === null ? '' : `，原 ${event.before}元`}）`,
        `${event.region_name} ${event.month.slice(0, 7)}: allowance of ${event.yuan} yuan approved (revision ${event.revision}${event.before === null ? '' : `, was ${event.before}`})`,
      )
    default:
      return unknownLine(event)
  }
}

/** A kind of event younger than this page is shown by its name rather than hidden. */
function unknownLine(event: never): LogLine {
  const { type } = event as { type: string }
  return line(type, type)
}
