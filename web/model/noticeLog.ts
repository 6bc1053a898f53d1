import type { Event } from '@/api/events'

/** What becomes of notices. */
export type NoticeEvent = Extract<Event, { type: `notice.${string}` }>

export const isNotice = (event: Event): event is NoticeEvent => event.type.startsWith('notice.')

/** A notice's event as the log would say it: Chinese, English, whether it stands out. */
export function noticeLine(event: NoticeEvent): readonly [zh: string, en: string, loud: boolean] {
  const { person_name: who, text, text_en: english, step, read_means: means } = event.notice
  const said = english || text
  if (event.type === 'notice.read') {
    return [`${who} 已阅（${means === 'sms' ? '短信' : '系统'}）：${text}`, `Read by ${who} (${means === 'sms' ? 'SMS' : 'app'}): ${said}`, false]
  }
  if (event.type === 'notice.escalated') return [`${who} 未阅，改发短信：${text}`, `Not read by ${who}, SMS sent: ${said}`, false]
  if (step === 'none') return [`无法通知 ${who}（未登录，未发短信）：${text}`, `Cannot tell ${who} (not logged in, no SMS): ${said}`, true]
  return [`${step === 'sms' ? '短信通知' : '通知'} ${who}：${text}`, `${step === 'sms' ? 'SMS to' : 'Told'} ${who}: ${said}`, false]
}
