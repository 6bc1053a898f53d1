const two = (n: number): string => String(n).padStart(2, '0')

/** The wall clock as a time field has it. */
export function clockNow(now: number): string {
  const at = new Date(now)
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

/** The latest instant not after now at which the wall clock showed this time: just before midnight is yesterday. */
export function lastAt(clock: string, now: number): string | null {
  const found = /^(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(clock)
  if (found === null) return null
  const at = new Date(now)
  at.setHours(Number(found[1]), Number(found[2]), Number(found[3] ?? 0), 0)
  if (at.getTime() > now) at.setDate(at.getDate() - 1)
  return at.toISOString()
}
