import type { Event } from '@/api/events'

type AccountKept = Extract<Event, { type: 'account.opened' | 'account.amended' | 'account.closed' | 'account.password_set' | 'account.logins_ended' | 'account.factor_added' | 'account.factor_removed' }>

const SAID: Record<AccountKept['type'], readonly [zh: string, en: string]> = {
  'account.opened': ['开通账号', 'Account opened'],
  'account.amended': ['变更账号', 'Account amended'],
  'account.closed': ['停用账号', 'Account closed'],
  'account.password_set': ['重设密码', 'New password for'],
  'account.logins_ended': ['强制退出', 'Logins ended of'],
  'account.factor_added': ['启用二次验证', 'Second factor for'],
  'account.factor_removed': ['停用二次验证', 'Second factor removed of'],
}

/** What somebody did to an account, in Chinese and English. */
export function accountLine(event: AccountKept): readonly [zh: string, en: string] {
  const [zh, en] = SAID[event.type]
  return [`${zh} ${event.username}`, `${en} ${event.username}`]
}
