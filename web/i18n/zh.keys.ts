/** Words of the keys, for the help overlay. */
export const zhKeys = {
  'key.ack': '确认',
  'key.open': '打开 / 转警情',
  'key.dispatch': '派警',
  'key.new': '新警情',
  'key.mute': '静音30秒',
  'key.follow': '地图跟随',
  'key.hold': '日志暂停',
  'key.available': '仅看可用',
  'key.help': '全部快捷键',
  'key.move': '在左栏移动',
  'key.tick': '派警时勾选队伍',
  'key.escape': '关闭',
} as const
