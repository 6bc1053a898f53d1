import type { Gap, LeaderCall, PostOnDuty, SeatOnDuty, SeatRole, Shift } from '@/api/types'
import { nextHandover } from './month'
import { meetsName } from './pinyin'
import { ms } from './time'

const GRACE_MS = 10 * 60_000
const LEADS: ReadonlySet<SeatRole> = new Set(['leader_in_charge', 'chief_leader'])
export const CALLS_IN_VAIN = 3

/** Whether somebody is there: `due` has some minutes left, `unknown` is a post that keeps no presence. */
export type Mark = 'arrived' | 'late' | 'due' | 'absent' | 'left' | 'on_call' | 'unknown'

export function markOf(shift: Shift, seat: Pick<SeatOnDuty, 'mode'>, keepsPresence: boolean, at: number): Mark {
  if (shift.left_at !== null && ms(shift.left_at) <= at) return 'left'
  if (shift.arrived_at !== null && ms(shift.arrived_at) <= at) return ms(shift.arrived_at) - ms(shift.starts_at) >= 60_000 ? 'late' : 'arrived'
  if (seat.mode === 'on_call') return 'on_call'
  if (!keepsPresence) return 'unknown'
  return at - ms(shift.starts_at) >= GRACE_MS ? 'absent' : 'due'
}

export const missingAt = (post: PostOnDuty): number => post.seats.reduce((sum, seat) => sum + seat.missing, 0)

export const absentAt = (post: PostOnDuty, at: number): number =>
  post.seats.flatMap((seat) => seat.on.map((shift) => markOf(shift, seat, post.keeps_presence, at))).filter((m) => m === 'absent' || m === 'left').length

export const troubled = (post: PostOnDuty, at: number): boolean => missingAt(post) > 0 || absentAt(post, at) > 0

/** A post is found by its name, its number, or whoever holds or takes a seat of it. */
export function findsPost(query: string, post: PostOnDuty): boolean {
  const asked = query.trim()
  if (asked === '' || meetsName(asked, post.name) !== null || post.phone.replace('-', '').includes(asked.replace('-', ''))) return true
  return post.seats.some((seat) => [...seat.on, ...seat.next].some((s) => meetsName(asked, s.person_name) !== null || s.phone.includes(asked)))
}

/** Who comes next, the soonest first: one line for each instant. */
export function nextAt(post: PostOnDuty): { at: string; shifts: Shift[] } | null {
  const all = post.seats.flatMap((seat) => seat.next)
  const first = all.reduce<string | null>((soonest, s) => (soonest === null || ms(s.starts_at) < ms(soonest) ? s.starts_at : soonest), null)
  return first === null ? null : { at: first, shifts: all.filter((s) => ms(s.starts_at) === ms(first)) }
}

/** When the picture of all posts changes next by itself. */
export function nextChange(posts: readonly PostOnDuty[], after: number): number | null {
  const instants = posts.flatMap((p) => (p.until === null ? [] : [ms(p.until)])).filter((at) => at > after)
  return instants.length === 0 ? null : Math.min(...instants)
}

/** The leader who is called at a post now. */
export const leadersOf = (post: PostOnDuty): Shift[] => post.seats.filter((seat) => LEADS.has(seat.role)).flatMap((seat) => seat.on)

export const leaderOf = (post: PostOnDuty): Shift | null => leadersOf(post)[0] ?? null

/** What the last call to a leader came to. */
export const callOutcome = (call: LeaderCall): 'reached' | 'again' | 'replaced' =>
  call.answered ? 'reached' : call.in_vain >= CALLS_IN_VAIN ? 'replaced' : 'again'

const STAGES: readonly Gap['stage'][] = ['open', 'two_hours', 'day_ahead']

/** Open gaps first, then by their beginning. */
export const gapsInOrder = (gaps: readonly Gap[]): Gap[] =>
  [...gaps].sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) || ms(a.starts_at) - ms(b.starts_at) || a.id - b.id)

/** Until when a gap is filled unless somebody says otherwise: nobody sits on beyond the next hand-over. */
export function filledUntil(gap: Pick<Gap, 'starts_at' | 'ends_at'>, now: number): string {
  const eight = nextHandover(Math.max(ms(gap.starts_at), now))
  return eight < ms(gap.ends_at) ? new Date(eight).toISOString() : gap.ends_at
}
