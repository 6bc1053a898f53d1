import type { Colleague, ResultIn, Rostered, SpotFinding } from '@/api/spotChecks'
import { lastAt } from './ring'
import { timeOfDay } from './time'

/** Yes, no, or not asked. */
export type Tri = boolean | null

/** What the officer has noted of a call so far; one key changes one of it. */
export interface Entry {
  rings: number | null
  seconds: number | null
  personId: number | null
  name: string
  standingIn: boolean
  atDesk: boolean
  weather: Tri
  warnings: Tri
  leaderNamed: Tri
  logAt: string
  logPoor: boolean
  note: string
}

export const asked = (value: Tri): Tri => (value === null ? true : value ? false : null)

/** Who most likely answers: the one who sits at the desk tonight. */
const expected = (roster: readonly Rostered[]): Rostered | undefined => roster.find((r) => r.mode === 'on_site') ?? roster[0]

const clockTime = (iso: string): string => timeOfDay(iso).slice(0, 5)

/** A fresh entry, or what was noted, to be corrected. */
export function entryOf(finding: SpotFinding): Entry {
  const noted = finding.result
  const last = finding.attempts.at(-1)
  return {
    rings: last?.rings ?? null,
    seconds: last?.seconds ?? null,
    personId: noted === null ? (expected(finding.roster)?.person_id ?? null) : noted.person_id,
    name: noted !== null && noted.person_id === null ? noted.name : '',
    standingIn: noted?.standing_in ?? false,
    atDesk: noted?.at_desk ?? true,
    weather: noted?.weather ?? null,
    warnings: noted?.warnings ?? null,
    leaderNamed: noted?.leader_named ?? null,
    logAt: noted?.log_last_entry_at ? clockTime(noted.log_last_entry_at) : '',
    logPoor: noted?.log_complete === false,
    note: noted?.note ?? '',
  }
}


/** Whether enough is known to record an answer. */
export const complete = (finding: SpotFinding, e: Entry): boolean =>
  (finding.method !== 'phone' || e.rings !== null) && (!e.atDesk || e.personId !== null || e.name.trim() !== '')

/** The entry as it is sent. */
export function resultOf(finding: SpotFinding, e: Entry, now: number): ResultIn {
  const told = {
    answered: true,
    person_id: e.personId,
    name: e.personId === null ? e.name.trim() : '',
    standing_in: e.standingIn,
    at_desk: e.atDesk,
    weather: e.weather,
    warnings: e.warnings,
    leader_named: e.leaderNamed,
    log_last_entry_at: lastAt(e.logAt, now),
    log_complete: e.logPoor ? false : null,
    note: e.note.trim(),
    seconds: e.seconds,
  }
  if (finding.method === 'phone') return { method: 'phone', rings: e.rings, ...told }
  if (finding.method === 'video') return { method: 'video', ...told }
  return { method: finding.method, ...told }
}

export const silentOf = (finding: SpotFinding): ResultIn =>
  finding.method === 'phone' ? { method: 'phone', answered: false } : finding.method === 'video' ? { method: 'video', answered: false } : { method: finding.method, answered: false }

export type Relation = NonNullable<SpotFinding['relation']>

/** How the answerer compares with the roster; the server decides by the same rule. */
export function relationOf(e: Entry, roster: readonly Rostered[], people: readonly Colleague[]): Relation | null {
  const name = e.name.trim()
  if (e.personId === null && name === '') return null
  if (roster.length === 0) return e.standingIn ? 'substitute' : 'no_roster'
  const on = e.personId === null ? roster.some((r) => r.name === name) : roster.some((r) => r.person_id === e.personId)
  if (on) return 'on_roster'
  return e.standingIn || !people.some((p) => p.person_id === e.personId) ? 'substitute' : 'not_on_roster'
}

/** Those who can be picked: on duty first, then the others of the unit. */
export function pickable(roster: readonly Rostered[], people: readonly Colleague[]): { person_id: number; name: string; hint: string; on: boolean }[] {
  const on = new Set(roster.map((r) => r.person_id))
  return [
    ...roster.map((r) => ({ person_id: r.person_id, name: r.name, hint: r.role, on: true })),
    ...people.filter((p) => !on.has(p.person_id)).map((p) => ({ person_id: p.person_id, name: p.name, hint: p.post, on: false })),
  ]
}

export const isJudged = (f: SpotFinding): boolean => f.state === 'passed' || f.state === 'failed'

/** What the clock of a row counts: since the call, or until the next one. */
export function clockMs(f: SpotFinding, now: number): { ms: number; due: boolean } | null {
  const last = f.attempts.at(-1)
  if (f.state === 'calling' && last !== undefined) return { ms: now - Date.parse(last.called_at), due: false }
  if (f.state === 'retry' && f.retry_due_at !== null) {
    const left = Date.parse(f.retry_due_at) - now
    return { ms: Math.max(0, left), due: left <= 0 }
  }
  return null
}

/** Which post is next: one that rings, one to be called again, the first that waits. */
export function nextOf(findings: readonly SpotFinding[], now: number): SpotFinding | undefined {
  const rank = (f: SpotFinding): number =>
    f.state === 'calling' ? 0 : f.state === 'retry' && clockMs(f, now)?.due === true ? 1 : f.state === 'waiting' ? 2 : f.state === 'retry' ? 3 : 9
  return [...findings].filter((f) => rank(f) < 9).sort((a, b) => rank(a) - rank(b) || a.ordinal - b.ordinal)[0]
}
