import type { AssignmentIn } from '@/api/types'

/** What an order asks of its team besides going: who acknowledges, how often it says that it is safe. */
export interface Terms {
  readonly acks: number
  /** By team: the people who must each acknowledge; none named: any so many do. */
  readonly people: ReadonlyMap<number, readonly number[]>
  /** Minutes; null: as the team's kind does. */
  readonly checkIn: number | null
}

export const NO_TERMS: Terms = { acks: 1, people: new Map(), checkIn: null }
/** As many as an order can name. */
export const MOST_NAMED = 20

export const termsOf = (terms: Terms, team: number): Pick<AssignmentIn, 'acks_required' | 'ack_people' | 'check_in_min'> => ({
  acks_required: terms.acks,
  ack_people: [...(terms.people.get(team) ?? [])],
  check_in_min: terms.checkIn,
})

/** Names a person of a team, or no more. */
export function withNamed(terms: Terms, team: number, person: number): Terms {
  const before = terms.people.get(team) ?? []
  const after = before.includes(person) ? before.filter((id) => id !== person) : [...before, person].slice(0, MOST_NAMED)
  const people = new Map(terms.people)
  if (after.length === 0) people.delete(team)
  else people.set(team, after)
  return { ...terms, people }
}
