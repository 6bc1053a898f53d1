import { weekdayOfDay } from './month'

/** What a field asks for, by the names HTML has for it; its value is written as HTML writes it. */
export type WhenKind = 'date' | 'datetime-local' | 'month' | 'time'

const LENGTH: Record<WhenKind, number> = { 'date': 10, 'datetime-local': 16, 'month': 7, 'time': 5 }
const WORDS: Record<string, number> = { 今天: 0, 今日: 0, today: 0, 昨天: -1, 昨日: -1, yesterday: -1, 明天: 1, 明日: 1, tomorrow: 1, 前天: -2, 后天: 2 }
const NOW = new Set(['now', '现在', '今天', '今日', 'today', '本月'])
const UNITS: Record<string, number> = { 'm': 1, 'min': 1, '分': 1, '分钟': 1, 'h': 60, '时': 60, '小时': 60, 'd': 1440, '天': 1440 }
const AHEAD = /^([+-])(\d{1,4}) ?(min|m|分钟|分|h|小时|时|d|天)?$/

const two = (n: number): string => String(n).padStart(2, '0')

/** As it is shown and may be typed. */
export const shownWhen = (value: string): string => value.replace('T', ' ')

/** Whether nothing more can follow what is typed. */
export const isWhole = (typed: string, kind: WhenKind): boolean => typed.trim().length >= LENGTH[kind]

/** A day so many days later. */
export const stepDays = (day: string, by: number): string => new Date(Date.parse(`${day}T00:00Z`) + by * 86_400_000).toISOString().slice(0, 10)

/** The same day of the month so many months later, or that month's last. */
export function stepMonths(day: string, by: number): string {
  const [year = 2000, month = 1, d = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + by, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + by, Math.min(d, last))).toISOString().slice(0, 10)
}

/** The weeks a month stands in, from Monday, with what of its neighbours fills them: always six. */
export function weeksOf(month: string): string[][] {
  const first = `${month}-01`
  const start = stepDays(first, -((weekdayOfDay(first) + 6) % 7))
  return Array.from({ length: 6 }, (_, w) => Array.from({ length: 7 }, (_, d) => stepDays(start, w * 7 + d)))
}

/**
 * What was typed, as the field's value; null when it is not (yet) understood.
 *
 * `now` is the wall's time, `2026-11-28T14:05:09`. A day without a year is the nearest such day.
 */
export function parseWhen(typed: string, kind: WhenKind, now: string, seconds = false): string | null {
  const text = typed.normalize('NFKC').trim().toLowerCase()
  const cut = (at: string): string => ofKind(at, kind, seconds)
  if (NOW.has(text)) return cut(now)
  const ahead = AHEAD.exec(text)
  if (ahead !== null) return cut(later(now, kind, Number(`${ahead[1]}${ahead[2]}`), ahead[3]))
  const parts = plain(text).split(' ')
  const today = now.slice(0, 10)
  if (kind === 'month') return parts.length === 1 ? monthOf(parts[0] ?? '', now) : null
  if (kind === 'date') return parts.length === 1 ? dayOf(parts[0] ?? '', today, true) : null
  const together = /^(\d{8})(\d{4})$/.exec(parts[0] ?? '')
  const [day, time] = together ? [together[1], together[2]] : parts.length === 1 ? [null, parts[0]] : parts
  const clock = timeOf(time ?? '', day !== null)
  if (clock === null || parts.length > 2 || (together && parts.length > 1)) return null
  if (kind === 'time') return day === null ? clock.slice(0, seconds ? 8 : 5) : null
  const on = day === null ? today : dayOf(day ?? '', today)
  return on === null ? null : cut(`${on}T${clock}`)
}

function ofKind(at: string, kind: WhenKind, seconds: boolean): string {
  return kind === 'time' ? at.slice(11, seconds ? 19 : 16) : at.slice(0, LENGTH[kind])
}

function later(now: string, kind: WhenKind, by: number, unit: string | undefined): string {
  if (kind === 'month') return stepMonths(now.slice(0, 10), by)
  const minutes = by * (unit === undefined ? (kind === 'date' ? 1440 : 1) : (UNITS[unit] ?? 1))
  return new Date(Date.parse(`${now}Z`) + minutes * 60_000).toISOString().slice(0, 19)
}

/** Chinese and slashed dates with dashes, `14时05分` with a colon, at most one space. */
function plain(text: string): string {
  return text
    .replace(/(\d)t(\d)/, '$1 $2')
    .replace(/[年月]/g, '-')
    .replace(/[日号]/g, ' ')
    .replace(/[时点]/g, ':')
    .replace(/[分秒]/g, (_, at: number) => (/^\d/.test(text.slice(at + 1)) ? ':' : ''))
    .replace(/(\d)[/.](?=\d)/g, '$1-')
    .replace(/(今天|昨天|明天|前天|后天|今日|昨日|明日)(?=\d)/, '$1 ')
    .replace(/-(?= |$)/, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function monthOf(text: string, now: string): string | null {
  const found = /^(?:(\d{4})-?)?(\d{1,2})$/.exec(text)
  const month = Number(found?.[2] ?? 0)
  return found === null || month < 1 || month > 12 ? null : `${found[1] ?? now.slice(0, 4)}-${two(month)}`
}

function dayOf(text: string, today: string, alone = false): string | null {
  const word = WORDS[text]
  if (word !== undefined) return stepDays(today, word)
  const whole = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(text)
  if (whole !== null) return realDay(Number(whole[1]), Number(whole[2]), Number(whole[3]))
  const short = /^(\d{1,2})-(\d{1,2})$/.exec(text) ?? /^(\d\d)(\d\d)$/.exec(text)
  if (short !== null) return nearest(Number(short[1]), Number(short[2]), today)
  const only = alone ? /^\d{1,2}$/.exec(text) : null
  return only === null ? null : realDay(Number(today.slice(0, 4)), Number(today.slice(5, 7)), Number(text))
}

/** Of last year's, this year's and next year's the one nearest to today. */
function nearest(month: number, day: number, today: string): string | null {
  const year = Number(today.slice(0, 4))
  const far = (on: string): number => Math.abs(Date.parse(on) - Date.parse(today))
  const all = [year, year - 1, year + 1].map((y) => realDay(y, month, day)).filter((on) => on !== null)
  return all.sort((a, b) => far(a) - far(b))[0] ?? null
}

function realDay(year: number, month: number, day: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, day))
  const real = year >= 1900 && year < 3000 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day
  return real ? at.toISOString().slice(0, 10) : null
}

function timeOf(text: string, afterDay: boolean): string | null {
  const found = /^(\d{1,2}):(\d{1,2})?(?::(\d{1,2})?)?$/.exec(text) ?? /^(\d{1,2})(\d\d)$/.exec(text) ?? /^(\d\d)(\d\d)(\d\d)$/.exec(text) ?? (afterDay ? /^(\d{1,2})$/.exec(text) : null)
  if (found === null) return null
  const [h, m, s] = [Number(found[1]), Number(found[2] ?? 0), Number(found[3] ?? 0)]
  return h > 23 || m > 59 || s > 59 ? null : `${two(h)}:${two(m)}:${two(s)}`
}
