import type { Event } from '@/api/events'
import type { SpotFailure, SpotFinding } from '@/api/spotChecks'

/** What happens in spot checks. */
export type SpotCheckEvent = Extract<Event, { type: `spot_check.${string}` }>

export const isSpotCheck = (event: Event): event is SpotCheckEvent => event.type.startsWith('spot_check.')

/** The failures in words; the dictionary has the same for the page. */
export const FAILURE: Record<SpotFailure, [string, string]> = {
  no_answer: ['无人应答', 'no answer'],
  slow_answer: ['应答慢', 'slow answer'],
  absent: ['脱岗', 'absent'],
  substitute: ['顶岗', 'stand-in'],
  not_on_roster: ['与值班表不符', 'not on the roster'],
  cannot_state_situation: ['情况不掌握', 'does not know the situation'],
  log_incomplete: ['日志不完整', 'log incomplete'],
  video_failed: ['视频未接通', 'no video'],
  video_slow: ['视频接通慢', 'slow video'],
  leader_unreachable: ['带班领导联系不上', 'leader unreachable'],
  leader_not_on_site: ['带班领导不在岗', 'leader not on site'],
}

type Words = readonly [zh: string, en: string, loud: boolean]

const said = (codes: readonly SpotFailure[], at: 0 | 1): string => codes.map((code) => FAILURE[code][at]).join(at === 0 ? '、' : ', ')

function judged(f: SpotFinding): Words {
  const who = f.answered_by === '' ? '' : ` ${f.answered_by}`
  if (f.state === 'passed') return [`抽查 ${f.post_name}${who} 合格`, `Spot check of ${f.post_name}${who}: passed`, false]
  return [`抽查 ${f.post_name}${who} 不合格：${said(f.failures, 0)}`, `Spot check of ${f.post_name}${who} failed: ${said(f.failures, 1)}`, true]
}

const ITEM: Record<string, [string, string]> = {
  'spot_check.rectification_opened': ['限时整改', 'to be put right'],
  'spot_check.rectification_reported': ['已报整改', 'reported as put right'],
  'spot_check.rectification_confirmed': ['整改确认', 'confirmed as put right'],
  'spot_check.rectification_returned': ['整改退回', 'sent back'],
  'spot_check.rectification_cancelled': ['整改撤销', 'need not be put right'],
  'spot_check.rectification_due': ['整改即将到期', 'to be put right soon'],
  'spot_check.rectification_overdue': ['整改逾期', 'not put right in time'],
  'spot_check.circular_drafted': ['拟稿', 'drafted'],
  'spot_check.circular_edited': ['修改', 'edited'],
  'spot_check.circular_signed': ['签发', 'signed'],
  'spot_check.circular_issued': ['下发', 'issued'],
  'spot_check.appeal_asked': ['申诉', 'appeal'],
  'spot_check.appeal_upheld': ['申诉成立', 'appeal upheld'],
  'spot_check.appeal_refused': ['申诉未成立', 'appeal refused'],
}

const step = (type: string): [string, string] => ITEM[type] ?? [type, type]

/** A spot check's event as the log would say it. */
export function spotCheckLine(event: SpotCheckEvent): Words {
  if ('spot_check' in event) {
    const c = event.spot_check
    if (event.type === 'spot_check.opened') return [`发起抽查 ${c.title}：${c.pool_size} 抽 ${c.drawn}`, `Spot check ${c.title}: ${c.drawn} of ${c.pool_size} drawn`, false]
    if (event.type === 'spot_check.cancelled') return [`取消抽查 ${c.title}`, `Spot check ${c.title} called off`, false]
    if (event.type === 'spot_check.begun') return [`抽查到时 ${c.title}`, `Spot check ${c.title} begins`, true]
    if (event.type === 'spot_check.waits') return [`抽查 ${c.title} 已到时，尚未呼叫`, `Spot check ${c.title} has begun, nobody called yet`, true]
    return [`抽查结束 ${c.title}：合格 ${c.passed}，不合格 ${c.failed}`, `Spot check ${c.title} finished: ${c.passed} passed, ${c.failed} failed`, c.failed > 0]
  }
  if ('finding' in event) {
    const f = event.finding
    if (event.type === 'spot_check.called') return [`抽查呼叫 ${f.post_name}`, `Spot check calls ${f.post_name}`, false]
    if (event.type === 'spot_check.unanswered') return [`抽查 ${f.post_name} 未应答，稍后再呼`, `Spot check of ${f.post_name}: no answer yet`, false]
    if (event.type === 'spot_check.method_changed') return [`抽查 ${f.post_name} 改用其他方式`, `Spot check of ${f.post_name} by other means`, false]
    return judged(f)
  }
  const [zh, en] = step(event.type)
  if ('rectification' in event) return [`${event.rectification.post_name} ${zh}：${FAILURE[event.rectification.failure][0]}`, `${event.rectification.post_name}: ${FAILURE[event.rectification.failure][1]} ${en}`, false]
  if ('circular' in event) return [`《${event.circular.title}》${zh}`, `Circular ${event.circular.title} ${en}`, false]
  if ('receipt' in event) return [`${event.receipt.post_name} 签收通报`, `${event.receipt.post_name} acknowledged the circular`, false]
  return [`${event.appeal.post_name} ${zh}：${FAILURE[event.appeal.failure][0]}`, `${event.appeal.post_name} ${en}: ${FAILURE[event.appeal.failure][1]}`, false]
}
