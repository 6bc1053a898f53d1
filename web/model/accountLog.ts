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

type Access = Extract<Event, { type: 'break_glass.sealed' | 'break_glass.opened' | 'break_glass.closed' | 'token.made' | 'token.revoked' | 'personal.revealed' | 'personal.read' }>

/** Who came in by the sealed login, which programs may, and who read whose data. */
export function accessLine(event: Access): readonly [zh: string, en: string] {
  switch (event.type) {
    case 'break_glass.sealed':
      return ['应急码已密封', 'Emergency code sealed']
    case 'break_glass.opened':
      return [`应急账号拆封：${event.username}（${event.reason}）`, `Emergency login opened by ${event.username} (${event.reason})`]
    case 'break_glass.closed':
      return [`应急账号终止：${event.username}`, `Emergency login ended by ${event.username}`]
    case 'token.made':
      return [`新建接口令牌：${event.token.name}`, `API token made: ${event.token.name}`]
    case 'token.revoked':
      return [`停用接口令牌：${event.token.name}`, `API token revoked: ${event.token.name}`]
    case 'personal.revealed':
      return [`${event.username} 查看个人信息：${event.whose.join('、')}（${event.reason}）`, `${event.username} read personal data of ${event.whose.join(', ')} (${event.reason})`]
    case 'personal.read':
      return [`${event.username} 打开名单 ${event.source}：${event.count}人`, `${event.username} opened ${event.source}: ${event.count} people`]
  }
}
