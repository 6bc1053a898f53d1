import type { Evacuee, ShelterCount } from '@/api/shelters'
import { ms } from './time'

/** A household of an evacuation list with its members. */
export interface Household {
  readonly key: string
  readonly village: string
  readonly name: string
  readonly phone: string
  readonly members: readonly Evacuee[]
}

/** People by household, in the order of the list. */
export function households(people: readonly Evacuee[]): Household[] {
  const found = new Map<string, Evacuee[]>()
  for (const one of people) {
    const key = `${one.village_code} ${one.household}`
    found.set(key, [...(found.get(key) ?? []), one])
  }
  return [...found].map(([key, members]) => ({
    key,
    village: members[0]?.village_code ?? '',
    name: members[0]?.household ?? '',
    phone: members.find((m) => m.phone !== '')?.phone ?? '',
    members,
  }))
}

export const waitingOf = (one: Household): number[] => one.members.filter((m) => m.state !== 'moved').map((m) => m.id)
export const awayOf = (one: Household): number[] => one.members.filter((m) => m.state === 'moved' && m.back !== 'home').map((m) => m.id)
export const tickedOf = (one: Household): number[] => one.members.filter((m) => m.state !== 'waiting').map((m) => m.id)

/** Percent of the capacity, never above 999. */
export const shareOf = (present: number, capacity: number): number => Math.min(999, Math.round((100 * present) / Math.max(1, capacity)))

const WIDTH = 300
const HEIGHT = 60

/** Head-counts as the points of a line in a box of 300 by 60; the top is the capacity or the highest count. */
export function curveOf(counts: readonly ShelterCount[], capacity: number): string {
  const first = counts[0]
  const last = counts[counts.length - 1]
  if (first === undefined || last === undefined) return ''
  const start = ms(first.counted_at)
  const span = Math.max(1, ms(last.counted_at) - start)
  const top = Math.max(capacity, ...counts.map((c) => c.heads))
  return counts.map((c) => `${((WIDTH * (ms(c.counted_at) - start)) / span).toFixed(1)},${(HEIGHT - (HEIGHT * c.heads) / top).toFixed(1)}`).join(' ')
}
