import type { zhNotices } from './zh.notices'

export const enNotices: Record<keyof typeof zhNotices, string> = {
  'told.title': 'Notice',
  'told.more': '{n} more',
  'told.read': 'Received',
}
