import { lang, nameOf } from '@/i18n'
import { reference } from './store'

/** What a kind of event is called in the language shown; what only stands in words stays as it was written. */
export function eventName(code: string, words: string): string {
  if (lang.value === 'zh') return words
  const kind = reference.value?.event_types.find((x) => x.code === code)
  return kind === undefined ? words : nameOf(kind)
}
