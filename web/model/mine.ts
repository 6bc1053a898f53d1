import type { Leave, Shift, Swap } from '@/api/types'
import { dayOf, ms } from './time'

const EARLY_MS = 2 * 3_600_000
const AHEAD_MS = 24 * 3_600_000

/** The shift at hand: the one that runs, or begins within two hours. */
export const shiftAtHand = (shifts: readonly Shift[], now: number): Shift | null =>
  shifts.find((s) => ms(s.starts_at) - EARLY_MS <= now && now < ms(s.ends_at)) ?? null

export const isHere = (shift: Shift): boolean => shift.arrived_at !== null && shift.left_at === null

/** A swap less than a day ahead says why (R10). */
export const isUrgent = (startsAt: string, now: number): boolean => ms(startsAt) - now < AHEAD_MS

/** My shifts by month and day, the past of today and later. */
export function byMonth(shifts: readonly Shift[], now: number): { month: string; shifts: Shift[] }[] {
  const ahead = shifts.filter((s) => ms(s.ends_at) > now)
  const months = [...new Set(ahead.map((s) => dayOf(s.starts_at).slice(0, 7)))]
  return months.map((month) => ({ month, shifts: ahead.filter((s) => dayOf(s.starts_at).startsWith(month)) }))
}

const OVER: ReadonlySet<Swap['state']> = new Set(['refused', 'withdrawn', 'revoked', 'lapsed'])

/** What I asked for or took, the open ones first. */
export const mySwaps = (swaps: readonly Swap[], me: number | null): Swap[] =>
  swaps.filter((s) => me !== null && (s.asker_id === me || s.taker_id === me)).sort((a, b) => Number(OVER.has(a.state)) - Number(OVER.has(b.state)) || ms(a.starts_at) - ms(b.starts_at))

/** Shifts that others offer and I could take: to me, or to everybody of my unit. */
export const onOffer = (swaps: readonly Swap[], me: number | null, now: number): Swap[] =>
  swaps.filter((s) => me !== null && s.state === 'asked' && !s.stale && s.asker_id !== me && (s.taker_id === null || s.taker_id === me) && ms(s.starts_at) > now)

/** Open offers that a planner can take for somebody: not those that wait for himself. */
export const onBehalf = (swaps: readonly Swap[], me: number | null, now: number): Swap[] =>
  swaps.filter((s) => s.state === 'asked' && !s.stale && ms(s.starts_at) > now && (s.taker_id === null || s.taker_id !== me)).sort((a, b) => ms(a.starts_at) - ms(b.starts_at))

export const myLeave = (leave: readonly Leave[], me: number | null): Leave[] => leave.filter((l) => l.person_id === me)

export type Decision = { kind: 'leave'; leave: Leave } | { kind: 'swap'; swap: Swap }

/** What waits for a leader who is no party, the soonest first. */
export function decisions(leave: readonly Leave[], swaps: readonly Swap[], me: number | null, now: number): Decision[] {
  const asked = leave.filter((l) => l.state === 'asked' && l.person_id !== me).map((l) => ({ at: ms(l.starts_at), decision: { kind: 'leave', leave: l } as const }))
  const taken = swaps
    .filter((s) => s.state === 'taken' && s.asker_id !== me && s.taker_id !== me && ms(s.starts_at) > now)
    .map((s) => ({ at: ms(s.starts_at), decision: { kind: 'swap', swap: s } as const }))
  return [...asked, ...taken].sort((a, b) => a.at - b.at).map((x) => x.decision)
}

/** Approved swaps that nobody has reported to the general duty office yet (报备). */
export const toFile = (swaps: readonly Swap[]): Swap[] => swaps.filter((s) => s.state === 'approved')
