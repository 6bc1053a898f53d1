/** What was done and can be undone. Never changed in place. */
export interface History<T> {
  readonly past: readonly T[]
  readonly now: T
  readonly future: readonly T[]
}

const KEPT = 100

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [] })

/** A step that changes nothing is none. */
export const did = <T>(h: History<T>, now: T): History<T> => (now === h.now ? h : { past: [...h.past, h.now].slice(-KEPT), now, future: [] })

export function undo<T>(h: History<T>): History<T> {
  const before = h.past.at(-1)
  return before === undefined ? h : { past: h.past.slice(0, -1), now: before, future: [h.now, ...h.future] }
}

export function redo<T>(h: History<T>): History<T> {
  const [next, ...rest] = h.future
  return next === undefined ? h : { past: [...h.past, h.now], now: next, future: rest }
}
