import { en } from '@/i18n/en'
import { zh } from '@/i18n/zh'

/** A driver's code with a number says which: error_38, flag_9. */
const NUMBERED = /^(?:error|status|flag|reason|result)_(\d+)$/

/** Why a message did not get through, in both languages; behind the code stand the device's own words. */
export function deliveryReason(reason: string): { zh: string; en: string } {
  const [code = '', ...rest] = reason.split(' ')
  const number = NUMBERED.exec(code)?.[1]
  const key = `reason.${code}`
  const said = (words: Record<string, string>): string =>
    [number === undefined ? (words[key] ?? code) : (words['reason.other'] ?? '').replace('{n}', number), ...rest].join(' ')
  return { zh: said(zh), en: said(en) }
}
