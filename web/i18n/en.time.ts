import type { zhTime } from './zh.time'

export const enTime: Record<keyof typeof zhTime, string> = {
  'ago.s': '{n} s ago',
  'ago.min': '{n} min ago',
  'ago.h': '{n} h ago',
  'ago.d': '{n} d ago',
  'span.s': '{n} s',
  'span.min': '{n} min',
  'span.h': '{n} h',
  'span.d': '{n} d',
  'weekday.0': 'Sun',
  'weekday.1': 'Mon',
  'weekday.2': 'Tue',
  'weekday.3': 'Wed',
  'weekday.4': 'Thu',
  'weekday.5': 'Fri',
  'weekday.6': 'Sat',
}
