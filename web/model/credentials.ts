import type { Device } from '@/api/types'
import { ms } from './time'

/** How the password or code stands by which a device proves itself; `none`: it has none that we know of. */
export type CredentialWord = 'ok' | 'due' | 'overdue' | 'unknown' | 'none'

export interface Credential {
  readonly word: CredentialWord
  /** Whole days it is in use, null where nobody wrote down since when. */
  readonly days: number | null
  /** Until when it should be renewed, in milliseconds; null where there is no limit. */
  readonly dueAt: number | null
  /** Whole days until then; negative when it is past. */
  readonly left: number | null
}

const DAY_MS = 86_400_000
const SOON_DAYS = 30

/** Gateways have a password at the broker, terminals a code that was issued to them when they were pinned. */
const hasOne = (device: Device): boolean => device.credential_at !== null || device.pinned || device.family === 'gateway'

/** Overdue when it is in use for more than `maxDays`, as the doctor says it; 0: there is no limit. */
export function credentialOf(device: Device, maxDays: number, now: number): Credential {
  if (device.credential_at === null) return { word: hasOne(device) ? 'unknown' : 'none', days: null, dueAt: null, left: null }
  const days = Math.max(0, Math.floor((now - ms(device.credential_at)) / DAY_MS))
  if (maxDays === 0) return { word: 'ok', days, dueAt: null, left: null }
  const left = maxDays - days
  const word = left < 0 ? 'overdue' : left <= SOON_DAYS ? 'due' : 'ok'
  return { word, days, dueAt: ms(device.credential_at) + maxDays * DAY_MS, left }
}

/** A device out of service has no password to be late with. */
export const isLate = (device: Device, maxDays: number, now: number): boolean => device.active && credentialOf(device, maxDays, now).word === 'overdue'
