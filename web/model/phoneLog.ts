import type { Event } from '@/api/events'
import type { LogLine } from './log'

type FieldPhoneEvent = Extract<Event, { type: 'field_phone.link_made' | 'field_phone.linked' | 'field_phone.revoked' }>

export const isFieldPhone = (event: Event): event is FieldPhoneEvent => event.type.startsWith('field_phone.')

const line = (zh: string, en: string, loud = false): LogLine => ({ category: 'account', zh, en, loud })

/** A phone that was let in, logged in, or taken out of use. */
export function fieldPhoneLine(event: FieldPhoneEvent): LogLine {
  const { person_name: who, label, made_by: maker, revoked_by: by, revoke_reason: why } = event.phone
  switch (event.type) {
    case 'field_phone.link_made':
      return line(`${maker} 为 ${who} 签发手机登录链接`, `${maker} made a phone login link for ${who}`)
    case 'field_phone.linked':
      return line(`${who} 的手机登录 ${label}`, `Phone of ${who} logged in: ${label}`)
    case 'field_phone.revoked':
      return line(`${by ?? ''} 停用 ${who} 的手机：${why}`, `${by ?? ''} revoked a phone of ${who}: ${why}`, true)
  }
}
