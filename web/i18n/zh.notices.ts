/** Notices to persons. */
export const zhNotices = {
  'told.title': '通知',
  'told.more': '另有 {n} 条',
  'told.read': '收到',
}
