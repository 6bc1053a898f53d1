import { distanceM } from '@/model/places'

/** How often a position is worth its battery. Pure. */
export interface Situation {
  /** A task is under way. */
  readonly onTask: boolean
  /** Metres from the place last sent, null before the first. */
  readonly movedM: number | null
  /** 0–1, null where the phone does not say. */
  readonly battery: number | null
  readonly charging: boolean
}

const STILL_M = 30
const LOW = 0.2
const EVERY_MS = { fast: 15_000, slow: 60_000, rare: 300_000 } as const

/** The pause until the next position: dense on the way, sparse at rest, rare when the battery runs low. */
export function pauseMs({ onTask, movedM, battery, charging }: Situation): number {
  const moving = movedM === null || movedM > STILL_M
  if (battery !== null && battery < LOW && !charging) return onTask && moving ? EVERY_MS.slow : EVERY_MS.rare
  if (onTask) return moving ? EVERY_MS.fast : EVERY_MS.slow
  return moving ? EVERY_MS.slow : EVERY_MS.rare
}

export const movedM = (from: { lon: number; lat: number } | null, to: { lon: number; lat: number }): number | null =>
  from === null ? null : distanceM(from, to)
