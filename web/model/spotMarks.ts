import type { Shelter } from '@/api/shelters'
import { shareOf } from './shelters'
import type { StoreAdequacy } from './supplies'

/** One source of the signs of places for map and legend, box 24×24: what it is by shape, how it stands by hue, fill and edge. */
export const SPOT_PATHS = {
  square: 'M3.5 3.5h17v17h-17z',
  diamond: 'M12 1.5 22.5 12 12 22.5 1.5 12z',
  disc: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z',
} as const

/** A sign: `tone` is a custom property of theme.css; `filled` is in use, `ringed` asks to be looked at. */
export interface SpotLook {
  shape: keyof typeof SPOT_PATHS
  tone: '--level-1' | '--level-2' | '--level-3' | '--level-4' | '--unit' | '--well' | '--warn' | '--failed' | '--map-text'
  filled: boolean
  ringed: boolean
}

/** A place on a map of places; `faint` does not meet what is asked for, `tied` shows its name whatever the scale. */
export interface SpotMark extends SpotLook {
  id: number
  label: string
  lon: number
  lat: number
  faint: boolean
  selected: boolean
}

/** A line between two places, dashed for the second choice, with the name of where it starts. */
export interface SpotTie {
  from: { lon: number; lat: number }
  to: { lon: number; lat: number }
  label: string
  dashed: boolean
}

/** A part of an area as it was warned of: rings of (latitude, longitude), circles in km. */
export interface SpotArea {
  polygons: readonly (readonly (readonly number[])[])[]
  circles: readonly { lat: number; lon: number; radius_km: number }[]
}

/** Where the wind comes from, seen from a scene, or what a camera sees: degrees to either side of it, and how far, in metres. */
export interface SpotSector {
  lon: number
  lat: number
  from_deg: number
  half_deg: number
  radius_m: number
  /** What a camera saw before it was moved: its edge alone. */
  unsure?: boolean
}

const SHAPES = { city: 'square', township: 'diamond', village: 'disc' } as const
const FILLING_PERCENT = 80

/** A shelter by its level and how full it is: closed is hollow, nearly full has a ring. */
export function shelterLook(s: Pick<Shelter, 'level' | 'opening' | 'present' | 'capacity' | 'nearly_full'>): SpotLook {
  const shape = SHAPES[s.level]
  if (s.opening === null) return { shape, tone: '--unit', filled: false, ringed: false }
  if (s.nearly_full) return { shape, tone: '--failed', filled: true, ringed: true }
  return { shape, tone: shareOf(s.present, s.capacity) >= FILLING_PERCENT ? '--warn' : '--well', filled: true, ringed: false }
}

/** A warehouse by its level and what it holds: every main category, some of them, none of them, nothing at all. */
export function warehouseLook(level: 'city' | 'township', has: StoreAdequacy, categories: number): SpotLook {
  const shape = SHAPES[level]
  if (has.empty) return { shape, tone: '--failed', filled: false, ringed: true }
  if (has.lacking.length === 0) return { shape, tone: '--well', filled: true, ringed: false }
  return { shape, tone: has.lacking.length === categories ? '--failed' : '--warn', filled: true, ringed: has.lacking.length === categories }
}
