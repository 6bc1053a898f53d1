import type { Level, NamedIn, Sheet, StandbyList } from '@/api/readiness'

/** Names as people write them: one person a line, `姓名 电话`, in any order, with blanks, tabs or commas between. */
export function readNames(text: string): { persons: NamedIn[]; wrong: string[] } {
  const persons: NamedIn[] = []
  const wrong: string[] = []
  for (const raw of text.split('\n')) {
    const parts = raw.trim().split(/[\s,，;；:：]+/).filter((part) => part !== '')
    if (parts.length === 0) continue
    const phone = parts.find((part) => /^\+?\d[\d-]{4,19}$/.test(part))
    const name = parts.filter((part) => part !== phone).join(' ')
    if (phone === undefined || name === '') wrong.push(raw.trim())
    else persons.push({ name, phone })
  }
  return { persons, wrong }
}

/** The list as it would be written into the box again. */
export const writeNames = (list: StandbyList | null): string =>
  (list?.persons ?? []).filter((p) => p.state === 'named').map((p) => `${p.name} ${p.phone}`).join('\n')

/** How many townships stand in which colour. */
export function countColours(levels: readonly Level[]): Record<Level['colour'], number> {
  const counts = { green: 0, amber: 0, red: 0, none: 0 }
  for (const level of levels) counts[level.colour] += 1
  return counts
}

const WEIGHT: Record<Level['colour'], number> = { red: 0, amber: 1, green: 2, none: 3 }

/** What needs somebody stands first; otherwise the order of the places. */
export const byNeed = (levels: readonly Level[]): Level[] =>
  [...levels].sort((a, b) => WEIGHT[a.colour] - WEIGHT[b.colour] || a.region_code.localeCompare(b.region_code))

/** Yuan as whole cents, so that sums are exact. */
export const cents = (yuan: string): number => Math.round(Number(yuan) * 100)

/** A sum of money as it is written: 37,200.00. */
export const money = (of: number): string =>
  (of / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export const sumOf = (sheets: readonly Sheet[]): { days: number; cents: number } => ({
  days: sheets.reduce((sum, one) => sum + one.person_days, 0),
  cents: sheets.reduce((sum, one) => sum + cents(one.yuan), 0),
})

/** Days of a month in a row as runs: 1–3、7. */
export function runs(days: readonly string[]): string {
  const found: [number, number][] = []
  for (const n of days.map((iso) => Number(iso.slice(8)))) {
    const last = found.at(-1)
    if (last !== undefined && n === last[1] + 1) last[1] = n
    else found.push([n, n])
  }
  return found.map(([a, b]) => (a === b ? `${a}` : `${a}–${b}`)).join('、')
}

/** The day so many days before or after, as the wire writes days. */
export function dayAfter(iso: string, by: number): string {
  const at = new Date(`${iso}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + by)
  return at.toISOString().slice(0, 10)
}
