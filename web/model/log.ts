import { accessLine, accountLine } from './accountLog'
import type { Event } from '@/api/events'
import { alarmLine, because, isAlarm } from './alarmLog'
import { assignmentLine, isOfAssignment, isOfReservation, reservationLine } from './assignmentLog'
import { channel } from './channelWords'
import { darkLine, isDark } from './darkLog'
import { broadcastWireLine, isBroadcastWire } from './broadcastWireLog'
import { exchangeLine, isExchange } from './exchangeLog'
import { isReporting, reportingLine } from './reporting'
import { cameraLine, isCamera } from './cameraLog'
import { calloutLine, isCallout } from './calloutLog'
import { commandBodyLine } from './commandBodyLog'
import { dutyLine, isDuty } from './dutyLog'
import { isNotice } from './noticeLog'
import { handoffLine, isHandoff } from './handoffLog'
import { inboxLine, isInbox, isLearned, learnedLine } from './inboxLog'
import { forceRegisterLine, isExpertCalled, isForceRegister } from './forceRegisterLog'
import { forcesLine } from './forcesLog'
import { isOrder, orderLine } from './orderLog'
import { fieldPhoneLine, isFieldPhone } from './phoneLog'
import { documentLine, isDocument } from './documentLog'
import { drillLine, isDrill } from './drillLog'
import { droneLine, isDrone } from './droneLog'
import { isResponse, responseLine } from './responseLog'
import { isReport, reportLine } from './reportLog'
import { isRules, rulesLine } from './rulesLog'
import { isShelter, shelterLine } from './shelterLog'
import { broadcastLine, isBroadcast } from './broadcastLog'
import { isSupply, supplyLine } from './supplyLog'
import { isWarning, warningLine } from './warningLog'

type DeliveryEvent = Extract<Event, { delivery: unknown }>

export type LogCategory = 'alarm' | 'incident' | 'dispatch' | 'delivery' | 'team' | 'text' | 'device' | 'duty' | 'account'

/** One line of the log, in both languages; `loud` lines stand out. */
export interface LogLine {
  readonly category: LogCategory
  readonly zh: string
  readonly en: string
  readonly loud: boolean
}

const line = (category: LogCategory, zh: string, en: string, loud = false): LogLine => ({
  category,
  zh,
  en,
  loud,
})

/** Names a team; the wire says only its id in a delivery. */
export type TeamNames = (teamId: number) => string | undefined

function delivery(event: DeliveryEvent, names: TeamNames, zh: string, en: string, loud = false): LogLine {
  const d = event.delivery
  const [zhBy, enBy] = channel(d.channel)
  const why = [because(d.reason_zh || d.reason)[0], because(d.reason_en || d.reason)[1]]
  const to = (d.team_id === null ? undefined : names(d.team_id)) ?? (d.addressee || d.address)
  return line('delivery', `${to} ${zhBy}${zh}${why[0]}`, `${to} ${enBy} ${en}${why[1]}`, loud)
}

