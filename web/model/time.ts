/** Milliseconds since the epoch of an ISO instant. */
export const ms = (iso: string): number => Date.parse(iso)

const two = (n: number): string => String(n).padStart(2, '0')

/** Elapsed time as a running clock: `0:41`, `31:05`, `3:10:33`, beyond a day `2d 03:10`. */
export function clockOf(elapsedMs: number): string {
  const s = Math.max(0, Math.floor(elapsedMs / 1000))
  const [d, h, m] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60]
  if (d > 0) return `${d}d ${two(h)}:${two(m)}`
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

/** Wall-clock time of the place where the screen stands. */
export function timeOfDay(iso: string | number): string {
  const t = new Date(iso)
  return `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`
}

export function dayOf(iso: string | number): string {
  const t = new Date(iso)
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`
}

/** 0 is Sunday. */
export const weekdayOf = (iso: string | number): number => new Date(iso).getDay()

/** `07-01 08:00`. */
export function shortDay(iso: string | number): string {
  const t = new Date(iso)
  return `${dayOf(iso).slice(5)} ${two(t.getHours())}:${two(t.getMinutes())}`
}

/** `14:20:31`, or with the date in front when it was not today. */
export function stamp(iso: string, now: number): string {
  return dayOf(iso) === dayOf(now) ? timeOfDay(iso) : `${dayOf(iso).slice(5)} ${timeOfDay(iso)}`
}

/** As an `<input type="datetime-local">` writes it. */
export function localInput(iso: string | number): string {
  const t = new Date(iso)
  return `${dayOf(iso)}T${two(t.getHours())}:${two(t.getMinutes())}`
}
