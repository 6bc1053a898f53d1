/** Words of ages, spans and days of the week. */
export const zhTime = {
  'ago.s': '{n}秒前',
  'ago.min': '{n}分前',
  'ago.h': '{n}时前',
  'ago.d': '{n}天前',
  'span.s': '{n}秒',
  'span.min': '{n}分',
  'span.h': '{n}时',
  'span.d': '{n}天',
  'weekday.0': '星期日',
  'weekday.1': '星期一',
  'weekday.2': '星期二',
  'weekday.3': '星期三',
  'weekday.4': '星期四',
  'weekday.5': '星期五',
  'weekday.6': '星期六',
} as const
