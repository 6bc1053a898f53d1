import { ref, watchEffect } from 'vue'
import { ago as agoOf, clockOf, type Ago } from '@/model/time'
import { halves } from '@/model/halves'
import { en } from './en'
import { zh } from './zh'

export type Key = keyof typeof zh
export type Lang = 'zh' | 'en'

const STORED = 'zhishou.lang'

/** Language of this machine. */
export const lang = ref<Lang>(localStorage.getItem(STORED) === 'en' ? 'en' : 'zh')

watchEffect(() => {
  document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en'
  localStorage.setItem(STORED, lang.value)
})

export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text: string = lang.value === 'zh' ? zh[key] : en[key]
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** The dictionary's word for a value of the wire, or the value itself when it is younger than us. */
export function word(prefix: string, value: string): string {
  const key = `${prefix}.${value}`
  return key in zh ? t(key as Key) : value
}

/** What the house wrote down in both languages, in the one that is shown. */
export const ownHalf = (words: string): string => halves(words)[lang.value === 'zh' ? 0 : 1]

/** What stands between the parts of a list. */
export const comma = (): string => (lang.value === 'zh' ? '、' : ', ')

/** What stands between two sentences told in one line. */
export const semi = (): string => (lang.value === 'zh' ? '；' : '; ')

/** Picks the sentence of the present language. */
export const say = (text: { zh: string; en: string }): string => text[lang.value]

/** Picks the name of the present language. */
export const nameOf = (thing: { name_zh: string; name_en: string }): string =>
  lang.value === 'zh' || thing.name_en === '' ? thing.name_zh : thing.name_en

const aged = (prefix: 'ago' | 'span', a: Ago): string => t(`${prefix}.${a.unit}`, { n: a.n })
export const agoText = (elapsedMs: number): string => aged('ago', agoOf(elapsedMs))
export const spanText = (elapsedMs: number): string => aged('span', agoOf(elapsedMs))

/** Elapsed time as a running clock, its days in the present language. */
export const clockText = (elapsedMs: number): string => clockOf(elapsedMs, lang.value === 'zh' ? '天' : 'd')

export const toggleLang = (): void => {
  lang.value = lang.value === 'zh' ? 'en' : 'zh'
}
