import type { Person, PersonIn, PersonPatch, Phone } from '@/api/people'

/** A person as it is typed: qualifications are one line. */
export interface PersonDraft {
  name: string
  title: string
  region_code: string
  unit_id: number | null
  phones: { number: string; label: Phone['label'] }[]
  call_sign: string
  satellite_number: string
  beidou_number: string
  qualifications: string
  full_time: boolean
}

export function personDraft(person: Person | null, home: { unit_id: number | null; region_code: string }): PersonDraft {
  return {
    name: person?.name ?? '',
    title: person?.title ?? '',
    region_code: person?.region_code ?? home.region_code,
    unit_id: person === null ? home.unit_id : person.unit_id,
    phones: person === null ? [{ number: '', label: 'mobile' }] : person.phones.map((p) => ({ ...p })),
    call_sign: person?.call_sign ?? '',
    satellite_number: person?.satellite_number ?? '',
    beidou_number: person?.beidou_number ?? '',
    qualifications: person?.qualifications.join('、') ?? '',
    full_time: person?.full_time ?? false,
  }
}

const SEPARATORS = /[,，、;；\s]+/

/** What is sent; a line for a telephone that stayed empty is none. */
export function toPerson(draft: PersonDraft): PersonIn {
  return {
    ...draft,
    phones: draft.phones.filter((p) => p.number.trim() !== '').map((p) => ({ number: p.number.trim(), label: p.label })),
    qualifications: draft.qualifications.split(SEPARATORS).filter(Boolean),
  }
}

/** Only what differs from what was on the screen. */
export function changesOf(before: PersonDraft, draft: PersonDraft): PersonPatch {
  const [old, now] = [toPerson(before), toPerson(draft)]
  const keys = (Object.keys(now) as (keyof PersonIn)[]).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(old[key]))
  return Object.fromEntries(keys.map((key) => [key, now[key]])) as PersonPatch
}

/** The telephone at `n` one place earlier: the first is tried first. */
export function earlier<T>(list: readonly T[], n: number): T[] {
  const [one, before] = [list[n], list[n - 1]]
  return one === undefined || before === undefined ? [...list] : [...list.slice(0, n - 1), one, before, ...list.slice(n + 1)]
}
