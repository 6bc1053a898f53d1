/** Milliseconds since the epoch of an ISO instant. */
export const ms = (iso: string): number => Date.parse(iso)

const two = (n: number): string => String(n).padStart(2, '0')

/** Elapsed time as a running clock: `0:41`, `31:05`, `3:10:33`, beyond a day `2天 03:10`; `day`: its word. */
export function clockOf(elapsedMs: number, day = 'd'): string {
  const s = Math.max(0, Math.floor(elapsedMs / 1000))
  const [d, h, m] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60]
  if (d > 0) return `${d}${day} ${two(h)}:${two(m)}`
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`
}

export type Ago = { unit: 's' | 'min' | 'h' | 'd'; n: number }

/** Age in one unit, the coarsest that still says something. */
export function ago(elapsedMs: number): Ago {
  const s = Math.max(0, Math.floor(elapsedMs / 1000))
  if (s < 60) return { unit: 's', n: s }
  if (s < 3600) return { unit: 'min', n: Math.floor(s / 60) }
  if (s < 86400) return { unit: 'h', n: Math.floor(s / 3600) }
  return { unit: 'd', n: Math.floor(s / 86400) }
}

const QUARTER_MS = 900_000
const DAY_MS = 86_400_000
const MOST_KNOWN = 20_000

let zone = Intl.DateTimeFormat().resolvedOptions().timeZone
let parts = reader(zone)
/** How far the wall is ahead of UTC, by quarter of an hour: clocks change on none else. */
const offsets = new Map<number, number>()

function reader(of: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone: of, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
}

/** From here on every time is the county's, whatever zone the machine is set to. */
export function setZone(of: string): void {
  if (of === zone) return
  parts = reader(of)
  zone = of
  offsets.clear()
}

function offsetAt(at: number): number {
  const slot = Math.floor(at / QUARTER_MS)
  const known = offsets.get(slot)
  if (known !== undefined) return known
  const read = Object.fromEntries(parts.formatToParts(slot * QUARTER_MS).map((p) => [p.type, Number(p.value)]))
  const found = Date.UTC(read.year ?? 0, (read.month ?? 1) - 1, read.day, read.hour, read.minute, read.second) - slot * QUARTER_MS
  if (offsets.size >= MOST_KNOWN) offsets.clear()
  offsets.set(slot, found)
  return found
}

/** The county's wall clock at an instant, in the UTC fields of a date. */
export function wallAt(iso: string | number): Date {
  const at = new Date(iso).getTime()
  return Number.isNaN(at) ? new Date(NaN) : new Date(at + offsetAt(at))
}

/** The instant at which the wall shows this (UTC fields, milliseconds); a time that comes twice is the first, one that is skipped lies as far behind the change. */
export function instantOfWall(wall: number): number {
  const first = wall - offsetAt(wall - DAY_MS)
  const second = wall - offsetAt(wall + DAY_MS)
  return first + offsetAt(first) === wall || second + offsetAt(second) !== wall ? first : second
}

/** The instant of a day and time of day of the county; days and hours may run over. */
export const instantAt = (year: number, month: number, day: number, hour = 0, minute = 0): number => instantOfWall(Date.UTC(year, month - 1, day, hour, minute))

/** Time of day in the county. */
export function timeOfDay(iso: string | number): string {
  const t = wallAt(iso)
  return `${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())}`
}

export function dayOf(iso: string | number): string {
  const t = wallAt(iso)
  return `${t.getUTCFullYear()}-${two(t.getUTCMonth() + 1)}-${two(t.getUTCDate())}`
}

/** 0 is Sunday. */
export const weekdayOf = (iso: string | number): number => wallAt(iso).getUTCDay()

/** `07-01 08:00`. */
export const shortDay = (iso: string | number): string => `${dayOf(iso).slice(5)} ${timeOfDay(iso).slice(0, 5)}`

/** `14:20:31`, or with the date in front when it was not today. */
export function stamp(iso: string, now: number): string {
  return dayOf(iso) === dayOf(now) ? timeOfDay(iso) : `${dayOf(iso).slice(5)} ${timeOfDay(iso)}`
}

/** As a field of a day and time has it. */
export const localInput = (iso: string | number): string => `${dayOf(iso)}T${timeOfDay(iso).slice(0, 5)}`

/** The same of what may not be known. */
export const fieldOf = (iso: string | null): string => (iso === null ? '' : localInput(iso))

/** What such a field says, as an instant in milliseconds; NaN for an empty one. */
export const fieldMs = (field: string): number => instantOfWall(Date.parse(`${field}Z`))

/** What a filled-in field says. */
export const momentOf = (field: string): string => new Date(fieldMs(field)).toISOString()

/** What a field says; empty is not told. */
export const instantOf = (field: string): string | null => (field === '' ? null : momentOf(field))
