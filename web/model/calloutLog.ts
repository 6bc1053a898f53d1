import type { Event } from '@/api/events'

/** What happens in call-and-respond. */
export type CalloutEvent = Extract<Event, { type: `callout.${string}` }>

export const isCallout = (event: Event): event is CalloutEvent => event.type.startsWith('callout.')

type Words = readonly [zh: string, en: string, loud: boolean]
type Of<T extends CalloutEvent['type']> = Extract<CalloutEvent, { type: T }>

const mark = (drill: boolean): string => (drill ? '【演练】' : '')
const names = (targets: readonly { name: string }[]): string => targets.slice(0, 4).map((one) => one.name).join('、') + (targets.length > 4 ? `等 ${targets.length} 处` : '')

function roundLine(event: Extract<CalloutEvent, { callout: unknown }>): Words {
  const c = event.callout
  const villages = c.counts.find((one) => one.tier === 'village' && one.township_code === null)
  const told = `${villages?.answered ?? 0}/${villages?.total ?? 0}`
  if (event.type === 'callout.started') return [`${mark(c.drill)}发起叫应 ${c.title}：${villages?.total ?? 0} 个村`, `${mark(c.drill)}Calls started: ${c.title}, ${villages?.total ?? 0} villages`, c.kind === 'alert']
  if (event.type === 'callout.widened') return [`${mark(c.drill)}叫应扩大 ${c.title}：新增 ${names(event.added)}`, `${mark(c.drill)}Calls extended: ${c.title}: ${names(event.added)}`, true]
  if (event.type === 'callout.drawn') return [`${mark(c.drill)}抽取核实 ${c.title}：${villages?.drawn ?? 0} 个村`, `${mark(c.drill)}Drawn for verification: ${c.title}, ${villages?.drawn ?? 0} villages`, false]
  return [`${mark(c.drill)}叫应结束 ${c.title}：村应答 ${told}`, `${mark(c.drill)}Calls ended: ${c.title}, ${told} villages answered`, false]
}

function callLine(event: Extract<CalloutEvent, { call: unknown }>): Words {
  const { target, call } = event
  const m = mark(event.drill)
  if (event.type === 'callout.answered') return [`${m}${target.name} ${call.name} 应答：${call.words || '收到'}`, `${m}${target.name}: ${call.name} answered`, false]
  if (event.type === 'callout.handed_off') return [`${m}${target.name} 未应，转 ${call.owner} 上门`, `${m}${target.name} silent: ${call.owner} goes there`, true]
  return [`${m}叫应 ${target.name} ${call.name} 未通`, `${m}${target.name}: ${call.name} could not be reached`, false]
}

function verifiedLine(event: Of<'callout.verified'>): Words {
  const one = event.target
  if (one.outcome === 'not_passed_on') return [`${mark(event.drill)}核实 ${one.name}：报了未转，列入问责核查`, `${mark(event.drill)}${one.name} reported and passed nothing on`, true]
  return [`${mark(event.drill)}核实 ${one.name}：${one.outcome === 'agrees' ? '属实' : '未联系上'}`, `${mark(event.drill)}${one.name} verified: ${one.outcome ?? ''}`, false]
}

/** An event of call-and-respond as the log would say it. */
export function calloutLine(event: CalloutEvent): Words {
  if ('callout' in event) return roundLine(event)
  if ('call' in event) return callLine(event)
  switch (event.type) {
    case 'callout.climbed':
      return [`${mark(event.drill)}升级叫应 ${names(event.targets)}：${event.title}`, `${mark(event.drill)}Next tried at ${names(event.targets)}: ${event.title}`, false]
    case 'callout.feedback_asked':
      return [`${mark(event.drill)}催要反馈 ${names(event.targets)}：${event.title}`, `${mark(event.drill)}Feedback asked of ${names(event.targets)}: ${event.title}`, false]
    case 'callout.overdue':
      return [`${mark(event.drill)}叫应超时 ${names(event.targets)}：${event.title}${event.told ? `，已告 ${event.told}` : ''}`, `${mark(event.drill)}Silent beyond the deadline: ${names(event.targets)}, ${event.title}`, true]
    case 'callout.reported':
      return [`${mark(event.drill)}${event.target.name} 报告行动：${event.target.reports}`, `${mark(event.drill)}${event.target.name} reported what was done`, false]
    case 'callout.verified':
      return verifiedLine(event)
    case 'callout.yours':
      return ['您本人的叫应有变化，请在手机应用上应答', 'A call to yourself has changed: answer in the phone app', false]
    case 'callout.listed':
      return ['更新叫应名单', 'The list of those called was refreshed', false]
    case 'callout.limits_set':
      return [`叫应时限改为第 ${event.limits.version} 版`, `Minutes of the calls: version ${event.limits.version}`, false]
    case 'callout.list_filed':
      return [`叫应名单已备案：${event.filing.people} 人`, `The list was filed: ${event.filing.people} people`, false]
    default:
      return event.type === 'callout.review_due' ? ['叫应名单须在 4 月 20 日前更新备案', 'The list is to be filed before 20 April', true] : ['叫应名单逾期未备案', 'The list was not filed in time', true]
  }
}
