import type { Event } from '@/api/events'
import type { Onlooker, ReplayTold, Stay } from '@/api/replay'
import type { IncidentFact, PositionFact, TeamFact } from '@/api/types'
import { apply, NOTHING, type Live } from './live'
import { ms } from './time'

/** So many events apart stands a picture that is kept: going back takes no longer than going on. */
const KEPT_EVERY = 100
/** A unit nobody heard for so long before an instant is not drawn. */
const SILENT_AFTER_MS = 15 * 60_000

/** A replay shows no more at once. */
const LONGEST_MS = 7 * 86_400_000
const MARGIN_MS = 60_000

/** The window of an incident: from a minute before it was heard of until a minute after its end, seven days at most. */
export function windowOf(incident: Pick<IncidentFact, 'received_at' | 'closed_at'>, now: number): { start: string; end: string } {
  const start = ms(incident.received_at) - MARGIN_MS
  const end = Math.min((incident.closed_at === null ? now : ms(incident.closed_at)) + MARGIN_MS, start + LONGEST_MS)
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString() }
}

/** How far somebody was at an instant: `here` with a screen open, `left`, or `never` there in this window so far. */
export interface Standing {
  readonly who: Onlooker
  readonly state: 'here' | 'left' | 'lost' | 'never'
  /** Since when `state` holds. */
  readonly since: number | null
  /** Events of the window this person may see and did not have yet. */
  readonly behind: number
  readonly last: Event | null
}

/** A window of time that can be looked at, at any instant. */
export interface Replay {
  readonly start: number
  readonly end: number
  readonly events: readonly Event[]
  at(instant: number): Live
  /** How many of the events had happened. */
  count(instant: number): number
  standings(instant: number): Standing[]
  next(instant: number): number | null
  previous(instant: number): number | null
  /** How much happened in each of `slots` equal parts of the window. */
  density(slots: number): number[]
}

/** The place of the first number above `value` in an ascending list. */
function above(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) <= value) low = middle + 1
    else high = middle
  }
  return low
}

type Way = { readonly of: ReplayTold['carried'][number] | undefined; readonly device: number; readonly times: readonly number[]; readonly points: ReplayTold['tracks'][number]['points'] }

function positionOf(way: Way, instant: number): PositionFact[] {
  const point = way.points[above(way.times, instant) - 1]
  if (point === undefined || way.of === undefined || instant - ms(point.at) > SILENT_AFTER_MS) return []
  return [{ device_id: way.device, team_id: way.of.team_id, region_code: way.of.region_code, lon: point.lon, lat: point.lat, speed_mps: point.speed_mps, course_deg: null, fixed_at: point.at, heard_at: point.at }]
}

/** The events one person may see, with their times and numbers. */
interface Theirs {
  readonly events: readonly Event[]
  readonly times: readonly number[]
  readonly seqs: readonly number[]
}

function partOf(whole: Theirs, sees: ReadonlySet<number>): Theirs {
  const events = whole.events.filter((event) => sees.has(event.seq))
  return { events, times: events.map((event) => ms(event.at)), seqs: events.map((event) => event.seq) }
}

/** The stay an instant falls into, else the last one before it. */
function stayAt(stays: readonly Stay[], instant: number): { stay: Stay; inside: boolean } | null {
  let last: Stay | null = null
  for (const stay of stays) {
    if (ms(stay.opened_at) > instant) continue
    if (stay.until === null || ms(stay.until) > instant) return { stay, inside: true }
    if (last === null || last.until === null || ms(stay.until) > ms(last.until)) last = stay
  }
  return last === null ? null : { stay: last, inside: false }
}

export function createReplay(told: ReplayTold): Replay {
  const events = told.events as readonly Event[]
  const times = events.map((event) => ms(event.at))
  const [start, end] = [ms(told.start), ms(told.end)]
  const teams: readonly TeamFact[] = told.teams
  const first = (told.prior as readonly Event[]).reduce(apply, { ...NOTHING, teams: new Map(teams.map((team) => [team.id, team])) })
  const kept: Live[] = [first]
  const carried = new Map(told.carried.map((one) => [one.device_id, one]))
  const ways: Way[] = told.tracks.map(({ device_id, points }) => ({ device: device_id, of: carried.get(device_id), points, times: points.map((p) => ms(p.at)) }))
  const whole: Theirs = { events, times, seqs: events.map((event) => event.seq) }
  const theirs = new Map(told.onlookers.map((who) => [who, who.sees === null ? whole : partOf(whole, new Set(who.sees))]))

  /** The picture after so many events. */
  function after(count: number): Live {
    const at = Math.min(Math.floor(count / KEPT_EVERY), kept.length - 1)
    let live = kept[at] ?? first
    for (let n = at * KEPT_EVERY; n < count; n += 1) {
      live = apply(live, events[n] as Event)
      if ((n + 1) % KEPT_EVERY === 0 && (n + 1) / KEPT_EVERY === kept.length) kept.push(live)
    }
    return live
  }

  const count = (instant: number): number => above(times, instant)

  function standing(who: Onlooker, instant: number): Standing {
    const part = theirs.get(who) ?? whole
    const happened = above(part.times, instant)
    const found = stayAt(who.stays, instant)
    const known = found === null ? 0 : found.inside ? happened : Math.min(happened, above(part.seqs, found.stay.to_seq))
    return {
      who,
      state: found === null ? 'never' : found.inside ? 'here' : found.stay.known ? 'left' : 'lost',
      since: found === null ? null : ms(found.inside ? found.stay.opened_at : (found.stay.until ?? found.stay.opened_at)),
      behind: happened - known,
      last: part.events[known - 1] ?? null,
    }
  }

  return {
    start,
    end,
    events,
    count,
    at: (instant) => ({ ...after(count(instant)), positions: new Map(ways.flatMap((way) => positionOf(way, instant)).map((p) => [p.device_id, p])) }),
    standings: (instant) => told.onlookers.map((who) => standing(who, instant)),
    next: (instant) => times[above(times, instant)] ?? null,
    previous: (instant) => times[above(times, instant - 1) - 1] ?? null,
    density(slots) {
      const found = new Array<number>(slots).fill(0)
      for (const at of times) {
        const slot = Math.min(slots - 1, Math.floor(((at - start) / Math.max(1, end - start)) * slots))
        found[slot] = (found[slot] ?? 0) + 1
      }
      return found
    },
  }
}
