import type { Event } from '@/api/events'
import type { AlarmFact } from '@/api/types'
import { weightOf } from './alarms'
import { halves } from './halves'
import type { LogCategory, LogLine } from './log'

type AlarmEvent = Extract<Event, { type: `alarm.${string}` }>

export const isAlarm = (event: Event): event is AlarmEvent => event.type.startsWith('alarm.')

const line = (category: LogCategory, zh: string, en: string, loud = false): LogLine => ({ category, zh, en, loud })

export const because = (reason: string | null): [string, string] =>
  reason ? [`：${reason}`, `: ${reason}`] : ['', '']

const ALARM: Record<AlarmFact['kind'], [string, string]> = {
  sos: ['求救', 'SOS'],
  caller_silent: ['静默', 'silence of the caller'],
  call: ['来电', 'call'],
  low_battery: ['电量低', 'low battery'],
  power_lost: ['断电', 'power lost'],
  left_area: ['越出区域', 'left its area'],
  tamper: ['被拆动', 'tampered with'],
  fault: ['故障', 'fault'],
  silent: ['失联', 'silent'],
}

const kindOf = (alarm: AlarmFact): [string, string] => ALARM[alarm.kind] ?? [alarm.kind, alarm.kind]

/** An alarm in words: who calls for help, who telephones, which device is unwell. */
function called(alarm: AlarmFact, loud: boolean): LogLine {
  const [zh, en] = kindOf(alarm)
  const again = alarm.count > 1 ? ` ×${alarm.count}` : ''
  const weight = weightOf(alarm)
  if (weight === 'call') {
    const [zhWho, enWho] = alarm.subject === '' ? ['号码未显示', 'number withheld'] : [alarm.subject, alarm.subject]
    const name = alarm.text === '' ? '' : ` ${alarm.text}`
    return line('alarm', `来电${again} ${zhWho}${name} → ${alarm.device_label}`, `Call${again} ${enWho}${name} → ${alarm.device_label}`, loud)
  }
  if (weight === 'trouble') {
    const [zhWhy, enWhy] = halves(alarm.text ?? '')
    return line('device', `${alarm.device_label} ${zh}${again}${because(zhWhy)[0]}`, `${alarm.device_label} ${en}${again}${because(enWhy)[1]}`)
  }
  const who = alarm.holder_name ?? alarm.device_label
  const [zhCall, enCall] = alarm.kind === 'sos' ? ['SOS', 'SOS'] : [zh, en]
  return line(
    'alarm',
    `${zhCall}${again} ${who}（${alarm.device_label}）${alarm.region_path}`,
    `${enCall}${again} ${who} (${alarm.device_label}) ${alarm.region_path}`,
    loud,
  )
}

/** What a person judged about an alarm; a call is known by its number, a device by its label. */
function judged(alarm: AlarmFact, zh: string, en: string, after: [string, string] = ['', '']): LogLine {
  const [zhKind, enKind] = kindOf(alarm)
  const what = weightOf(alarm) === 'call' && alarm.subject !== '' ? alarm.subject : alarm.device_label
  return line(weightOf(alarm) === 'trouble' ? 'device' : 'alarm', `${zh} ${what} ${zhKind}${after[0]}`, `${en} ${enKind} of ${what}${after[1]}`)
}

/** What became of an alarm. */
export function alarmLine(event: AlarmEvent): LogLine {
  switch (event.type) {
    case 'alarm.raised':
    case 'alarm.repeated':
      return called(event.alarm, event.type === 'alarm.raised')
    case 'alarm.acknowledged':
      return judged(event.alarm, '已确认', 'Acknowledged')
    case 'alarm.dismissal_asked':
      return judged(event.alarm, '提出解除', 'Dismissal asked for:', because(event.alarm.dismissal?.reason ?? null))
    case 'alarm.dismissal_refused':
      return judged(event.alarm, '不同意解除', 'Dismissal refused:')
    case 'alarm.dismissed':
      return judged(event.alarm, '排除', 'Dismissed', because(event.alarm.dismiss_reason))
    case 'alarm.withdrawn':
      return judged(event.alarm, '转为限知：', 'Became need-to-know:')
    case 'alarm.confirmed':
      return judged(event.alarm, '立案', 'Filed', [` → 警情 ${event.incident.number}`, ` → incident ${event.incident.number}`])
  }
}
