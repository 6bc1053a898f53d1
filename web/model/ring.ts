import { dayOf, fieldMs, timeOfDay } from './time'

/** The wall clock as a time field has it. */
export const clockNow = (now: number): string => timeOfDay(now)

const DAY_MS = 86_400_000

/** The latest instant not after now at which the county's wall clock showed this time: just before midnight is yesterday. */
export function lastAt(clock: string, now: number): string | null {
  if (!/^\d{2}:\d{2}(:\d{2})?$/.test(clock)) return null
  const today = fieldMs(`${dayOf(now)}T${clock}`)
  return new Date(today > now ? fieldMs(`${dayOf(now - DAY_MS)}T${clock}`) : today).toISOString()
}
