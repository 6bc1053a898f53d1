import type { Figure, FigureRow, Measure } from '@/api/statistics'

export type PeriodKind = 'week' | 'month' | 'year' | 'free'
export const KINDS: readonly PeriodKind[] = ['week', 'month', 'year', 'free']

const DAY_MS = 86_400_000
const dayMs = (day: string): number => Date.parse(`${day}T00:00:00Z`)
const iso = (at: number): string => new Date(at).toISOString().slice(0, 10)

export const isDay = (text: string): boolean => /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(dayMs(text))

/** The days `n` further; a date knows no zone. */
export const addDays = (day: string, n: number): string => iso(dayMs(day) + n * DAY_MS)

/** A day of the period before (-1) or after (1). A free period moves by its own length. */
export function stepPeriod(kind: PeriodKind, on: string, until: string, by: number): { on: string; until: string } {
  const at = new Date(dayMs(on))
  if (kind === 'week') return { on: addDays(on, 7 * by), until }
  if (kind === 'month') return { on: iso(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + by, 1)), until }
  if (kind === 'year') return { on: iso(Date.UTC(at.getUTCFullYear() + by, 0, 1)), until }
  const length = Math.max(1, Math.round((dayMs(until) - dayMs(on)) / DAY_MS) + 1) * by
  return { on: addDays(on, length), until: addDays(until, length) }
}

/** The measures in the sections a leader reads them in. */
export const SECTIONS = [
  { name: 'heard', measures: ['calls', 'incidents'] },
  { name: 'road', measures: ['opened', 'first_order', 'acknowledged', 'turnout', 'arrived', 'done', 'outside_help'] },
  { name: 'told', measures: ['reports', 'round_ups', 'warnings', 'callouts', 'broadcasts', 'terminals'] },
  { name: 'held', measures: ['spot_checks', 'arrivals', 'gaps', 'devices', 'supplies'] },
] as const satisfies readonly { name: string; measures: readonly Measure['what'][] }[]

export const shareOf = (f: Figure | undefined): number | null => (f === undefined || f.judged === 0 ? null : f.good / f.judged)

/** Whole percent, rounded down: 99.6 % is not all. */
export const percent = (share: number | null): string => (share === null ? '–' : `${Math.floor(share * 100 + 1e-9)}%`)

/** How much more or less than before: a sign that is a shape, and whole percent. Of nothing there is no share. */
export function change(now: number, before: number): string {
  if (now === before) return '='
  const by = before === 0 ? '' : ` ${Math.round((Math.abs(now - before) / before) * 100)}%`
  return `${now > before ? '▲' : '▼'}${by}`
}

/** What a measure is counted in: pieces for goods, people for help from outside, how often for everything else. */
export const amountOf = (what: Measure['what'], f: Figure): number => (what === 'supplies' || what === 'outside_help' ? f.amount : f.counted)

/** The longest parts first, of one way to part; those that were never anything are left out. */
export function partsOf(m: Measure, by: FigureRow['by']): FigureRow[] {
  const size = (row: FigureRow, n: number): number => (row.figures[n] === undefined ? 0 : amountOf(m.what, row.figures[n]))
  const level = m.what === 'incidents' && by === 'level'
  return m.rows.filter((r) => r.by === by && r.figures.some((f) => f.counted > 0)).sort((a, b) => (level ? a.key.localeCompare(b.key) : size(b, 0) - size(a, 0) || size(b, 1) - size(a, 1)) || a.key.localeCompare(b.key))
}
