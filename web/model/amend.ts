/** Two people amend one entry: what the form was opened with, what it says now, what the server says by now. */
type Entry = Record<string, unknown>

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The fields that the form changed. */
export const changedOf = <T extends Entry>(before: T, draft: T): Partial<T> =>
  Object.fromEntries(Object.entries(draft).filter(([key, value]) => !same(value, before[key]))) as Partial<T>

/** A form after somebody else saved first: own changes stay, the rest is taken over; `theirs` are fields both changed. */
export function rebased<T extends Entry>(before: T, draft: T, fresh: T): { draft: T; theirs: Partial<T> } {
  const mine = changedOf(before, draft)
  const theirs = Object.fromEntries(Object.keys(mine).flatMap((key) => (same(fresh[key], before[key]) || same(fresh[key], draft[key]) ? [] : [[key, fresh[key]]])))
  return { draft: { ...fresh, ...mine }, theirs: theirs as Partial<T> }
}
