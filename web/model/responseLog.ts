import type { Event } from '@/api/events'
import type { LogLine } from './log'

/** What happens to plans, to cards in force and to responses. */
export type ResponseEvent = Extract<Event, { type: `plan.${string}` | `response.${string}` | `release.${string}` }>

export const isResponse = (event: Event): event is ResponseEvent => event.type.startsWith('plan.') || event.type.startsWith('response.') || event.type.startsWith('release.')

const line = (zh: string, en: string, loud = false): LogLine => ({ category: 'dispatch', zh, en, loud })

const PLAN = {
  'plan.registered': ['新增预案', 'Plan entered'],
  'plan.amended': ['预案变更', 'Plan amended'],
  'plan.issued': ['预案印发新版', 'Plan issued anew'],
  'plan.retired': ['预案停用', 'Plan retired'],
  'plan.card_written': ['修订行动卡', 'Action card written'],
} as const
const RUN = {
  'plan.proposed': ['提请启动预案', 'Plan proposed'],
  'plan.approved': ['批准启动预案', 'Plan approved'],
  'plan.refused': ['未批准预案', 'Plan refused'],
  'plan.ended': ['预案任务终止', 'Plan ended'],
} as const
const RESPONSE = {
  'response.proposed': ['提请应急响应', 'Response proposed'],
  'response.activated': ['启动应急响应', 'Response activated'],
  'response.adjusted': ['调整应急响应', 'Response adjusted'],
  'response.terminated': ['终止应急响应', 'Response ended'],
  'response.refused': ['未同意应急响应建议', 'Response refused'],
  'response.signed': ['补签应急响应令', 'Response order signed'],
  'response.consulted': ['会商', 'Consultation'],
} as const
const LEVELS = ['', '一级', '二级', '三级', '四级']
const LOUD: ReadonlySet<string> = new Set(['response.activated', 'response.adjusted', 'plan.approved'])

/** An event of plans and responses as the log would say it; of a drill it says so. */
export function responseLine(event: ResponseEvent): LogLine {
  switch (event.type) {
    case 'release.sector_drawn':
    case 'release.measured':
    case 'release.lifting_proposed':
    case 'release.signed':
    case 'release.lifted':
      return line(`泄漏处置：${event.zh}`, `Release: ${event.en}`)
    case 'plan.imported':
      return line(`导入预案：新增 ${event.created}，变更 ${event.amended}`, `Plans imported: ${event.created} new, ${event.amended} amended`)
    case 'plan.registered':
    case 'plan.amended':
    case 'plan.issued':
    case 'plan.retired':
    case 'plan.card_written': {
      const [zh, en] = PLAN[event.type]
      return line(`${zh} ${event.plan.name_zh}`, `${en}: ${event.plan.name_zh}`)
    }
    case 'plan.proposed':
    case 'plan.approved':
    case 'plan.refused':
    case 'plan.ended': {
      const [zh, en] = RUN[event.type]
      const mark = event.run.drill ? '【演练】' : ''
      const sent = event.type === 'plan.approved' ? [`，下达任务 ${event.run.sent} 项`, `, ${event.run.sent} tasks out`] : ['', '']
      return line(`${mark}${zh} ${event.run.plan_name}${sent[0]}`, `${mark}${en}: ${event.run.plan_name}${sent[1]}`, LOUD.has(event.type))
    }
    default: {
      const [zh, en] = RESPONSE[event.type]
      const { response: r } = event
      const mark = r.drill ? '【演练】' : ''
      const level = (event.type === 'response.proposed' ? r.proposed_level : r.level) ?? 0
      const words = event.words === '' ? '' : `：${event.words}`
      return line(`${mark}${zh} ${r.hazard}${LEVELS[level] ?? ''}${words}`, `${mark}${en}: ${r.hazard}${level > 0 ? ` level ${level}` : ''}${words}`, LOUD.has(event.type))
    }
  }
}