/** What happened, as the duty log would say it. */
export function logLine(event: Event, names: TeamNames = () => undefined): LogLine {
  if (isCallout(event)) return line('duty', ...calloutLine(event))
  if (isDuty(event)) return dutyLine(event)
  if (isOfAssignment(event)) return assignmentLine(event)
  if (isOfReservation(event)) return reservationLine(event)
  if (isHandoff(event)) return handoffLine(event)
  if (isInbox(event)) return inboxLine(event)
  if (isLearned(event)) return learnedLine(event)
  if (isForceRegister(event)) return line(isExpertCalled(event) ? 'incident' : 'team', ...forceRegisterLine(event))
  if (isOrder(event)) return line('dispatch', ...orderLine(event))
  if (isReport(event)) return line('incident', ...reportLine(event))
  if (isDocument(event)) return line('incident', ...documentLine(event))
  if (isCamera(event)) return line('device', ...cameraLine(event))
  if (isWarning(event)) return line('incident', ...warningLine(event))
  if (isExchange(event)) return line('incident', ...exchangeLine(event))
  if (isBroadcastWire(event)) return line('incident', ...broadcastWireLine(event))
  if (isSupply(event)) return supplyLine(event)
  if (isShelter(event)) return shelterLine(event)
  if (isBroadcast(event)) return broadcastLine(event)
  if (isResponse(event)) return responseLine(event)
  if (isDrill(event)) return line('duty', ...drillLine(event))
  if (isDrone(event)) return line('dispatch', ...droneLine(event))
  if (isDark(event)) return darkLine(event)
  if (isFieldPhone(event)) return fieldPhoneLine(event)
  if (isReporting(event)) return reportingLine(event)
  if (isRules(event)) return line('incident', ...rulesLine(event))
  if (isAlarm(event)) return alarmLine(event)
  switch (event.type) {
    case 'incident.opened':
      return line(
        'incident',
        `立案 ${event.incident.number} ${event.incident.title}`,
        `Opened ${event.incident.number} ${event.incident.title}`,
        event.incident.initial_level <= 2,
      )
    case 'incident.amended':
      return line(
        'incident',
        `修改 ${event.incident.number} ${event.incident.title}（第 ${event.incident.version} 版）`,
        `Amended ${event.incident.number} ${event.incident.title} (version ${event.incident.version})`,
      )
    case 'incident.closed': {
      const why = because(event.incident.close_reason)
      return line('incident', `结束 ${event.incident.number}${why[0]}`, `Closed ${event.incident.number}${why[1]}`)
    }
    case 'incident.withdrawn':
      return line('incident', '一条警情转为限知', 'An incident became need-to-know')
    case 'delivery.queued':
      return delivery(event, names, '待发', 'queued')
    case 'delivery.submitted':
      return delivery(event, names, '已提交，未确认送达', 'submitted, not confirmed')
    case 'delivery.accepted':
      return delivery(event, names, '网关已收，未确认送达', 'accepted, not confirmed')
    case 'delivery.delivered':
      return delivery(event, names, '已送达', 'delivered')
    case 'delivery.failed':
      return delivery(event, names, '发送失败', 'failed', true)
    case 'delivery.unknown':
      return delivery(event, names, '结果不明', 'outcome unknown', true)
    case 'delivery.expired':
      return delivery(event, names, '已过期', 'expired', true)
    case 'team.standby_changed':
      return line(
        'team',
        `${event.team.name_zh} ${event.team.standby ? '转入备勤' : '转为休勤'}`,
        `${event.team.name_en || event.team.name_zh} ${event.team.standby ? 'on standby' : 'off duty'}`,
      )
    case 'command_body.registered':
    case 'command_body.amended':
    case 'command_body.retired':
      return line('incident', ...commandBodyLine(event))
    case 'team.stationed':
    case 'team.returned_home':
    case 'maintenance.begun':
    case 'maintenance.ended':
    case 'partner.registered':
    case 'partner.amended':
    case 'partner.retired':
      return line('team', ...forcesLine(event))
    case 'team.leader_changed': {
      const [zh, en] = event.leader_name === null ? ['暂无队长', 'has no leader'] : [`队长 ${event.leader_name}`, `is led by ${event.leader_name}`]
      return line('team', `${event.team_name} ${zh}`, `${event.team_name} ${en}`)
    }
    case 'text.received':
      return line(
        'text',
        `${event.text.device_label}：${event.text.text}`,
        `${event.text.device_label}: ${event.text.text}`,
        true,
      )
    case 'account.logged_in':
      return event.through
        ? line('account', `${event.username} 经统一身份认证登录（${event.address}）`, `${event.username} signed in by the identity provider (${event.address})`)
        : line('account', `${event.username} 登录（${event.address}）`, `${event.username} signed in (${event.address})`)
    case 'account.logged_out':
      return line('account', `${event.username} 退出`, `${event.username} signed out`)
    case 'account.login_refused':
      return line('account', `${event.username} 登录被拒（${event.address}）`, `Sign-in of ${event.username} refused (${event.address})`, true)
    case 'account.locked':
      return line('account', `${event.username} 已离职，账号锁定`, `${event.username} has left: account locked`)
    case 'account.opened':
    case 'account.amended':
    case 'account.closed':
    case 'account.password_set':
    case 'account.logins_ended':
    case 'account.factor_added':
    case 'account.factor_removed':
      return line('account', ...accountLine(event))
    case 'break_glass.sealed':
    case 'break_glass.opened':
    case 'break_glass.closed':
    case 'token.made':
    case 'token.revoked':
    case 'personal.revealed':
    case 'personal.read':
      return line('account', ...accessLine(event), event.type === 'break_glass.opened' || event.type === 'token.revoked')
    case 'wall.made':
      return line('account', `新建大屏：${event.wall.name}`, `Wall made: ${event.wall.name}`)
    case 'wall.revoked':
      return line('account', `停用大屏：${event.wall.name}`, `Wall revoked: ${event.wall.name}`, true)
    case 'feed.made':
    case 'feed.revoked': {
      const [zh, en] = event.type === 'feed.made' ? ['新建', 'made'] : ['停用', 'revoked']
      return line('account', `${zh}日历订阅：${event.feed.post_name ?? '本人班次'}`, `Calendar address ${en}: ${event.feed.post_name ?? 'own shifts'}`)
    }
    case 'area.drawn':
    case 'area.amended':
    case 'area.deleted': {
      const [zh, en] = AREA[event.type]
      return line('duty', `${zh} ${event.area.name}`, `${en}: ${event.area.name}`)
    }
    case 'device.registered':
      return line('device', `设备入册 ${event.device.label}`, `Device entered: ${event.device.label}`)
    case 'device.amended':
      return line('device', `设备变更 ${event.device.label}`, `Device amended: ${event.device.label}`)
    case 'device.credential_renewed': {
      const [{ label, credential_by: who }, zh] = [event.device, `接入口令已更换 ${event.device.label}`]
      return who === '' ? line('device', zh, `Password renewed: ${label}`) : line('device', `${zh}：${who}`, `Password renewed: ${label}, by ${who}`)
    }
    case 'device.switched_off':
      return line('device', `设备停用 ${event.device.label}${event.device.off_reason === '' ? '' : `：${event.device.off_reason}`}`, `Device switched off: ${event.device.label}${event.device.off_reason === '' ? '' : ` (${event.device.off_reason})`}`)
    case 'device.imported':
      return line(
        'device',
        `导入设备台账：新增 ${event.created}，变更 ${event.amended}`,
        `Register imported: ${event.created} new, ${event.amended} amended`,
      )
    case 'device.unknown_dismissed':
      return line('device', `移出隔离名单 ${event.number}：${event.reason}`, `Taken off the quarantine list: ${event.number} (${event.reason})`)
    case 'device.tested':
      return tested(event.test)
    case 'roll_call.opened':
      return line('device', `点名开始：${event.roll_call.title}`, `Roll call opened: ${event.roll_call.title}`)
    case 'roll_call.closed': {
      const { title, answered, total } = event.roll_call
      return line('device', `点名结束：${title} 应答 ${answered}/${total}`, `Roll call closed: ${title}, ${answered} of ${total}`)
    }
    case 'roll_call.answered': {
      const there = event.answer.state === 'answered'
      return line(
        'device',
        `点名 ${event.answer.call_sign} ${there ? '应答' : '未应答'}`,
        `Roll call: ${event.answer.call_sign} ${there ? 'answered' : 'did not answer'}`,
      )
    }
    case 'terminal.parameters': {
      const wanted = Object.entries(event.wanted).map(([name, value]) => `${name}=${value}`).join(' ')
      const done = event.state === 'set'
      return line(
        'account',
        `${event.device_label} 参数设置${done ? '成功' : '未成功'}：${wanted}`,
        `Parameters of ${event.device_label} ${done ? 'set' : 'not set'}: ${wanted}`,
        !done,
      )
    }
    default:
      return unknownLine(event)
  }
}

const AREA = {
  'area.drawn': ['新存区域', 'Area kept'],
  'area.amended': ['区域变更', 'Area amended'],
  'area.deleted': ['删除区域', 'Area deleted'],
} as const

const OUTCOMES: Record<string, [string, string]> = {
  passed: ['调试合格', 'passed its test'],
  failed: ['调试不合格', 'failed its test'],
  not_asked: ['未能询问', 'could not be asked'],
}

/** What goes right by itself every night has its own page; here it would push the night's events out. */
export const isRoutine = (event: Event): boolean =>
  (event.type === 'device.tested' && event.test.automatic && event.test.state !== 'failed') || (isNotice(event) && ['own_duty', 'reporting'].includes(event.notice.topic))

/** A test of a device that ended. */
function tested(test: { device_label: string; state: string; detail: string }): LogLine {
  const [zh, en] = OUTCOMES[test.state] ?? [test.state, test.state]
  return line('device', `${test.device_label} ${zh}`, `${test.device_label} ${en}`, test.state === 'failed')
}

/** A kind of event younger than this page is shown by its name rather than hidden. */
function unknownLine(event: never): LogLine {
  const { type } = event as { type: string }
  return line('incident', type, type)
}
