import type { Standing, StatusAnswer, StatusAnswerIn, StatusQuestion, StatusSource, StatusUnit, StatusValue, StatusAsked } from '@/api/statusCalls'
import { instantOf } from '@/model/time'
import { localInput } from './time'

/** What stands in a field of the form: the server judges, the form only shapes. */
export type Draft = Record<number, string | boolean | null>

/** Those that need somebody first. */
const ORDER: readonly Standing[] = ['silent', 'waiting', 'late', 'answered']

export const lastOf = (unit: StatusUnit): StatusAnswer | null => unit.answers.at(-1) ?? null

export function countOf(units: readonly StatusUnit[]): Record<Standing, number> {
  const counts: Record<Standing, number> = { silent: 0, waiting: 0, late: 0, answered: 0 }
  for (const unit of units) counts[unit.standing] += 1
  return counts
}

export const silentOf = (units: readonly StatusUnit[]): StatusUnit[] => units.filter((u) => u.answers.length === 0)

/** Silent units first, otherwise as they were asked. */
export const urgentFirst = (units: readonly StatusUnit[]): StatusUnit[] => [...units].sort((a, b) => ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing))

/** A value as people read it. */
export function valueWords(value: StatusValue | undefined, yes: string, no: string, none: string): string {
  if (value === undefined) return ''
  if (typeof value === 'boolean') return value ? yes : no
  if (Array.isArray(value)) return value.length === 0 ? none : value.join('、')
  return String(value)
}

/** The form as it opens: what was said last, so that a correction changes only what was wrong. */
export function draftOf(questions: readonly StatusQuestion[], last: StatusAnswer | null): Draft {
  const draft: Draft = {}
  for (const q of questions) {
    const value = last?.values[String(q.number)]
    if (q.kind === 'yes_no') draft[q.number] = typeof value === 'boolean' ? value : null
    else draft[q.number] = value === undefined ? '' : Array.isArray(value) ? value.join('\n') : String(value)
  }
  return draft
}

const items = (text: string): string[] =>
  text
    .split(/[\n,，、;；]+/)
    .map((item) => item.trim())
    .filter((item) => item !== '')

/** What is sent of a draft; fields left empty are not said, but an empty list says that nothing is lacking. */
export function valuesOf(questions: readonly StatusQuestion[], draft: Draft): Record<string, StatusValue> {
  const values: Record<string, StatusValue> = {}
  for (const q of questions) {
    const said = draft[q.number] ?? ''
    if (q.kind === 'lacking') values[q.number] = items(String(said))
    else if (said === '') continue
    else if (q.kind === 'number') values[q.number] = Number(said)
    else values[q.number] = said
  }
  return values
}

/** The numbers of the questions that still need an answer. */
export const missingOf = (questions: readonly StatusQuestion[], draft: Draft): number[] =>
  questions.filter((q) => !q.optional && q.kind !== 'lacking' && ((draft[q.number] ?? '') === '' || draft[q.number] === null)).map((q) => q.number)

/** What is written down with an answer that came otherwise than over the app. */
export interface Told {
  source: StatusSource
  toldBy: string
  toldAt: string
  voucher: string
}

export function answerIn(values: Record<string, StatusValue> | null, told: Told | null, reason: string, note: string): StatusAnswerIn {
  const body: StatusAnswerIn = { nothing: values === null, values: values ?? {}, reason, note }
  if (told === null) return { ...body, source: 'app' }
  const at = instantOf(told.toldAt)
  return { ...body, source: told.source as NonNullable<StatusAnswerIn['source']>, told_by: told.toldBy, told_at: at, voucher: told.voucher }
}

/** A half hour that leaves people time: two hours from now, on the half hour, as a local field wants it. */
export function usualDeadline(nowMs: number): string {
  return localInput(Math.ceil((nowMs + 90 * 60_000) / 1_800_000) * 1_800_000)
}

/** What the centre asked and nobody here has answered yet; what is over is asked no more. */
export const waitingOf = (asked: readonly StatusAsked[]): StatusAsked[] => asked.filter((one) => one.unit.answers.length === 0 && one.call.state === 'open')
/** Of these, what nobody at the unit has had before his eyes. */
export const unreadOf = (waiting: readonly StatusAsked[]): StatusAsked[] => waiting.filter((one) => one.unit.read_at === null)
