/** A place something was at, in milliseconds since the epoch. */
export interface Dot {
  readonly lon: number
  readonly lat: number
  readonly at: number
}

/** A stretch of a trail drawn in one go. `gap`: nobody knows the way between its two ends. */
export interface Leg {
  readonly line: readonly Dot[]
  readonly opacity: number
  readonly gap: boolean
}

export interface TimeMark extends Dot {
  readonly last: boolean
}

const BANDS = 10
const FAINTEST = 0.2
const GAP_MS = 10 * 60_000
const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480]
const MOST_MARKS = 8

const bandOf = (at: number, from: number, to: number): number => (to <= from ? BANDS - 1 : Math.min(BANDS - 1, Math.max(0, Math.floor(((at - from) / (to - from)) * BANDS))))

/** The way from the oldest dot to the newest: the older the fainter, silence longer than ten minutes apart. */
export function legs(dots: readonly Dot[], from: number, to: number): Leg[] {
  const found: { line: Dot[]; band: number; gap: boolean }[] = []
  for (let n = 1; n < dots.length; n++) {
    const [a, b] = [dots[n - 1], dots[n]]
    if (a === undefined || b === undefined) continue
    const gap = b.at - a.at > GAP_MS
    const band = bandOf(b.at, from, to)
    const last = found.at(-1)
    if (last !== undefined && last.band === band && last.gap === gap && !gap) last.line.push(b)
    else found.push({ line: [a, b], band, gap })
  }
  return found.map(({ line, band, gap }) => ({ line, gap, opacity: FAINTEST + ((1 - FAINTEST) * band) / (BANDS - 1) }))
}

function between(a: Dot, b: Dot, at: number): Dot {
  const share = b.at === a.at ? 0 : (at - a.at) / (b.at - a.at)
  return { lon: a.lon + (b.lon - a.lon) * share, lat: a.lat + (b.lat - a.lat) * share, at }
}

/** Where it was at round times, at most eight, and where it was last; none within a silence. */
export function timeMarks(dots: readonly Dot[]): TimeMark[] {
  const [first, last] = [dots[0], dots.at(-1)]
  if (first === undefined || last === undefined) return []
  const minutes = (last.at - first.at) / 60_000
  const step = (STEPS_MIN.find((s) => minutes / s <= MOST_MARKS) ?? 24 * 60) * 60_000
  const marks: TimeMark[] = []
  let n = 1
  if (first.at % step === 0 && first !== last) marks.push({ ...first, last: false })
  for (let at = (Math.floor(first.at / step) + 1) * step; at < last.at; at += step) {
    while (n < dots.length - 1 && (dots[n]?.at ?? 0) < at) n += 1
    const [a, b] = [dots[n - 1], dots[n]]
    if (a === undefined || b === undefined || a.at > at) continue
    if (b.at - a.at <= GAP_MS || b.at === at) marks.push({ ...between(a, b, at), last: false })
  }
  return [...marks, { ...last, last: true }]
}

/** The trail with a place that came in since: nothing older, nothing twice. */
export function extended(dots: readonly Dot[], added: Dot): readonly Dot[] {
  const last = dots.at(-1)
  return last !== undefined && added.at <= last.at ? dots : [...dots, added]
}
