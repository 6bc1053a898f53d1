import type { AlarmFact, AssignmentFact, SearchFact } from '@/api/types'

/** `M` silences for this long; silence is not acknowledgement (MSC.302(87) 7.3.5). */
export const SILENCE_MS = 30_000

/** How much an alarm weighs: somebody calls for help, somebody is on the telephone, a device is unwell. */
export type AlarmWeight = 'distress' | 'call' | 'trouble'

const WEIGHT: Record<AlarmFact['kind'], AlarmWeight> = {
  sos: 'distress',
  caller_silent: 'distress',
  call: 'call',
  low_battery: 'trouble',
  power_lost: 'trouble',
  left_area: 'trouble',
  tamper: 'trouble',
  fault: 'trouble',
  silent: 'trouble',
}

/** A kind younger than this page counts as a call for help: too loud is better than unheard. */
export const weightOf = (alarm: Pick<AlarmFact, 'kind'>): AlarmWeight => WEIGHT[alarm.kind] ?? 'distress'

/** How far a silent caller may be by now: his pace by the time since he was seen, bounded (app/dispatch/rules/sos.py). */
export const searchRadiusM = (search: SearchFact, at: number): number => Math.min(search.most_m, search.least_m + (search.speed_mps * Math.max(0, at - Date.parse(search.since))) / 1000)

/** Which calls for help this console has silenced, and until when. */
export interface AlarmSound {
  readonly open: ReadonlySet<number>
  readonly silencedUntil: ReadonlyMap<number, number>
}

export const QUIET: AlarmSound = { open: new Set(), silencedUntil: new Map() }

/** The server says which calls for help nobody has acknowledged; acknowledgement anywhere ends the sound here. */
export const heed = (sound: AlarmSound, alarms: Iterable<AlarmFact>): AlarmSound =>
  heedIds(sound, [...alarms].filter((a) => a.state === 'open' && a.drill_id === null && weightOf(a) === 'distress').map((a) => a.id))

/** The calls for help of drills nobody has acknowledged: they have a sound of their own, and never that of a real one. */
export const drilled = (alarms: Iterable<AlarmFact>): number[] => [...alarms].filter((a) => a.state === 'open' && a.drill_id !== null).map((a) => a.id)

/** The same for whatever else sounds until somebody has seen it, by its numbers. */
export function heedIds(sound: AlarmSound, ids: readonly number[]): AlarmSound {
  const open = new Set(ids)
  const silencedUntil = new Map([...sound.silencedUntil].filter(([id]) => open.has(id)))
  return { open, silencedUntil }
}

/** Silences what is open now; an alarm that comes later is heard at once. */
export function silence(sound: AlarmSound, now: number): AlarmSound {
  return { ...sound, silencedUntil: new Map([...sound.open].map((id) => [id, now + SILENCE_MS])) }
}

export type Voice = 'quiet' | 'sounding' | 'silenced'

export function voice(sound: AlarmSound, now: number): Voice {
  if (sound.open.size === 0) return 'quiet'
  const audible = [...sound.open].some((id) => (sound.silencedUntil.get(id) ?? 0) <= now)
  return audible ? 'sounding' : 'silenced'
}

/** Milliseconds until the sound comes back, 0 when it is not silenced. */
export function silenceLeft(sound: AlarmSound, now: number): number {
  if (voice(sound, now) !== 'silenced') return 0
  return Math.min(...sound.silencedUntil.values()) - now
}

/** Orders nobody answered although the leader was told: the leader's board. */
export function unanswered(assignments: Iterable<AssignmentFact>): AssignmentFact[] {
  return [...assignments]
    .filter((a) => a.state === 'dispatched' && a.leader_alerted_at !== null && !a.drill)
    .sort((a, b) => a.assigned_at.localeCompare(b.assigned_at))
}
